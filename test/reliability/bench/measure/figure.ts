// The shapes of what the bench finds out: figures, each against a floor or another way of the same run, and the counted units.

/** The bound a figure must keep; a figure without one is only reported. */
export interface Goal {
  max?: number;
  min?: number;
}

/** One figure of a run. */
export interface Figure {
  name: string;
  /** What the figure divides or counts. */
  compares: string;
  unit: 'x' | 'ms' | 'KB' | 'B' | 'calls' | 'calls/s';
  /** The median of the rounds. */
  value: number;
  /** The smallest and the largest round. */
  low: number;
  high: number;
  rounds: number;
  goal?: Goal;
}

/** What one operation of a user with `size` credentials consumes. Units are DynamoDB's. */
export interface Units {
  operation: string;
  size: number;
  requests: number;
  readUnits: number;
  writeUnits: number;
  kmsRequests: number;
}

/** What a group of figures found out. */
export interface Findings {
  figures: Figure[];
  units: Units[];
}

/** How long to measure. */
export interface Effort {
  /** Few rounds and small users: shows that the bench works; its times mean nothing. */
  quick: boolean;
  /** Rounds of a median. */
  rounds: number;
  /** Calls of each subject in a round. */
  calls: number;
}

/** The effort of a quick and of a full run. */
export const getEffort = (quick: boolean): Effort =>
  quick ? { quick, rounds: 2, calls: 3 } : { quick, rounds: 9, calls: 30 };

/** The number of credentials that stands for `size`: a quick run has smaller users. */
export const scaleSize = (size: number, { quick }: Effort): number => (quick ? Math.min(size, 12) : size);

/** Whether the figure keeps its goal; null without one. */
export const meetsGoal = ({ value, goal }: Figure): boolean | null =>
  goal ? value <= (goal.max ?? Number.POSITIVE_INFINITY) && value >= (goal.min ?? Number.NEGATIVE_INFINITY) : null;
