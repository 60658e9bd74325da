// The only source of randomness in the simulation: the same seed gives the same numbers, so every run can be replayed.

export interface Prng {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
}

/** Spreads the bits of a 32-bit word (two multiply-and-fold rounds), so that neighbouring seeds have nothing in common. */
const scramble = (word: number): number => {
  const bestEffort = Math.imul(word ^ (word >>> 16), 0x45d9f3b);
  const twice = Math.imul(bestEffort ^ (bestEffort >>> 15), 0x2c1b3c6d);
  return (twice ^ (twice >>> 16)) >>> 0;
};

const STRIDE = 0x9e3779b1;

export const createPrng = (seed: number): Prng => {
  let state = scramble(seed + 1);
  const fraction = () => {
    state = (state + STRIDE) >>> 0;
    return scramble(state) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(fraction() * count);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: <T>(choices: readonly T[]) => choices[below(choices.length)] as T,
    weighted: <K extends string>(weights: Readonly<Partial<Record<K, number>>>) => {
      const entries = Object.entries(weights) as [K, number][];
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const found = entries.find(([, weight]) => {
        left -= weight;
        return left < 0;
      });
      return (found ?? (entries[0] as [K, number]))[0];
    },
  };
};
