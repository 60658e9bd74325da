// The ProviderOutcomes port in the memory of the process, bounded by the number of providers.
import type { ProviderOutcomes } from '../../domain/ports/provider-outcomes.ts';
import { decideMarking, type MarkingState, NO_DEAD_GRANTS } from '../../domain/refresh/marking-breaker.ts';

const MAX_PROVIDERS = 1_000;

interface Known {
  /** Epoch milliseconds; null: never. */
  grantedAt: number | null;
  marking: MarkingState;
}

const NOTHING: Known = { grantedAt: null, marking: NO_DEAD_GRANTS };

/** Creates the adapter; the provider that was noted least lately makes room for a new one. */
export const providerOutcomes = (): ProviderOutcomes => {
  const byProvider = new Map<string, Known>();
  const read = (provider: string): Known => byProvider.get(provider) ?? NOTHING;
  const write = (provider: string, known: Known): void => {
    byProvider.delete(provider);
    byProvider.set(provider, known);
    const [oldest] = byProvider.keys();
    if (byProvider.size > MAX_PROVIDERS && oldest !== undefined) byProvider.delete(oldest);
  };
  return {
    noteGranted: (provider, now) => write(provider, { grantedAt: now, marking: NO_DEAD_GRANTS }),
    lastGrantedAt: (provider) => read(provider).grantedAt,
    noteDead(provider, found) {
      const known = read(provider);
      const { decision, state } = decideMarking(known.marking, found);
      write(provider, { ...known, marking: state });
      return decision;
    },
  };
};
