// Which providers a sweep leaves alone: those that did not answer several times in a row. Only a transient fault says
// something of the provider; any other fault is the grant's own, or the operator's, and stops no other grant.

/** So many transient faults in a row pause a provider until the sweep ends, in its later runs too: it may be down. */
const MOST_FAULTS_IN_A_ROW = 5;

/** Transient faults in a row, by provider. */
export type ProviderFaults = Map<string, number>;

/** What one refresh says of its provider: it answered, it did not, or nothing at all. */
export type ProviderSign = 'answered' | 'transient' | 'none';

/** Takes note of the outcome of one refresh. */
export const noteSign = (faults: ProviderFaults, provider: string, sign: ProviderSign): void => {
  if (sign === 'answered') faults.delete(provider);
  if (sign === 'transient') faults.set(provider, (faults.get(provider) ?? 0) + 1);
};

/** Whether the provider is to be left alone for the rest of the sweep. */
export const isPaused = (faults: ProviderFaults, provider: string): boolean =>
  (faults.get(provider) ?? 0) >= MOST_FAULTS_IN_A_ROW;
