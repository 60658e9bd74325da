// Plays and judges histories, seed by seed, several at a time, since each waits for the engine more than it works.
import { openTestTable } from '../../support/test-engine.ts';
import { type Judgement, judge } from './judge.ts';
import { tellCall } from './play/call.ts';
import type { PlantedFault } from './play/client-deps.ts';
import { type ClientWire, openClientWire } from './play/client-wire.ts';
import { CLIENTS, type History, playHistory } from './play/play-history.ts';

export interface Judged {
  history: History;
  judgement: Judgement;
  searchMilliseconds: number;
}

interface Run {
  seeds: readonly number[];
  planted?: PlantedFault;
  onJudged?: (judged: Judged) => void;
}

const AT_ONCE = 2;

/** The wires of each history that is played at a time, to one table of one engine. */
export const openArena = async (): Promise<ClientWire[][]> => {
  const { name } = await openTestTable({ withStream: false });
  return Array.from({ length: AT_ONCE }, () => Array.from({ length: CLIENTS }, () => openClientWire(name)));
};

const playAndJudge = async (wires: readonly ClientWire[], seed: number, planted?: PlantedFault): Promise<Judged> => {
  const history = await playHistory(wires, { seed, planted });
  const startedAt = performance.now();
  const judgement = judge(history);
  return { history, judgement, searchMilliseconds: performance.now() - startedAt };
};

/** Plays the seeds until one is rejected; gives that one, or undefined. */
export const findRejected = async (
  arena: readonly (readonly ClientWire[])[],
  { seeds, planted, onJudged }: Run,
): Promise<Judged | undefined> => {
  let rejected: Judged | undefined;
  const left = [...seeds];
  const playOn = async (wires: readonly ClientWire[]) => {
    for (let seed = left.shift(); seed !== undefined && !rejected; seed = left.shift()) {
      const judged = await playAndJudge(wires, seed, planted);
      onJudged?.(judged);
      if (judged.judgement.violations.length > 0) rejected ??= judged;
    }
  };
  await Promise.all(arena.map(playOn));
  return rejected;
};

/** A rejected history whole, with what is wrong and how to play it again. */
export const tellHistory = ({ history, judgement }: Judged): string =>
  [
    `seed ${history.seed}, at most ${history.maxCredentials} credentials, faults: ${history.faults.join(', ')}`,
    ...judgement.violations,
    ...history.calls.map(tellCall),
    `again (who overtakes whom is real, so perhaps more than once): SEED=${history.seed} npx vitest run --project histories`,
  ].join('\n');
