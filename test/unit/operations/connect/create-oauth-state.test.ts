// Creating an OAuth state for an application: its fields, its callback URL, and the limit of open states.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, BOB, markErasing, START, userRecord } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const provider = 'github';

const create = (deps: MemoryDeps, userId = ALICE) => createOAuthState(deps, { userId, provider, scopes: ['repo'] });
const consume = (deps: MemoryDeps, token: string) => consumeOAuthState(deps, { userId: ALICE, token, provider });

describe('createOAuthState', () => {
  it('returns a token of 32 bytes and a SHA-256 challenge, both in unpadded base64url', async () => {
    const { token, codeChallenge } = await create(memoryDeps());
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(codeChallenge).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('returns the challenge of the verifier that consuming returns', async () => {
    const deps = memoryDeps();
    const { token, codeChallenge } = await create(deps);
    const { codeVerifier } = await consume(deps, token);
    expect(codeVerifier).toMatch(/^[A-Za-z0-9_-]{128}$/);
    expect(createHash('sha256').update(codeVerifier).digest('base64url')).toBe(codeChallenge);
  });

  it('returns nothing else, not the verifier', async () => {
    expect(Object.keys(await create(memoryDeps())).toSorted()).toEqual(['codeChallenge', 'expiresAt', 'token']);
  });

  it('expires after ten minutes', async () => {
    expect((await create(memoryDeps())).expiresAt).toBe(START + 600_000);
  });

  it('draws a new token and verifier each time', async () => {
    const deps = memoryDeps();
    const [first, second] = [await create(deps), await create(deps)];
    expect(first.token).not.toBe(second.token);
    expect(first.codeChallenge).not.toBe(second.codeChallenge);
  });

  it('makes one write, without token, verifier or scopes in plain text', async () => {
    const deps = memoryDeps();
    const { token } = await createOAuthState(deps, {
      userId: ALICE,
      provider,
      scopes: ['canary-scope'],
      metadata: { m: 'canary-metadata' },
    });
    const rows = JSON.stringify([...deps.table.states]);
    const { codeVerifier } = await consume(deps, token);
    expect(deps.table.states.size).toBe(1);
    for (const secret of [token, codeVerifier, 'canary']) expect(rows).not.toContain(secret);
  });

  it('creates a state without a polling interval', async () => {
    const deps = memoryDeps();
    await create(deps);
    expect([...deps.table.states.values()]).toMatchObject([{ pollAfter: null, pollSeconds: null }]);
  });

  it("leaves the user's version", async () => {
    const deps = memoryDeps();
    await create(deps);
    expect(userRecord(deps)?.version ?? 0).toBe(0);
  });

  it('is store_busy for a token that is taken', async () => {
    const deps = memoryDeps();
    deps.random.bytes = (count) => new Uint8Array(count).fill(7);
    await create(deps);
    await expect(create(deps)).rejects.toMatchObject({ code: 'store_busy' });
    expect(deps.table.states.size).toBe(1);
  });

  it('refuses a user whose erasure is under way', async () => {
    const deps = memoryDeps();
    await markErasing(deps);
    await expect(create(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('refuses when the user is erased between the read and the write', async () => {
    const deps = memoryDeps();
    const open = deps.states.createState;
    deps.states.createState = async (state) => {
      await eraseUser(deps, { userId: ALICE });
      return open(state);
    };
    await expect(create(deps)).rejects.toMatchObject({ code: 'user_erasing' });
    expect(deps.table.states.size).toBe(0);
  });

  it('creates a state for a user who was erased before', async () => {
    const deps = memoryDeps();
    await eraseUser(deps, { userId: ALICE });
    const { token } = await create(deps);
    await expect(consume(deps, token)).resolves.toBeDefined();
  });
});

describe('the callback URL of an OAuth state', () => {
  const createWith = (deps: MemoryDeps, callbackUrl: string) =>
    createOAuthState(deps, { userId: ALICE, provider, scopes: [], callbackUrl });

  it('may be one of the list, and is kept', async () => {
    const deps = memoryDeps();
    const { token } = await createWith(deps, 'https://app.example/oauth/callback');
    expect(await consume(deps, token)).toMatchObject({ callbackUrl: 'https://app.example/oauth/callback' });
  });

  it.each([
    ['another host', 'https://evil.example/oauth/callback'],
    ['another path', 'https://app.example/oauth/other'],
    ['a longer path', 'https://app.example/oauth/callback-evil'],
    ['a trailing slash', 'https://app.example/oauth/callback/'],
    ['a query', 'https://app.example/oauth/callback?a=b'],
    ['a fragment', 'https://app.example/oauth/callback#x'],
    ['a user', 'https://user@app.example/oauth/callback'],
    ['the host as a user', 'https://app.example@evil.example/oauth/callback'],
    ['a backslash', 'https://app.example\\@evil.example/oauth/callback'],
    ['capitals', 'HTTPS://APP.example/oauth/callback'],
    ['the default port', 'https://app.example:443/oauth/callback'],
    ['a trailing dot', 'https://app.example./oauth/callback'],
    ['dot segments', 'https://app.example/oauth/x/../callback'],
    ['encoded dot segments', 'https://app.example/oauth/%2e%2e/oauth/callback'],
    ['an encoded slash', 'https://app.example/oauth%2Fcallback'],
    ['two slashes', 'https://app.example/oauth//callback'],
    ['http', 'http://app.example/oauth/callback'],
    ['nothing', ''],
  ])('is refused with %s, and no state is created', async (_, callbackUrl) => {
    const deps = memoryDeps();
    await expect(createWith(deps, callbackUrl)).rejects.toMatchObject({ code: 'url_not_allowed' });
    expect(deps.table.states.size).toBe(0);
  });

  it('is refused when the list is empty', async () => {
    const deps = memoryDeps();
    deps.redirects = { ...deps.redirects, allowedCallbackUrls: [] };
    const refused = createWith(deps, 'https://app.example/oauth/callback');
    await expect(refused).rejects.toMatchObject({ code: 'url_not_allowed' });
  });
});

describe('the limit of open states', () => {
  const limited = () => {
    const deps = memoryDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 2 };
    return deps;
  };

  it('allows states up to the limit and refuses one more', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    await expect(create(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
    expect(deps.table.states.size).toBe(2);
  });

  it('counts each user separately', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    await expect(create(deps, BOB)).resolves.toBeDefined();
  });

  it('releases the place of a consumed state', async () => {
    const deps = limited();
    const { token } = await create(deps);
    await create(deps);
    await consume(deps, token);
    await expect(create(deps)).resolves.toBeDefined();
  });

  it('counts the states of one time window together', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    deps.clock.advance(599_999);
    await expect(create(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
  });

  it('starts a new count after the window', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    deps.clock.advance(600_000);
    await expect(create(deps)).resolves.toBeDefined();
  });
});
