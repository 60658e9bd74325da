// Attaches the result of a planted fault to its test, for the reporter that prints the table.
export interface PlantedOutcome {
  fault: string;
  /** The invariant or test that detected it. */
  caughtBy: string;
  /** How many seeds, histories or runs it took; undefined when it was not detected. */
  after: string | undefined;
}

declare module 'vitest' {
  interface TaskMeta {
    planted?: PlantedOutcome;
  }
}

interface Reporting {
  task: { meta: { planted?: PlantedOutcome } };
}

/** Must be called before the test asserts. */
export const reportPlanted = ({ task }: Reporting, outcome: PlantedOutcome): void => {
  task.meta.planted = outcome;
};
