// Times several subjects call by call in turn, so that a slower minute of the machine is a slower minute of all of them.
import type { Effort } from './figure.ts';
import { median } from './statistics.ts';

/** What is timed. `prepare` and `clean` run before and after each call, outside its time. */
export interface Subject {
  call: () => Promise<unknown>;
  prepare?: () => Promise<unknown>;
  clean?: () => Promise<unknown>;
}

const timeOnce = async ({ call, prepare, clean }: Subject): Promise<number> => {
  await prepare?.();
  const startedAt = performance.now();
  await call();
  const milliseconds = performance.now() - startedAt;
  await clean?.();
  return milliseconds;
};

/** Rotates the order, so that no subject always follows the same one. */
const rotate = <T>(list: readonly T[], by: number): T[] => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
];

const playRound = async (subjects: readonly [string, Subject][], calls: number): Promise<Map<string, number>> => {
  const times = new Map<string, number[]>(subjects.map(([name]) => [name, []]));
  for (let turn = 0; turn < calls; turn++) {
    for (const [name, subject] of rotate(subjects, turn)) times.get(name)?.push(await timeOnce(subject));
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
};

/** The median time of each subject in milliseconds, one per round. A first round is not counted: code is compiled in it. */
export const interleave = async <N extends string>(
  subjects: Readonly<Record<N, Subject>>,
  { rounds, calls }: Pick<Effort, 'rounds' | 'calls'>,
): Promise<Record<N, number[]>> => {
  const list = Object.entries<Subject>(subjects);
  await playRound(list, calls);
  const medians: Map<string, number>[] = [];
  for (let round = 0; round < rounds; round++) medians.push(await playRound(list, calls));
  const entries = list.map(([name]) => [name, medians.map((round) => round.get(name) ?? Number.NaN)]);
  return Object.fromEntries(entries) as Record<N, number[]>;
};
