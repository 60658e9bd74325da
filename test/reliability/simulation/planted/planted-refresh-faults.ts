// Planted faults in refreshing: a token spent twice, lost, restored after a change, or marked without reason.
import { storedTokenRef } from '../../../../lib/domain/credential/token-ref.ts';
import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { refreshCredential } from '../../../../lib/operations/refresh/refresh-credential.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import { perform } from '../workload/perform.ts';
import type { Request } from '../workload/request.ts';
import type { Scenario } from '../workload/scenario.ts';
import { narrowScenarios } from './narrow-scenarios.ts';
import type { FaultContext, PlantedFault, PlantedFaults } from './planted-fault.ts';

const wrapRefreshStore = (
  violates: string,
  change: (context: FaultContext) => Partial<CredentialRefreshStore>,
): PlantedFault => ({
  violates,
  wrap: (context) => ({ refreshes: { ...context.stores.refreshes, ...change(context) } }),
});

const STORES_ISSUED_TOKENS = 'a refresh stores only';
const LOSES_NOTHING = 'tokens issued by the provider';
const ONE_LEASE = 'a refresh token is sent only';
const MARKED_ONLY_IF_REJECTED = 'a credential is marked';
const UNDER_WAY = 'a refresh token is not sent again while';
const UNCERTAIN = 'a refresh token that may be spent';

/** The same fault in a narrower scenario. */
const narrowed = (narrows: Partial<Scenario>, fault: PlantedFault): PlantedFault => ({ ...fault, narrows });

/** The secretRev stored now, regardless of which one was exchanged. */
const readCurrentRev = (
  { table }: FaultContext,
  { userId, credentialId }: { userId: string; credentialId: string },
): string => String(findUser(table, userId).credentials.get(credentialId)?.secretRev);

/** The call with the token that is stored now reported as refused, whatever was reported. */
const reportStored = async (deps: Deps, request: Request): Promise<Request> => {
  if (request.kind !== 'resolve' || request.refusedTokenRef === undefined) return request;
  const row = await deps.users.readCredential(request.userId, 'g');
  return row?.readable ? { ...request, refusedTokenRef: storedTokenRef(row.credential) } : request;
};

const AT_ONCE = 'a call of a client sends';
const HANDED_OVER_ONCE = 'a refresh is handed over once';
const NO_DOUBT = 'a refresh that was handed over';

export const plantedRefreshFaults: PlantedFaults = {
  'a caller that waits for the provider although its token is valid': {
    violates: AT_ONCE,
    dispatcher: (deps) => ({ dispatch: async (order) => (await refreshCredential(deps, order)) !== 'unusable' }),
  },

  'a report that forces a refresh without comparing': {
    violates: AT_ONCE,
    perform: async (deps, request) => perform(deps, await reportStored(deps, request)),
  },

  'a report that is ignored': {
    violates: 'a caller who reports',
    perform: (deps, request) => {
      if (request.kind !== 'resolve') return perform(deps, request);
      const { refusedTokenRef, ...unreported } = request;
      return perform(deps, unreported);
    },
  },

  'a report that marks a token that can be refreshed': {
    violates: 'a token is marked as refused',
    perform: async (deps, request) => {
      if (request.kind === 'resolve' && request.refusedTokenRef !== undefined) {
        const row = await deps.users.readCredential(request.userId, 'g');
        const [credentialId, rev] = ['g', row?.readable ? row.credential.secretRev : ''];
        await deps.refreshes.markReconnectRequired({ userId: request.userId, credentialId }, rev, 'refused');
      }
      return perform(deps, request);
    },
  },

  'a refresh handed over under a lease instead of a mark': wrapRefreshStore(NO_DOUBT, ({ stores }) => ({
    swapLease: (key, { from, to, ttlSeconds }) =>
      stores.refreshes.swapLease(key, { from, to: to.dispatched ? { ...to, held: true } : to, ttlSeconds }),
  })),

  'a mark that does not keep others from handing over': wrapRefreshStore(HANDED_OVER_ONCE, ({ stores }) => ({
    readLease: async (key) => {
      const lease = await stores.refreshes.readLease(key);
      return lease?.dispatched ? { ...lease, until: 0 } : lease;
    },
  })),

  'a result written without its secretRev': wrapRefreshStore(STORES_ISSUED_TOKENS, (context) => ({
    storeRefreshed: (key, _, refreshed) =>
      context.callStore('storeRefreshed', () =>
        context.raw.refreshes.storeRefreshed(key, readCurrentRev(context, key), refreshed),
      ),
  })),

  'a late holder writing into a credential deleted and created again': narrowed(
    narrowScenarios.revivals,
    wrapRefreshStore(STORES_ISSUED_TOKENS, (context) => ({
      storeRefreshed: (key, exchangedRev, refreshed) =>
        context.callStore('storeRefreshed', () => {
          // A counter instead of a random secretRev: it restarts with every new row.
          const row = findUser(context.table, key.userId).credentials.get(key.credentialId);
          const isFirst = Number(row?.version) === 1;
          return context.raw.refreshes.storeRefreshed(
            key,
            isFirst ? readCurrentRev(context, key) : exchangedRev,
            refreshed,
          );
        }),
    })),
  ),

  'a late result refused although its secretRev still matches': wrapRefreshStore(LOSES_NOTHING, (context) => ({
    storeRefreshed: async (key, exchangedRev, refreshed) => {
      const lease = await context.raw.refreshes.readLease(key);
      const isLate = lease !== null && lease.tokenRev === exchangedRev && lease.until <= context.now();
      return isLate ? null : context.stores.refreshes.storeRefreshed(key, exchangedRev, refreshed);
    },
  })),

  'an old refresh token dropped when no new one comes': {
    violates: STORES_ISSUED_TOKENS,
    sealer: (sealer) => ({
      ...sealer,
      openToReseal: async (binding, seal) => {
        const opened = await sealer.openToReseal(binding, seal);
        const { refreshToken: old } = opened.document as { refreshToken?: string };
        return {
          ...opened,
          reseal: (next, document) => {
            const { refreshToken, ...rest } = document as { refreshToken?: string };
            return opened.reseal(next, refreshToken === old ? rest : document);
          },
        };
      },
    }),
  },

  'a data key fetched after the provider answered': {
    violates: LOSES_NOTHING,
    sealer: (sealer) => ({
      ...sealer,
      openToReseal: async (binding, seal) => ({
        document: await sealer.open(binding, seal),
        reseal: async (next, document) => {
          try {
            return (await sealer.openToReseal(binding, seal)).reseal(next, document);
          } catch {
            throw new ServiceError('type_mismatch');
          }
        },
      }),
    }),
  },

  'a lease shorter than the call': {
    violates: ONE_LEASE,
    budget: {
      exchangeMilliseconds: 0,
      storeMilliseconds: 0,
      leaseMilliseconds: 1_000,
      waitMilliseconds: 3_000,
      answerMilliseconds: 28_500,
    },
  },

  'a lease written without a condition on the current one': wrapRefreshStore(ONE_LEASE, ({ raw, callStore }) => ({
    swapLease: (key, swap) =>
      callStore('swapLease', async () =>
        raw.refreshes.swapLease(key, { ...swap, from: await raw.refreshes.readLease(key) }),
      ),
    readLease: (key) => callStore('readLease', async () => (await raw.refreshes.readLease(key)) && null),
  })),

  'a process that trusts its own clock': { violates: ONE_LEASE, clock: ({ own }) => own },

  'a back-off that is ignored': wrapRefreshStore(ONE_LEASE, ({ stores }) => ({
    readLease: async (key) => {
      const lease = await stores.refreshes.readLease(key);
      return lease && !lease.held ? { ...lease, until: 0 } : lease;
    },
  })),

  'an uncertain refresh retried at once': narrowed(
    narrowScenarios.crashesWithinMinutes,
    wrapRefreshStore(UNCERTAIN, ({ stores, now }) => ({
      readLease: async (key) => {
        const lease = await stores.refreshes.readLease(key);
        return lease?.held && lease.until <= now() ? { ...lease, held: false } : lease;
      },
    })),
  ),

  'a refresh token sent again after the call’s own time-out': {
    violates: UNDER_WAY,
    narrows: narrowScenarios.lostAnswersInAStorm,
    oauth: (oauth) => ({
      ...oauth,
      refresh: async (...asked) => {
        try {
          return await oauth.refresh(...asked);
        } catch (error) {
          const timedOut = error instanceof ProviderFault && error.lostAnswer === 'timed_out';
          throw timedOut ? new ProviderFault('transient', { lostAnswer: 'cut' }) : error;
        }
      },
    }),
  },

  'a transient provider error taken for a rejected token': {
    violates: MARKED_ONLY_IF_REJECTED,
    oauth: (oauth) => ({
      ...oauth,
      refresh: async (...asked) => {
        try {
          return await oauth.refresh(...asked);
        } catch (error) {
          throw error instanceof ProviderFault ? new ProviderFault('dead_grant') : error;
        }
      },
    }),
  },

  'a rejection applied to another secret': narrowed(
    narrowScenarios.lostAnswersAndReplacements,
    wrapRefreshStore(MARKED_ONLY_IF_REJECTED, (context) => ({
      markReconnectRequired: (key, _, reason) =>
        context.callStore('markReconnectRequired', () =>
          context.raw.refreshes.markReconnectRequired(key, readCurrentRev(context, key), reason),
        ),
    })),
  ),

  'the uncertain flag lost when the lease is released': wrapRefreshStore(MARKED_ONLY_IF_REJECTED, ({ stores }) => ({
    swapLease: (key, { from, to, ttlSeconds }) =>
      stores.refreshes.swapLease(key, { from, to: { ...to, uncertain: false }, ttlSeconds }),
  })),
};
