// Finding, opening and consuming OAuth states. The store's conditions would refuse most of these cases too, but only when the
// state is consumed, which is after a code could have been exchanged.
import { describe, expect, it, vi } from 'vitest';
import { hashToken, StatePayload, type StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import {
  consumeState,
  decryptActivePayload,
  findState,
  loadActiveState,
} from '../../../../lib/steps/connect/load-state.ts';
import { ALICE, START } from '../../../support/builders.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';

const invalid = { code: 'state_invalid' };

/** A state created by Alice, with fields of its row changed. */
const created = async (change: Partial<StateRow> = {}) => {
  const deps = memoryDeps();
  const { token } = await createOAuthState(deps, { userId: ALICE, provider: 'github', scopes: [] });
  Object.assign(deps.table.states.get(hashToken(token)) ?? {}, change);
  const row = await findState(deps, token, 'external');
  return { deps, token, row };
};

describe('decryptActivePayload', () => {
  it('decrypts the payload of an unused state', async () => {
    const { deps, token, row } = await created();
    expect(await decryptActivePayload(deps, { row, token }, StatePayload)).toMatchObject({ scopes: [] });
  });

  it('refuses a used state', async () => {
    const { deps, token, row } = await created({ usedBy: 'another' });
    await expect(decryptActivePayload(deps, { row, token }, StatePayload)).rejects.toMatchObject(invalid);
  });

  it('refuses an expired state', async () => {
    const { deps, token, row } = await created();
    deps.clock.set(START + 600_000);
    await expect(decryptActivePayload(deps, { row, token }, StatePayload)).rejects.toMatchObject(invalid);
  });
});

describe('loadActiveState', () => {
  it.each([
    ['external', true],
    ['connection', false],
    ['device', false],
  ] as const)('loads a state of kind external when asked for kind %s: %s', async (kind, loads) => {
    const { deps, token } = await created();
    const loaded = loadActiveState(deps, { userId: ALICE, token, kind }, StatePayload);
    await (loads ? expect(loaded).resolves.toBeDefined() : expect(loaded).rejects.toMatchObject(invalid));
  });
});

describe('the reads of loadActiveState', () => {
  const load = (deps: Awaited<ReturnType<typeof created>>['deps'], token: string) =>
    loadActiveState(deps, { userId: ALICE, token, kind: 'external' }, StatePayload);

  it('run side by side', async () => {
    const { deps, token } = await created();
    const { readState } = deps.states;
    const asked = Promise.withResolvers<void>();
    const { readUserRecord } = deps.users;
    deps.users.readUserRecord = async (userId) => {
      asked.resolve();
      return readUserRecord(userId);
    };
    deps.states.readState = async (hash) => {
      await asked.promise;
      return readState(hash);
    };
    await expect(load(deps, token)).resolves.toBeDefined();
  });

  it('are not made for a text that cannot be a token', async () => {
    const { deps } = await created();
    deps.users.readUserRecord = vi.fn();
    await expect(load(deps, 'x')).rejects.toMatchObject(invalid);
    expect(deps.users.readUserRecord).not.toHaveBeenCalled();
  });

  it.each([{ erasing: true }, { erasures: 1 }])('refuse the state of a user with %o', async (user) => {
    const { deps, token } = await created();
    const record = { version: 1, erasing: false, erasures: 0 };
    deps.users.readUserRecord = vi.fn().mockResolvedValue({ ...record, ...user });
    await expect(load(deps, token)).rejects.toMatchObject(invalid);
  });
});

describe('consumeState', () => {
  it('marks the state as used, with its outcome', async () => {
    const { deps, row } = await created();
    await consumeState(deps, row, 'denied');
    expect(deps.table.states.get(row.tokenHash)).toMatchObject({ usedBy: expect.any(String), outcome: 'denied' });
  });

  it('leaves the outcome null when none is given', async () => {
    const { deps, row } = await created();
    await consumeState(deps, row);
    expect(deps.table.states.get(row.tokenHash)).toMatchObject({ usedBy: expect.any(String), outcome: null });
  });

  it('leaves the place among the open states to its caller', async () => {
    const { deps, row } = await created();
    deps.states.releaseState = vi.fn();
    await consumeState(deps, row);
    expect(deps.states.releaseState).not.toHaveBeenCalled();
  });
});
