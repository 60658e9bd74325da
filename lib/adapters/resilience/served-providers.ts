// The ServedProviders port in the memory of the process, bounded by the number of providers.
import type { ServedProviders } from '../../domain/ports/served-providers.ts';

const MAX_PROVIDERS = 1_000;

/** Creates the adapter; the provider that was noted first makes room for a new one. */
export const servedProviders = (): ServedProviders => {
  const servedAt = new Map<string, number>();
  return {
    note(provider, now) {
      servedAt.delete(provider);
      servedAt.set(provider, now);
      const [oldest] = servedAt.keys();
      if (servedAt.size > MAX_PROVIDERS && oldest !== undefined) servedAt.delete(oldest);
    },
    lastServedAt: (provider) => servedAt.get(provider) ?? null,
  };
};
