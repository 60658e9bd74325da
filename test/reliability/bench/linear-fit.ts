// Fits a line to samples by least squares, with a confidence bound of its slope.

export interface Sample {
  x: number;
  y: number;
}

export interface LinearFit {
  slope: number;
  /** The slope is below this with 95 % confidence. */
  slopeBound: number;
}

/** The one-sided 95 % quantile of the t distribution: the normal quantile with the Cornish–Fisher correction. */
const quantile = (freedom: number): number => 1.645 + 1.524 / freedom + 1.4 / freedom ** 2;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Needs at least three samples. */
export const linearFit = (samples: readonly Sample[]): LinearFit => {
  const meanX = sum(samples.map(({ x }) => x)) / samples.length;
  const meanY = sum(samples.map(({ y }) => y)) / samples.length;
  const spread = sum(samples.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(samples.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const residues = sum(samples.map(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2));
  const freedom = samples.length - 2;
  return { slope, slopeBound: slope + quantile(freedom) * Math.sqrt(residues / freedom / spread) };
};
