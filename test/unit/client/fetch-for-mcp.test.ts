// Calling an MCP server as a user, without a network: what the service is asked for, where the token goes, and what the errors hold.
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InsufficientScopesError } from '../../../client/fetch/insufficient-scopes-error.ts';
import { isWithinResource } from '../../../client/fetch/resource.ts';
import { createWorker, type Worker } from '../../../client/worker.ts';
import { coversUrl, hasPlainPath } from '../../../lib/domain/mcp/resource-url.ts';

const SERVICE = 'http://127.0.0.1:1';
const SERVER = 'https://mcp.example/one';
const TOKEN = 'token-never-shown';

interface Given {
  resource?: string;
  /** The answers of the server in turn, repeating the last. */
  answers?: (() => Response)[];
}

interface Asked {
  url?: string;
  credentialId?: string;
  refusedTokenRef?: string;
}

const start = ({ resource = SERVER, answers = [] }: Given = {}) => {
  const sent: Request[] = [];
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!request.url.startsWith(SERVICE)) {
      sent.push(request);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer?.() ?? ok();
    }
    asked.push((await request.json()) as Asked);
    const number = asked.length;
    const headers = { authorization: `Bearer ${TOKEN}-${number}` };
    const credential = { id: 'c-1', provider: 'mcp', resource };
    return Response.json({ credential, headers, query: {}, baseUrl: resource, tokenRef: `ref-${number}` });
  };
  const worker: Worker = createWorker({ url: SERVICE, fetch });
  return { worker, sent, asked };
};

const ok = () => Response.json({});
const post = { method: 'POST', body: '{"jsonrpc":"2.0"}' };
const authorizations = (sent: Request[]) => sent.map(({ url, headers }) => [url, headers.get('authorization')]);
const redirect = (location: string) => () => new Response(null, { status: 307, headers: { location } });
const challenge = (value: string) => () => new Response('', { status: 403, headers: { 'www-authenticate': value } });

const catchError = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

describe('a call of an MCP server', () => {
  it('resolves by the URL', async () => {
    const { worker, asked, sent } = start();
    await worker.fetchForMcp('alice', SERVER)(SERVER, post);
    expect(asked).toEqual([{ url: SERVER }]);
    expect(authorizations(sent)).toEqual([[SERVER, `Bearer ${TOKEN}-1`]]);
  });

  it('resolves by the whole URL of the server, its query too, and by no other query', async () => {
    const url = `${SERVER}?tenant=1`;
    const { worker, asked } = start({ resource: url });
    await worker.fetchForMcp('alice', `${url}#top`)(new URL(url), post);
    await catchError(worker.fetchForMcp('alice', url)(`${SERVER}?text=private`, post));
    expect(asked).toEqual([{ url }, { url: SERVER }]);
  });

  it('names the credential that was chosen', async () => {
    const { worker, asked } = start();
    await worker.fetchForMcp('alice', SERVER, { credentialId: 'c-1', scopes: ['read'] })(SERVER, post);
    expect(asked).toEqual([{ url: SERVER, credentialId: 'c-1', scopes: ['read'] }]);
  });

  it('reports a refused token once, and answers the second 401', async () => {
    const { worker, asked, sent } = start({ answers: [() => new Response('', { status: 401 })] });
    expect((await worker.fetchForMcp('alice', SERVER)(SERVER, post)).status).toBe(401);
    expect(asked).toEqual([{ url: SERVER }, { url: SERVER, refusedTokenRef: 'ref-1' }]);
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual([`Bearer ${TOKEN}-1`, `Bearer ${TOKEN}-2`]);
  });

  it.each(['https://mcp.example:444/one', 'http://mcp.example/one', 'https://other.example/one', 'no URL'])(
    'is refused for %s',
    async (url) => {
      const { worker, asked, sent } = start();
      await expect(worker.fetchForMcp('alice', SERVER)(url, post)).rejects.toThrow(TypeError);
      expect([asked, sent]).toEqual([[], []]);
    },
  );

  it.each(['no URL', 'ftp://mcp.example/', 'https://u:p@mcp.example/'])('is refused as %s', (url) => {
    expect(() => start().worker.fetchForMcp('alice', url)).toThrow(TypeError);
  });
});

describe('the token of an MCP server', () => {
  it.each(['https://other.example/one', 'https://mcp.example/two', 'https://mcp.example/one2', 'https://mcp.example/'])(
    'does not go along where a redirect leads to %s, nor back',
    async (location) => {
      const { worker, sent } = start({ answers: [redirect(location), redirect(SERVER), ok] });
      await worker.fetchForMcp('alice', SERVER)(SERVER, post);
      expect(authorizations(sent)).toEqual([
        [SERVER, `Bearer ${TOKEN}-1`],
        [location, null],
        [SERVER, null],
      ]);
    },
  );

  it('goes along below the resource', async () => {
    const { worker, sent } = start({ answers: [redirect('/one/v2'), ok] });
    await worker.fetchForMcp('alice', SERVER)(SERVER, post);
    expect(authorizations(sent).at(-1)).toEqual([`${SERVER}/v2`, `Bearer ${TOKEN}-1`]);
  });

  it.each(['/../two', '/%2e%2e/two', '/..%2ftwo'])('does not leave the resource by the path %s', async (path) => {
    const { worker, sent } = start();
    await expect(worker.fetch('alice', path, { credentialId: 'c-1' })).rejects.toThrow('not one of the MCP server');
    expect(sent).toEqual([]);
  });
});

describe('a server that asks for more scopes', () => {
  it('ends the call with the body of the request that starts the step-up', async () => {
    const asks = 'Bearer error="insufficient_scope", scope="read write", resource_metadata="https://mcp.example/m"';
    const { worker } = start({ answers: [challenge(asks)] });
    const error = await catchError(worker.fetchForMcp('alice', SERVER)(SERVER, post));
    expect(error).toBeInstanceOf(InsufficientScopesError);
    expect(error).toMatchObject({
      code: 'insufficient_scopes',
      status: 403,
      missingScopes: ['read', 'write'],
      stepUp: { mcpServerUrl: SERVER, credentialId: 'c-1', challenge: asks },
    });
  });

  it('puts no token into the error where its challenge repeats it', async () => {
    const { worker } = start({ answers: [challenge(`Bearer error=insufficient_scope, realm="${TOKEN}-1"`)] });
    const error = await catchError(worker.fetchForMcp('alice', SERVER)(SERVER, post));
    expect(error).toMatchObject({ missingScopes: [], stepUp: { challenge: expect.stringContaining('realm=""') } });
    expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
  });

  it.each(['Bearer error="invalid_token"', 'Basic realm="x"'])(
    'is not taken for one that answers %s',
    async (value) => {
      const { worker } = start({ answers: [challenge(value)] });
      expect((await worker.fetchForMcp('alice', SERVER)(SERVER, post)).status).toBe(403);
    },
  );

  it('is not taken for one without a credential, after a redirect', async () => {
    const answers = [redirect('https://other.example/'), challenge('Bearer error="insufficient_scope"')];
    expect((await start({ answers }).worker.fetchForMcp('alice', SERVER)(SERVER, post)).status).toBe(403);
  });
});

describe('the resource of a token', () => {
  const URLS = [
    ...[
      'https://a.example',
      'https://a.example/',
      'https://a.example/mcp',
      'https://a.example/mcp/',
      'https://a.example/mcp/x',
    ],
    ...[
      'https://a.example/mcp2',
      'https://A.example:443/mcp',
      'https://a.example/mcp?t=1',
      'https://a.example/mcp?t=2',
    ],
    ...['https://a.example/mcp/%2e%2e/x', 'https://a.example/mcp/..%2fx', 'https://a.example/mcp/%252e%252e/x'],
    ...['https://a.example/mcp/..;/x', 'https://a.example/mcp/x%5cy', 'http://a.example/mcp', 'https://b.example/mcp'],
  ];

  it('covers no URL that it does not cover for the service', () => {
    const pairs = URLS.filter(hasPlainPath).flatMap((resource) => URLS.map((url) => [resource, url] as const));
    const wrong = pairs.filter(
      ([resource, url]) => isWithinResource(resource, new URL(url)) && !coversUrl(resource, new URL(url).href),
    );
    expect(wrong).toEqual([]);
    const refused = pairs.filter(
      ([resource, url]) => coversUrl(resource, url) && !isWithinResource(resource, new URL(url)),
    );
    expect(refused).toEqual([]);
  });
});
