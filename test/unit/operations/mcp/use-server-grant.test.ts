// Using a grant of an MCP server: which credential serves a URL, and that its token is answered for nothing else.
import { describe, expect, it } from 'vitest';
import { type ResolveCredential, resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { ALICE, newApiKey, newHostScoped, stored, storedItems } from '../../../support/builders.ts';
import { addServer, connected, SERVER, withServer } from '../../../support/mcp/connected-server.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';

const resolve = (deps: MemoryDeps, request: Partial<ResolveCredential>) =>
  resolveCredential(deps, { userId: ALICE, scopes: [], ...request });
const answerFor = (deps: MemoryDeps, request: Partial<ResolveCredential>): Promise<string> =>
  resolve(deps, request).then(
    ({ credential }) => credential.id,
    ({ code }) => code,
  );

describe('a URL of a connected server', () => {
  it('gets the token, with the resource as the base URL', async () => {
    const deps = withServer();
    const { id } = await connected(deps);
    expect(await resolve(deps, { url: SERVER })).toMatchObject({
      credential: { id, provider: 'mcp', resource: SERVER, secret: { accessToken: 'access-1' } },
      headers: { authorization: 'Bearer access-1' },
      baseUrl: SERVER,
    });
  });

  it('answers nothing of what is sealed with the token', async () => {
    const deps = withServer();
    await connected(deps);
    const answer = JSON.stringify(await resolve(deps, { url: SERVER }));
    for (const text of ['refresh-1', 'auth.example', 'client-1', 'secret of']) expect(answer).not.toContain(text);
  });

  it.each([
    [`${SERVER}/`, true],
    [`${SERVER}/tools?a=b`, true],
    ['https://mcp.example/mcp2', false],
    ['https://mcp.example/', false],
    ['https://mcp.example:8443/mcp', false],
    ['http://mcp.example/mcp', false],
    ['https://evil.mcp.example/mcp', false],
    ['https://mcp.example.evil.example/mcp', false],
    ['https://mcp.example@evil.example/mcp', false],
  ])('%s is covered: %s', async (url, isCovered) => {
    const deps = withServer();
    const { id } = await connected(deps);
    expect(await answerFor(deps, { url })).toBe(isCovered ? id : 'not_connected');
    expect(await answerFor(deps, { provider: 'mcp', url })).toBe(isCovered ? id : 'not_connected');
    expect(await answerFor(deps, { credentialId: id, url })).toBe(isCovered ? id : 'url_not_allowed');
  });

  it.each([
    `${SERVER}/../admin`,
    `${SERVER}/%2e%2e/admin`,
    `${SERVER}/..%2fadmin`,
    `${SERVER}/%5c..%5cadmin`,
    `${SERVER}/..;/admin`,
    `${SERVER}/a%252fb`,
  ])('%s is refused: a server may read another path', async (url) => {
    const deps = withServer();
    const { id } = await connected(deps);
    expect(await answerFor(deps, { url })).toBe('url_not_allowed');
    expect(await answerFor(deps, { credentialId: id, url })).toBe('url_not_allowed');
  });
});

describe('a grant of a server', () => {
  it('is answered by its id without a URL', async () => {
    const deps = withServer();
    const { id } = await connected(deps);
    expect(await resolve(deps, { credentialId: id })).toMatchObject({ credential: { id }, baseUrl: SERVER });
  });

  it('is not answered by the provider alone: it does not say which server', async () => {
    const deps = withServer();
    await connected(deps);
    expect(await answerFor(deps, { provider: 'mcp' })).toBe('not_connected');
  });
});

describe('two servers on one host', () => {
  const A = 'https://mcp.example/a';
  const AB = 'https://mcp.example/a/b';

  it('get their own tokens', async () => {
    const deps = withServer({ url: A });
    addServer(deps, { url: AB });
    const a = await connected(deps, { start: { mcpServerUrl: A } });
    deps.clock.advance(1);
    const b = await connected(deps, { start: { mcpServerUrl: AB } });
    expect(await answerFor(deps, { url: `${A}/x` })).toBe(a.id);
    expect(await answerFor(deps, { credentialId: b.id, url: `${A}/x` })).toBe('url_not_allowed');
    for (const url of [AB, `${AB}/x`]) {
      expect(await answerFor(deps, { url })).toBe(b.id);
      expect(await answerFor(deps, { provider: 'mcp', url })).toBe(b.id);
    }
  });
});

describe('the classes of a URL', () => {
  const host = () => newHostScoped({ id: 'h', provider: 'x', host: 'mcp.example' });

  it('are the provider’s own, the server’s, the host’s', async () => {
    const deps = withServer();
    const { id } = await connected(deps);
    await stored(deps, host());
    expect(await answerFor(deps, { url: SERVER })).toBe(id);
    expect(await answerFor(deps, { provider: 'acme', url: SERVER })).toBe(id);
    expect(await answerFor(deps, { url: 'https://mcp.example/other' })).toBe('h');
    await stored(deps, newApiKey({ id: 'k', provider: 'acme' }));
    expect(await answerFor(deps, { provider: 'acme', url: SERVER })).toBe('k');
  });

  it('do not fall through: a broken grant of the server is told', async () => {
    const deps = withServer();
    await connected(deps);
    await stored(deps, host());
    Object.assign(storedItems(deps).find(({ provider }) => provider === 'mcp') ?? {}, { brokenReason: 'client_gone' });
    await expect(resolve(deps, { url: SERVER })).rejects.toMatchObject({
      code: 'reconnect_required',
      members: { reason: 'client_gone' },
    });
  });

  it('prefer a grant that works, and one that covers the scopes', async () => {
    const deps = withServer();
    const narrow = await connected(deps, { grant: { scopes: ['a'] } });
    deps.clock.advance(1);
    const wide = await connected(deps, { grant: { scopes: ['a', 'b'] } });
    expect(await answerFor(deps, { url: SERVER })).toBe(narrow.id);
    expect(await answerFor(deps, { url: SERVER, scopes: ['b'] })).toBe(wide.id);
    Object.assign(storedItems(deps)[0] ?? {}, { brokenReason: 'refused' });
    expect(await answerFor(deps, { url: SERVER })).toBe(wide.id);
  });
});
