// Plays and judges histories, seed by seed, several at a time, since each waits for the engine more than it works.
import { openTestTable } from '../../support/test-engine.ts';
import { type CheckResult, checkHistory } from './check-history.ts';
import { formatCall } from './clients/call.ts';
import type { PlantedFault } from './clients/client-deps.ts';
import { type FaultyWire, openFaultyWire } from './clients/faulty-wire.ts';
import { CLIENTS, type History, recordHistory } from './clients/record-history.ts';

export interface CheckedHistory {
  history: History;
  result: CheckResult;
  searchMilliseconds: number;
}

interface Run {
  seeds: readonly number[];
  planted?: PlantedFault;
  onChecked?: (checked: CheckedHistory) => void;
}

const AT_ONCE = 2;

/** The wires of each history that is played at a time, to one table of one engine. */
export const openClientWires = async (): Promise<FaultyWire[][]> => {
  const { name } = await openTestTable({ withStream: false });
  return Array.from({ length: AT_ONCE }, () => Array.from({ length: CLIENTS }, () => openFaultyWire(name)));
};

const recordAndCheck = async (
  wires: readonly FaultyWire[],
  seed: number,
  planted?: PlantedFault,
): Promise<CheckedHistory> => {
  const history = await recordHistory(wires, { seed, planted });
  const startedAt = performance.now();
  const result = checkHistory(history);
  return { history, result, searchMilliseconds: performance.now() - startedAt };
};

/** Plays the seeds until one is rejected; gives that one, or undefined. */
export const findRejectedHistory = async (
  wires: readonly (readonly FaultyWire[])[],
  { seeds, planted, onChecked }: Run,
): Promise<CheckedHistory | undefined> => {
  let rejected: CheckedHistory | undefined;
  const left = [...seeds];
  const runWorker = async (wires: readonly FaultyWire[]) => {
    for (let seed = left.shift(); seed !== undefined && !rejected; seed = left.shift()) {
      const checked = await recordAndCheck(wires, seed, planted);
      onChecked?.(checked);
      if (checked.result.violations.length > 0) rejected ??= checked;
    }
  };
  await Promise.all(wires.map(runWorker));
  return rejected;
};

/** A rejected history whole, with what is wrong and how to play it again. */
export const formatHistory = ({ history, result }: CheckedHistory): string =>
  [
    `seed ${history.seed}, at most ${history.maxCredentials} credentials, faults: ${history.faults.join(', ')}`,
    ...result.violations,
    ...history.calls.map(formatCall),
    `again (who overtakes whom is real, so perhaps more than once): SEED=${history.seed} npx vitest run --project histories`,
  ].join('\n');
