// What became of a fault that was planted, left with its test for the reporter that makes the table of all of them.
export interface PlantedOutcome {
  fault: string;
  /** The rule or the test that caught it. */
  caughtBy: string;
  /** How much it took; undefined: it was not caught. */
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

/** To be called by the test before it asserts. */
export const reportPlanted = ({ task }: Reporting, outcome: PlantedOutcome): void => {
  task.meta.planted = outcome;
};
