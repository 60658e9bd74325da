// MCP servers that are connected by URL, seed by seed: registrations lost half-way or raced for, servers that lose their clients, refuse
// by mistake or move to another issuer, and calls that crash. SEEDS, FIRST_SEED and SEED as in the other suites.
import { beforeAll, describe, expect, it } from 'vitest';
import { printFigure } from '../../support/run/figure.ts';
import { withoutStackTraces } from './run-seeds.ts';
import { findServerViolations } from './servers/server-rules.ts';
import { simulateServers } from './servers/simulate-servers.ts';

const { SEEDS, FIRST_SEED = '1', SEED } = process.env;
const ONE_HOUR = 3_600_000;
const SEEDS_PER_TURN = 100;

/** Kinds of call and outcomes that the seeds must meet. */
const OUTCOMES = [
  'start: ok',
  'start: unknown',
  'start: server_not_connectable unreachable',
  'approval: client not known',
  'complete: ok',
  'complete: unknown',
  'complete: provider_rejected',
  'resolve: ok',
  'resolve: reconnect_required client_gone',
  'resolve: reconnect_required issuer_changed',
  'refresh: ok',
  'delete: ok',
  'server: lost',
  'server: mistake',
  'server: moved',
  'client: replaced because its secret ends',
  'client: replaced because it was refused',
];

const explain = async (seed: number): Promise<string> => {
  const trace = await simulateServers(seed, { logEvents: true });
  return [`seed ${seed}`, ...findServerViolations(trace), ...trace.eventLog].join('\n');
};

describe.runIf(SEED)(`seed ${SEED} of servers`, () => {
  it('violates no invariant', async () => {
    console.log(await explain(Number(SEED)));
    expect(findServerViolations(await simulateServers(Number(SEED)))).toEqual([]);
  });
});

const seeds = Number(SEEDS ?? 300);

describe.skipIf(SEED)(`${seeds} seeds of MCP servers`, () => {
  const outcomes = new Map<string, number>();
  const failing: number[] = [];
  let calls = 0;

  const play = async (seed: number): Promise<void> => {
    const trace = await simulateServers(seed);
    calls += trace.calls.length;
    for (const [name, count] of trace.outcomes) outcomes.set(name, (outcomes.get(name) ?? 0) + count);
    if (findServerViolations(trace).length > 0) failing.push(seed);
    if (seed % SEEDS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  beforeAll(async () => {
    const first = Number(FIRST_SEED);
    await withoutStackTraces(async () => {
      for (let seed = first; seed < first + seeds; seed++) await play(seed);
    });
    printFigure('simulation', { subject: 'servers', first, seeds, calls, failing: failing.length });
  }, ONE_HOUR);

  it('violate no invariant under any fault', async () => {
    const [first] = failing;
    if (first !== undefined) expect.fail(`failing seeds: ${failing}\n${await explain(first)}`);
  });

  it('violate no invariant with the regression seed 1756', async () => {
    expect(findServerViolations(await simulateServers(1_756))).toEqual([]);
  });

  it.for(OUTCOMES)('reach the outcome: %s', (outcome) => {
    expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
  });

  it('give the same run for the same seed', async () => {
    expect(await explain(7)).toBe(await explain(7));
  });
});
