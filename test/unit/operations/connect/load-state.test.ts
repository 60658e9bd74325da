// Which flow may be used, by what is read alone: the store would refuse most of these too, but only when they are spent, and
// by then a code could have been exchanged.
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

const opened = async (change: Partial<StateRow> = {}) => {
  const deps = memoryDeps();
  const { token } = await createOAuthState(deps, { userId: ALICE, provider: 'github', scopes: [] });
  Object.assign(deps.table.states.get(hashToken(token)) ?? {}, change);
  const row = (await findState(deps, token)) as StateRow;
  return { deps, token, row };
};

describe('openLiveFlow', () => {
  it('opens a flow that nobody has used', async () => {
    const { deps, token, row } = await opened();
    expect(await decryptActivePayload(deps, { row, token }, StatePayload)).toMatchObject({ scopes: [] });
  });

  it('refuses one that was used', async () => {
    const { deps, token, row } = await opened({ usedBy: 'another' });
    await expect(decryptActivePayload(deps, { row, token }, StatePayload)).rejects.toMatchObject(invalid);
  });

  it('refuses one that expired', async () => {
    const { deps, token, row } = await opened();
    deps.clock.set(START + 600_000);
    await expect(decryptActivePayload(deps, { row, token }, StatePayload)).rejects.toMatchObject(invalid);
  });
});

describe('readFlow', () => {
  it.each([
    ['external', true],
    ['connection', false],
    ['device', false],
  ] as const)('reads a flow of the kind external as %s: %s', async (kind, reads) => {
    const { deps, token } = await opened();
    const read = loadActiveState(deps, { userId: ALICE, token, kind }, StatePayload);
    await (reads ? expect(read).resolves.toBeDefined() : expect(read).rejects.toMatchObject(invalid));
  });
});

describe('spendFlow', () => {
  it('marks the flow as used, with how it ended', async () => {
    const { deps, row } = await opened();
    await consumeState(deps, row, 'denied');
    expect(deps.table.states.get(row.tokenHash)).toMatchObject({ usedBy: expect.any(String), outcome: 'denied' });
  });

  it('leaves the end open where there is none', async () => {
    const { deps, row } = await opened();
    await consumeState(deps, row);
    expect(deps.table.states.get(row.tokenHash)).toMatchObject({ usedBy: expect.any(String), outcome: null });
  });

  it('gives the place under the limit back once only', async () => {
    const { deps, row } = await opened();
    deps.states.releaseState = vi.fn();
    await consumeState(deps, row);
    await expect(consumeState(deps, row)).rejects.toMatchObject(invalid);
    expect(deps.states.releaseState).toHaveBeenCalledTimes(1);
  });
});
