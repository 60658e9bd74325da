// The line fitted to measurements, and the uncertainty of its slope.
import { describe, expect, it } from 'vitest';
import { linearFit } from '../../reliability/bench/linear-fit.ts';

describe('linearFit', () => {
  it('has no uncertainty for exact data', () => {
    const { slope, slopeBound } = linearFit([1, 2, 3, 4].map((x) => ({ x, y: 7 + 3 * x })));
    expect(slope).toBeCloseTo(3);
    expect(slopeBound).toBeCloseTo(3);
  });

  it('bounds the slope of noisy data as the t distribution does', () => {
    // Standard error of the slope 0.3416, t(0.95; 3) = 2.353.
    const { slope, slopeBound } = linearFit([1, 3, 2, 5, 4].map((y, index) => ({ x: index + 1, y })));
    expect(slope).toBeCloseTo(0.8);
    expect(slopeBound).toBeCloseTo(0.8 + 2.353 * 0.3464, 1);
  });
});
