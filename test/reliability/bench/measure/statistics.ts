// Medians and spreads. A median of several rounds is not moved by a collection or another process in one of them.
import type { Figure } from './figure.ts';

/** The median; NaN for no values. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
};

/** The value below which this share of the values is. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
};

/** A figure from one value per round. */
export const makeFigure = (
  labels: Pick<Figure, 'name' | 'compares' | 'unit' | 'goal'>,
  values: readonly number[],
): Figure => ({
  ...labels,
  value: median(values),
  low: Math.min(...values),
  high: Math.max(...values),
  rounds: values.length,
});

/** A figure from the ratio of two subjects, round by round. */
export const makeRatio = (
  labels: Pick<Figure, 'name' | 'compares' | 'goal'>,
  { ours, floor }: { ours: readonly number[]; floor: readonly number[] },
): Figure =>
  makeFigure(
    { ...labels, unit: 'x' },
    ours.map((time, round) => time / (floor[round] ?? Number.NaN)),
  );
