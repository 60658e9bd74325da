// Which providers a run of the sweep does not call.
import { describe, expect, it } from 'vitest';
import {
  isPaused,
  noteSign,
  type ProviderFaults,
  type ProviderSign,
} from '../../../../lib/domain/refresh/provider-pause.ts';

const noted = (...signs: ProviderSign[]): ProviderFaults => {
  const faults: ProviderFaults = new Map();
  for (const sign of signs) noteSign(faults, 'acme', sign);
  return faults;
};
const times = (count: number, sign: ProviderSign): ProviderSign[] => Array(count).fill(sign);

describe('a provider', () => {
  it.each([
    [times(4, 'transient'), false],
    [times(5, 'transient'), true],
    [[...times(4, 'transient'), 'answered', ...times(4, 'transient')], false],
    [[...times(4, 'transient'), 'none', 'transient'], true],
    [times(50, 'none'), false],
    [[], false],
  ] as [ProviderSign[], boolean][])('after %j is paused: %s', (signs, paused) => {
    expect(isPaused(noted(...signs), 'acme')).toBe(paused);
  });

  it('is not paused by the faults of another', () => {
    expect(isPaused(noted(...times(5, 'transient')), 'other')).toBe(false);
  });
});
