// Planted faults in connect links: one that any browser may use, one that is not spent, or spent apart from the write.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { perform } from '../workload/perform.ts';
import type { PlantedFaults } from './planted-fault.ts';

const ONE_SUCCESS = 'a link without manage stores one credential';
const ONE_BROWSER = 'a link serves one browser';
const ITS_END = 'a link serves only until';
const ITS_FLOWS = 'a flow completes by the link';

export const plantedLinkFaults: PlantedFaults = {
  'a link not bound to its first browser': {
    violates: ONE_BROWSER,
    wrap: ({ stores, table, callStore }) => ({
      links: {
        ...stores.links,
        readLink: async (hash) => {
          const row = await stores.links.readLink(hash);
          return row && { ...row, browserHash: null };
        },
        claimLink: ({ tokenHash, browserHash }) =>
          callStore('claimLink', async () => {
            const row = table.links.get(tokenHash);
            return row !== undefined && Object.assign(row, { browserHash }) === row;
          }),
      },
    }),
  },

  'a link claimed by get, then put': {
    violates: ONE_BROWSER,
    wrap: ({ stores, table, callStore }) => ({
      links: {
        ...stores.links,
        claimLink: async ({ tokenHash, browserHash }) => {
          const row = await stores.links.readLink(tokenHash);
          if (row === null || (row.browserHash !== null && row.browserHash !== browserHash)) return false;
          return callStore('claimLink', async () => {
            Object.assign(table.links.get(tokenHash) ?? {}, { browserHash });
            return true;
          });
        },
      },
    }),
  },

  'a link not spent': {
    violates: ONE_SUCCESS,
    wrap: ({ stores }) => ({
      users: { ...stores.users, write: (userId, { spends: _, ...write }) => stores.users.write(userId, write) },
    }),
  },

  'a link spent after the write, in a call of its own': {
    violates: ONE_SUCCESS,
    wrap: ({ stores, table, callStore }) => ({
      users: {
        ...stores.users,
        write: async (userId, { spends, ...write }) => {
          const outcome = await stores.users.write(userId, write);
          if (spends === undefined || outcome.kind !== 'written') return outcome;
          await callStore('spendLink', async () => {
            Object.assign(table.links.get(spends.tokenHash) ?? {}, { spentBy: spends.operationId });
          });
          return outcome;
        },
      },
    }),
  },

  'a link spent before the write, whatever becomes of it': {
    violates: ONE_SUCCESS,
    wrap: ({ stores, table, callStore }) => ({
      users: {
        ...stores.users,
        write: async (userId, { spends, ...write }) => {
          if (spends === undefined) return stores.users.write(userId, write);
          await callStore('spendLink', async () => {
            Object.assign(table.links.get(spends.tokenHash) ?? {}, { spentBy: spends.operationId });
          });
          return stores.users.write(userId, write);
        },
      },
    }),
  },

  'the ttl of a link trusted as its expiry': {
    violates: ITS_END,
    perform: (deps, request) => {
      const isByLink = request.kind === 'add' && request.byLink !== undefined;
      return perform(isByLink ? { ...deps, clock: { ...deps.clock, now: () => 0 } } : deps, request);
    },
  },

  'a link that outlives its user': {
    violates: ITS_END,
    wrap: ({ stores }) => ({
      users: {
        ...stores.users,
        write: (userId, { expectedErasures: _, ...write }) => stores.users.write(userId, write),
      },
      erasures: {
        ...stores.erasures,
        removeRows: (userId, erasureId, { keys, token }) =>
          stores.erasures.removeRows(userId, erasureId, {
            token,
            keys: keys.filter((key) => !key.startsWith('LINK#')),
          }),
        readErasable: async (userId) =>
          (await stores.erasures.readErasable(userId)).filter(({ key }) => !key.startsWith('LINK#')),
      },
    }),
  },

  'a flow not bound to its link': {
    violates: ITS_FLOWS,
    perform: (deps, request) => {
      if (request.kind !== 'complete' && request.kind !== 'poll') return perform(deps, request);
      const { byLink } = request;
      const linkHash = byLink === undefined ? null : hashToken(byLink.token);
      const readState: typeof deps.states.readState = async (hash) => {
        const row = await deps.states.readState(hash);
        return row && { ...row, linkHash };
      };
      return perform({ ...deps, states: { ...deps.states, readState } }, request);
    },
  },
};
