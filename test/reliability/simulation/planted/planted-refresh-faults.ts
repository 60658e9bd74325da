// Faults around refreshing: a token spent twice, lost, revived or condemned without reason.

import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { userOf } from '../../../support/memory/memory-table.ts';
import type { FaultContext, PlantedFault, PlantedFaults } from './planted-fault.ts';

const wrapRefreshStore = (
  breaks: string,
  change: (context: FaultContext) => Partial<CredentialRefreshStore>,
): PlantedFault => ({
  breaks,
  wrap: (context) => ({ refreshes: { ...context.stores.refreshes, ...change(context) } }),
});

const STORES_WHAT_WAS_GIVEN = 'what a refresh stores';
const LOSES_NOTHING = 'what a provider has given';
const ONE_LEASE = 'a refresh token is sent under a lease';
const ONLY_DEAD = 'a grant is marked only';
const IN_DOUBT = 'a token that may be spent';

/** The secret that stands there now, whatever was exchanged. */
const revNow = ({ table }: FaultContext, { userId, credentialId }: { userId: string; credentialId: string }): string =>
  String(userOf(table, userId).credentials.get(credentialId)?.secretRev);

export const plantedRefreshFaults: PlantedFaults = {
  'a result written without its secretRev': wrapRefreshStore(STORES_WHAT_WAS_GIVEN, (context) => ({
    storeRefreshed: (key, _, refreshed) =>
      context.callStore('storeRefreshed', () =>
        context.raw.refreshes.storeRefreshed(key, revNow(context, key), refreshed),
      ),
  })),

  'a late holder writing into a credential deleted and made again': wrapRefreshStore(
    STORES_WHAT_WAS_GIVEN,
    (context) => ({
      storeRefreshed: (key, exchangedRev, refreshed) =>
        context.callStore('storeRefreshed', () => {
          // A counter in the place of the random name: it starts over with every new row.
          const row = userOf(context.table, key.userId).credentials.get(key.credentialId);
          const isFirst = Number(row?.version) === 1;
          return context.raw.refreshes.storeRefreshed(key, isFirst ? revNow(context, key) : exchangedRev, refreshed);
        }),
    }),
  ),

  'a result refused although the secret is the one exchanged': wrapRefreshStore(LOSES_NOTHING, (context) => ({
    storeRefreshed: async (key, exchangedRev, refreshed) => {
      const lease = await context.raw.refreshes.readLease(key);
      const isLate = lease !== null && lease.tokenRev === exchangedRev && lease.until <= context.now();
      return isLate ? null : context.stores.refreshes.storeRefreshed(key, exchangedRev, refreshed);
    },
  })),

  'an old refresh token dropped when no new one comes': {
    breaks: STORES_WHAT_WAS_GIVEN,
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

  'a data key fetched after the provider has answered': {
    breaks: LOSES_NOTHING,
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
    breaks: ONE_LEASE,
    budget: {
      providerMilliseconds: 0,
      storeMilliseconds: 0,
      leaseMilliseconds: 1_000,
      waitMilliseconds: 3_000,
      answerMilliseconds: 28_500,
    },
  },

  'a lease put over whatever is there': wrapRefreshStore(ONE_LEASE, ({ raw, callStore }) => ({
    swapLease: (key, swap) =>
      callStore('swapLease', async () =>
        raw.refreshes.swapLease(key, { ...swap, from: await raw.refreshes.readLease(key) }),
      ),
    readLease: (key) => callStore('readLease', async () => (await raw.refreshes.readLease(key)) && null),
  })),

  'a back-off that nobody heeds': wrapRefreshStore(ONE_LEASE, ({ stores }) => ({
    readLease: async (key) => {
      const lease = await stores.refreshes.readLease(key);
      return lease && !lease.held ? { ...lease, until: 0 } : lease;
    },
  })),

  'an uncertain refresh tried at once': wrapRefreshStore(IN_DOUBT, ({ stores, now }) => ({
    readLease: async (key) => {
      const lease = await stores.refreshes.readLease(key);
      return lease?.held && lease.until <= now() ? { ...lease, held: false } : lease;
    },
  })),

  'a failed refresh taken for a dead token': {
    breaks: ONLY_DEAD,
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

  'a refusal believed of another secret': wrapRefreshStore(ONLY_DEAD, (context) => ({
    markReconnectRequired: (key, _, reason) =>
      context.callStore('markReconnectRequired', () =>
        context.raw.refreshes.markReconnectRequired(key, revNow(context, key), reason),
      ),
  })),

  'a doubt that is forgotten with the lease': wrapRefreshStore(ONLY_DEAD, ({ stores }) => ({
    swapLease: (key, { from, to, ttlSeconds }) =>
      stores.refreshes.swapLease(key, { from, to: { ...to, uncertain: false }, ttlSeconds }),
  })),
};
