// Faults around refreshing: a token spent twice, lost, revived or condemned without reason.

import type { CredentialRefreshStore } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { userOf } from '../../../support/memory/memory-table.ts';
import type { PlantedFault, PlantedFaults, Plot } from './planted-fault.ts';

const granting = (breaks: string, change: (plot: Plot) => Partial<CredentialRefreshStore>): PlantedFault => ({
  breaks,
  wrap: (plot) => ({ grants: { ...plot.stores.grants, ...change(plot) } }),
});

const STORES_WHAT_WAS_GIVEN = 'what a refresh stores';
const LOSES_NOTHING = 'what a provider has given';
const ONE_LEASE = 'a refresh token is sent under a lease';
const ONLY_DEAD = 'a grant is marked only';
const IN_DOUBT = 'a token that may be spent';

/** The secret that stands there now, whatever was exchanged. */
const revNow = ({ table }: Plot, { userId, credentialId }: { userId: string; credentialId: string }): string =>
  String(userOf(table, userId).credentials.get(credentialId)?.secretRev);

export const plantedRefreshFaults: PlantedFaults = {
  'a result written without its secretRev': granting(STORES_WHAT_WAS_GIVEN, (plot) => ({
    storeRefreshed: (key, _, refreshed) =>
      plot.attempt('storeRefreshed', () => plot.raw.grants.storeRefreshed(key, revNow(plot, key), refreshed)),
  })),

  'a late holder writing into a credential deleted and made again': granting(STORES_WHAT_WAS_GIVEN, (plot) => ({
    storeRefreshed: (key, exchangedRev, refreshed) =>
      plot.attempt('storeRefreshed', () => {
        // A counter in the place of the random name: it starts over with every new row.
        const row = userOf(plot.table, key.userId).credentials.get(key.credentialId);
        const isFirst = Number(row?.version) === 1;
        return plot.raw.grants.storeRefreshed(key, isFirst ? revNow(plot, key) : exchangedRev, refreshed);
      }),
  })),

  'a result refused although the secret is the one exchanged': granting(LOSES_NOTHING, (plot) => ({
    storeRefreshed: async (key, exchangedRev, refreshed) => {
      const lease = await plot.raw.grants.readLease(key);
      const isLate = lease !== null && lease.tokenRev === exchangedRev && lease.until <= plot.now();
      return isLate ? null : plot.stores.grants.storeRefreshed(key, exchangedRev, refreshed);
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

  'a lease put over whatever is there': granting(ONE_LEASE, ({ raw, attempt }) => ({
    swapLease: (key, swap) =>
      attempt('swapLease', async () => raw.grants.swapLease(key, { ...swap, from: await raw.grants.readLease(key) })),
    readLease: (key) => attempt('readLease', async () => (await raw.grants.readLease(key)) && null),
  })),

  'a back-off that nobody heeds': granting(ONE_LEASE, ({ stores }) => ({
    readLease: async (key) => {
      const lease = await stores.grants.readLease(key);
      return lease && !lease.held ? { ...lease, until: 0 } : lease;
    },
  })),

  'an uncertain refresh tried at once': granting(IN_DOUBT, ({ stores, now }) => ({
    readLease: async (key) => {
      const lease = await stores.grants.readLease(key);
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

  'a refusal believed of another secret': granting(ONLY_DEAD, (plot) => ({
    markReconnectRequired: (key, _, reason) =>
      plot.attempt('markReconnectRequired', () =>
        plot.raw.grants.markReconnectRequired(key, revNow(plot, key), reason),
      ),
  })),

  'a doubt that is forgotten with the lease': granting(ONLY_DEAD, ({ stores }) => ({
    swapLease: (key, { from, to, ttlSeconds }) =>
      stores.grants.swapLease(key, { from, to: { ...to, uncertain: false }, ttlSeconds }),
  })),
};
