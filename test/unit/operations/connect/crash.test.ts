// A process that ends anywhere in a completion leaves no partial record and sends the code to the provider at most once; the
// user can start again.
import { describe, expect, it } from 'vitest';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { ALICE, storedItems, userRecord } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';
import { dyingPorts, type When } from '../../../support/process/dying-ports.ts';

const PORTS = ['users', 'states', 'providers', 'oauth', 'sealer'] as const;

class Crashed extends Error {}

const dyingAt = (deps: MemoryDeps, nth: number, when: When) =>
  dyingPorts(deps, PORTS, {
    nth,
    when,
    die: async () => {
      throw new Crashed();
    },
  });

const connectDeps = (): MemoryDeps => {
  const deps = memoryDeps({ providers: memoryProviders(knownProvider()) });
  for (const code of ['first', 'second']) deps.oauth.script.codes.set(code, newGrant({ scopes: ['read'] }));
  return deps;
};

const comeBack = async (deps: MemoryDeps, code: string) => {
  const { state } = await startConnection(deps, { userId: ALICE, provider: 'acme', scopes: ['read'] });
  const received = await receiveCallback(deps, { state, code });
  return { userId: ALICE, state, receipt: received.kind === 'received' ? received.receipt : '' };
};

/** How many port calls a whole completion makes. */
const countCalls = async (): Promise<number> => {
  const deps = connectDeps();
  const watched = dyingAt(deps, Number.POSITIVE_INFINITY, 'before');
  await completeConnection(watched.deps, await comeBack(deps, 'first'));
  return watched.calls.length;
};

const points = Array.from({ length: await countCalls() }, (_, index) => index + 1);

describe('a crash in a completion', () => {
  it('is simulated at every port call', () => {
    expect(points.length).toBeGreaterThan(6);
  });

  it.each(points.flatMap((nth) => [[nth, 'before'] as const, [nth, 'after'] as const]))(
    'at call %i, %s it, leaves all or nothing, sends the code at most once, and the user can start again',
    async (nth, when) => {
      const deps = connectDeps();
      const request = await comeBack(deps, 'first');
      await expect(completeConnection(dyingAt(deps, nth, when).deps, request)).rejects.toThrow();
      await completeConnection(deps, request).catch(() => {});
      expect(deps.oauth.callsTo('exchangeCode').length).toBeLessThanOrEqual(1);
      const left = storedItems(deps).length;
      expect(userRecord(deps)?.count ?? 0).toBe(left);
      await completeConnection(deps, await comeBack(deps, 'second'));
      expect(storedItems(deps).length).toBeGreaterThan(0);
      expect(userRecord(deps)?.count).toBe(storedItems(deps).length);
    },
  );
});
