import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, BOB, headOf, markErasing, START } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const provider = 'github';

const create = (deps: MemoryDeps, userId = ALICE) => createOAuthState(deps, { userId, provider, scopes: ['repo'] });
const consume = (deps: MemoryDeps, token: string) => consumeOAuthState(deps, { userId: ALICE, token, provider });

describe('createOAuthState', () => {
  it('answers a token of 32 bytes and a challenge of SHA-256, both base64url without padding', async () => {
    const { token, codeChallenge } = await create(memoryDeps());
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(codeChallenge).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('answers the challenge of the verifier that consuming gives', async () => {
    const deps = memoryDeps();
    const { token, codeChallenge } = await create(deps);
    const { codeVerifier } = await consume(deps, token);
    expect(codeVerifier).toMatch(/^[A-Za-z0-9_-]{128}$/);
    expect(createHash('sha256').update(codeVerifier).digest('base64url')).toBe(codeChallenge);
  });

  it('answers nothing else, the verifier least of all', async () => {
    expect(Object.keys(await create(memoryDeps())).toSorted()).toEqual(['codeChallenge', 'expiresAt', 'token']);
  });

  it('lives ten minutes', async () => {
    expect((await create(memoryDeps())).expiresAt).toBe(START + 600_000);
  });

  it('draws token and verifier afresh each time', async () => {
    const deps = memoryDeps();
    const [first, second] = [await create(deps), await create(deps)];
    expect(first.token).not.toBe(second.token);
    expect(first.codeChallenge).not.toBe(second.codeChallenge);
  });

  it('stores once, and neither token nor verifier nor scopes in the clear', async () => {
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

  it('opens a flow that nobody polls', async () => {
    const deps = memoryDeps();
    await create(deps);
    expect([...deps.table.states.values()]).toMatchObject([{ pollAfter: null, pollSeconds: null }]);
  });

  it('leaves the version of the user', async () => {
    const deps = memoryDeps();
    await create(deps);
    expect(headOf(deps)?.version ?? 0).toBe(0);
  });

  it('refuses a user who is being erased', async () => {
    const deps = memoryDeps();
    await markErasing(deps);
    await expect(create(deps)).rejects.toMatchObject({ code: 'user_erasing' });
  });

  it('refuses when the user was erased between its read and its write', async () => {
    const deps = memoryDeps();
    const open = deps.states.createState;
    deps.states.createState = async (state) => {
      await eraseUser(deps, { userId: ALICE });
      return open(state);
    };
    await expect(create(deps)).rejects.toMatchObject({ code: 'user_erasing' });
    expect(deps.table.states.size).toBe(0);
  });

  it('opens a flow for a user who was erased before', async () => {
    const deps = memoryDeps();
    await eraseUser(deps, { userId: ALICE });
    const { token } = await create(deps);
    await expect(consume(deps, token)).resolves.toBeDefined();
  });
});

describe('the limit of open states', () => {
  const limited = () => {
    const deps = memoryDeps();
    deps.limits = { ...deps.limits, maxOpenStatesPerUser: 2 };
    return deps;
  };

  it('lets several be open and refuses one more', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    await expect(create(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
    expect(deps.table.states.size).toBe(2);
  });

  it('counts each user alone', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    await expect(create(deps, BOB)).resolves.toBeDefined();
  });

  it('gives the place of a consumed one back', async () => {
    const deps = limited();
    const { token } = await create(deps);
    await create(deps);
    await consume(deps, token);
    await expect(create(deps)).resolves.toBeDefined();
  });

  it('counts what is opened in one window together', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    deps.clock.advance(599_999);
    await expect(create(deps)).rejects.toMatchObject({ code: 'too_many_open_states' });
  });

  it('counts anew once the window has passed', async () => {
    const deps = limited();
    await create(deps);
    await create(deps);
    deps.clock.advance(600_000);
    await expect(create(deps)).resolves.toBeDefined();
  });
});
