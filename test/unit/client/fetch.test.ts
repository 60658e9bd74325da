// Calling an API as a user, without a network: which credential goes to which address, and which texts may hold a key.
import { describe, expect, it } from 'vitest';
import { createWorker, type Worker } from '../../../client/worker.ts';

const SERVICE = 'http://127.0.0.1:1';
const KEY = 'sk-never-shown';

interface Credential {
  tokenRef?: string;
  baseUrl?: string | null;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

interface Given {
  /** What resolving answers in turn, repeating the last. */
  credentials: Credential[];
  /** The answer of the API by the start of the URL; 200 where none fits. */
  api?: (url: URL) => Response | undefined;
}

/** A worker whose service and APIs are functions, and the requests that the APIs received. */
const startWorker = ({ credentials, api }: Given): { worker: Worker; sent: Request[] } => {
  const sent: Request[] = [];
  const left = [...credentials];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(SERVICE)) {
      const given = left.length > 1 ? left.shift() : left[0];
      const filled = { tokenRef: 'ref', baseUrl: 'https://api.example', headers: {}, query: {}, ...given };
      return Response.json({ credential: { provider: 'p' }, ...filled });
    }
    sent.push(request);
    return api?.(new URL(request.url)) ?? new Response('{}');
  };
  return { worker: createWorker({ url: SERVICE, fetch }), sent };
};

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

const catchError = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: Error) => error,
  );

describe('a second credential', () => {
  const shop = (name: string): Credential => ({
    tokenRef: name,
    baseUrl: `https://${name}.example/api`,
    headers: { authorization: `Bearer ${name}` },
  });

  it('of a call by path goes to its own base URL, not to the one that refused the first', async () => {
    const { worker, sent } = startWorker({
      credentials: [shop('shop-a'), shop('shop-b')],
      api: ({ host }) => (host === 'shop-a.example' ? new Response(null, { status: 401 }) : undefined),
    });
    expect((await worker.fetch('alice', '/x.json', { provider: 'p' })).status).toBe(200);
    expect(sent.map(({ url, headers }) => [url, headers.get('authorization')])).toEqual([
      ['https://shop-a.example/api/x.json', 'Bearer shop-a'],
      ['https://shop-b.example/api/x.json', 'Bearer shop-b'],
    ]);
  });

  it('without a base URL is sent nowhere', async () => {
    const { worker, sent } = startWorker({
      credentials: [shop('shop-a'), { ...shop('shop-b'), baseUrl: null }],
      api: () => new Response(null, { status: 401 }),
    });
    await expect(worker.fetch('alice', '/x.json', { provider: 'p' })).rejects.toThrow('no base URL');
    expect(sent).toHaveLength(1);
  });
});

describe('a key in the query', () => {
  const credentials = [{ query: { key: KEY } }];

  it.each(['https://other.example/land', 'http://api.example/land'])(
    'that a redirect repeats does not reach another origin: %s',
    async (place) => {
      const api = ({ pathname }: URL) =>
        pathname === '/x' ? redirect(`${place}?key=${KEY}&key=again&page=2`) : undefined;
      const { worker, sent } = startWorker({ credentials, api });
      const response = await worker.fetch('alice', '/x', { provider: 'p' });
      expect(sent.map(({ url }) => url)).toEqual([`https://api.example/x?key=${KEY}`, `${place}?page=2`]);
      expect(response.url).toBe(`${place}?page=2`);
    },
  );

  it.each([KEY, 'k/=& +never-shown'])('that a redirect repeats as part of a URL goes nowhere: %s', async (key) => {
    const asked = new URLSearchParams({ key });
    const back = new URLSearchParams({ next: `/x?${asked}`, raw: key, encoded: encodeURIComponent(key), page: '2' });
    const api = ({ pathname }: URL) => (pathname === '/x' ? redirect(`https://login.example/in?${back}`) : undefined);
    const { worker, sent } = startWorker({ credentials: [{ query: { key } }], api });
    const response = await worker.fetch('alice', '/x', { provider: 'p' });
    expect([sent[1]?.url, response.url]).toEqual(Array(2).fill('https://login.example/in?page=2'));
  });

  it('does not change the spelling of a place that does not repeat it', async () => {
    const place = 'https://other.example/land?page=a%20b';
    const { worker, sent } = startWorker({
      credentials,
      api: ({ pathname }) => (pathname === '/x' ? redirect(place) : undefined),
    });
    await worker.fetch('alice', '/x', { provider: 'p' });
    expect(sent[1]?.url).toBe(place);
  });

  it('leaves what the caller asks for as it is, whatever the key', async () => {
    const { worker, sent } = startWorker({ credentials });
    await worker.fetch('alice', `/x?about=${KEY}&key=other`, { provider: 'p' });
    expect(sent[0]?.url).toBe(`https://api.example/x?about=${KEY}&key=${KEY}`);
  });

  it('is sent along a redirect within the origin, once', async () => {
    const api = ({ pathname }: URL) => (pathname === '/x' ? redirect(`/y?key=${KEY}&page=2`) : undefined);
    const { worker, sent } = startWorker({ credentials, api });
    const response = await worker.fetch('alice', '/x', { provider: 'p' });
    expect(sent[1]?.url).toBe(`https://api.example/y?page=2&key=${KEY}`);
    expect(response.url).toBe('https://api.example/y?page=2');
  });

  it('is not in the URL of the response or of its copies', async () => {
    const { worker } = startWorker({ credentials, api: (url) => answerAt(url) });
    const response = await worker.fetch('alice', '/x?page=a%20b#part', { provider: 'p' });
    const urls = [response, response.clone(), response.clone().clone()].map(({ url }) => url);
    expect(urls).toEqual(Array(3).fill('https://api.example/x?page=a%20b'));
    expect(await response.clone().json()).toEqual(await response.json());
  });

  it('is not in the error of an address with a user name, which fetch refuses and quotes', async () => {
    const { worker, sent } = startWorker({
      credentials,
      api: ({ pathname }) => (pathname === '/x' ? redirect('https://user:pass@api.example/y') : undefined),
    });
    for (const url of ['https://user:pass@api.example/z', '/x']) {
      const error = await catchError(worker.fetch('alice', url, { provider: 'p' }));
      expect(error).toBeInstanceOf(TypeError);
      expect(`${error.stack} ${error.cause}`).not.toContain(KEY);
    }
    expect(sent.map(({ url }) => new URL(url).pathname)).toEqual(['/x']);
  });
});

describe('a header of the caller', () => {
  it('of the name of the credential does not reach another origin', async () => {
    const api = ({ pathname }: URL) => (pathname === '/x' ? redirect('https://other.example/land') : undefined);
    const { worker, sent } = startWorker({ credentials: [{ headers: { 'x-api-key': 'stored' } }], api });
    await worker.fetch('alice', '/x', { provider: 'p', headers: { 'X-Api-Key': 'own', 'x-own': '1' } });
    const keys = sent.map(({ headers }) => [headers.get('x-api-key'), headers.get('x-own')]);
    expect(keys).toEqual([
      ['stored', '1'],
      [null, '1'],
    ]);
  });
});

/** A response with the URL it came from, as that of fetch has. */
const answerAt = ({ href }: URL): Response => {
  const withUrl = (response: Response): Response =>
    Object.defineProperties(response, {
      url: { value: href, configurable: true },
      clone: { value: () => withUrl(Response.prototype.clone.call(response)), configurable: true },
    });
  return withUrl(new Response('{}'));
};
