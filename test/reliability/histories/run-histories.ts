// Records and checks histories, two at a time because each mostly waits for the table engine.
import { openTestTable } from '../../support/table/test-engine.ts';
import { type CheckResult, checkHistory } from './check-history.ts';
import { formatCall } from './clients/call.ts';
import type { PlantedFault } from './clients/client-deps.ts';
import { type FaultyWire, openFaultyWire } from './clients/faulty-wire.ts';
import { CLIENTS, type History, recordHistory } from './clients/record-history.ts';

/** A recorded history and its check. */
export interface CheckedHistory {
  history: History;
  result: CheckResult;
  searchMilliseconds: number;
}

interface HistoryRun {
  seeds: readonly number[];
  planted?: PlantedFault;
  onChecked?: (checked: CheckedHistory) => void;
}

const CONCURRENT_HISTORIES = 2;

/** Opens the client wires of each concurrent history, all to one table. */
export const openClientWires = async (): Promise<FaultyWire[][]> => {
  const { name } = await openTestTable({ withStream: false });
  return Array.from({ length: CONCURRENT_HISTORIES }, () =>
    Array.from({ length: CLIENTS }, () => openFaultyWire(name)),
  );
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

/** Records the seeds until one is rejected; returns that one, or undefined. */
export const findRejectedHistory = async (
  wires: readonly (readonly FaultyWire[])[],
  { seeds, planted, onChecked }: HistoryRun,
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

/** A history with its violations and the command that records it again. */
export const formatHistory = ({ history, result }: CheckedHistory): string =>
  [
    `seed ${history.seed}, at most ${history.maxCredentials} credentials, faults: ${history.faults.join(', ')}`,
    ...result.violations,
    ...history.calls.map(formatCall),
    `again (scheduling is real, so it may take several runs): SEED=${history.seed} npx vitest run --project histories`,
  ].join('\n');
