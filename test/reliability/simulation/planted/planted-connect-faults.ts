// Planted faults in connections: a code sent twice, a completion by another user, a merge over what came meanwhile.
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import type { Item } from '../../../../lib/domain/credential/rows.ts';
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { Change, UserStore, UserWrite } from '../../../../lib/domain/ports/user-store.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import { toRow } from '../trace/write-model.ts';
import { perform } from '../workload/perform.ts';
import { narrowScenarios } from './narrow-scenarios.ts';
import type { PlantedFaults } from './planted-fault.ts';

const SENT_ONCE = 'an authorization code is sent once';
const ITS_STARTER = 'a code is sent only for its starter';
const CONSUMED_ONCE = 'a flow is consumed once';
const MERGES_AS_IT_IS = 'a connection merges into';
const ONE_PER_ACCOUNT = 'a user has one credential per account';
const NO_GRANT_LOST = 'a grant is stored or revoked';
const SPARES_OTHERS = 'a revocation that ends an account';
const POLLS_ARE_CLAIMED = 'each poll that reaches the provider';
const WITHIN_THE_LIMIT = 'the provider is asked for device codes only';

/** A call waits no longer than this between two readings of the clock, unless it is frozen. */
const LONGEST_WAIT_MILLISECONDS = 1_000;

/** The write with its puts changed; a write of other changes stays as it is. */
const changePuts = (write: UserWrite, change: (put: Extract<Change, { kind: 'put' }>) => Change): UserWrite => ({
  ...write,
  changes: write.changes.map((one) => (one.kind === 'put' ? change(one) : one)),
});

/** The new credential with the stored refresh token, sealed as the in-memory sealer does. */
const mix = (next: StoredCredential, item: Item): StoredCredential => {
  const sealed = JSON.parse(Buffer.from(next.sealed, 'base64url').toString());
  const { refreshToken } = toRow(item).secret;
  if (refreshToken === undefined || sealed.document.refreshToken !== undefined) return next;
  const document = { ...sealed.document, refreshToken };
  return { ...next, sealed: Buffer.from(JSON.stringify({ ...sealed, document })).toString('base64url') };
};

export const plantedConnectFaults: PlantedFaults = {
  'exchanges a code twice: once more after a lost answer': {
    violates: SENT_ONCE,
    oauth: (oauth) => ({
      ...oauth,
      exchangeCode: (client, exchange) =>
        oauth.exchangeCode(client, exchange).catch((error) => {
          if (error instanceof ProviderFault && error.kind === 'transient') return oauth.exchangeCode(client, exchange);
          throw error;
        }),
    }),
  },

  'exchanges a code twice: consumed by get, then put': {
    violates: SENT_ONCE,
    wrap: ({ stores, table, callStore }) => ({
      states: {
        ...stores.states,
        consumeState: async (asked) => {
          const row = await stores.states.readState(asked.tokenHash);
          if (row === null || row.usedBy !== null || row.userId !== asked.userId) return null;
          return callStore('consumeState', async () => {
            Object.assign(table.states.get(asked.tokenHash) ?? {}, { usedBy: asked.operationId });
            return row;
          });
        },
      },
    }),
  },

  'completes for a foreign user’s receipt': {
    violates: ITS_STARTER,
    perform: async (deps, request) => {
      if (request.kind !== 'complete') return perform(deps, request);
      const row = await deps.states.readState(hashToken(request.state));
      return perform(deps, { ...request, userId: row?.userId ?? request.userId });
    },
  },

  'merge without a condition': {
    violates: MERGES_AS_IT_IS,
    narrows: narrowScenarios.merges,
    wrap: ({ stores, table }) => ({
      users: {
        ...stores.users,
        write: (userId, write) => {
          const { credentials } = findUser(table, userId);
          const unconditional = changePuts(write, (put) => {
            if (put.when === 'absent') return put;
            const item = credentials.get(put.credential.id);
            if (item === undefined) return { ...put, when: 'absent' };
            return { ...put, when: { version: Number(item.version), secretRev: String(item.secretRev) } };
          });
          return stores.users.write(userId, unconditional);
        },
      },
    }),
  },

  'two accounts mixed: the refresh token kept for tokens of another or an unknown account': {
    violates: MERGES_AS_IT_IS,
    narrows: narrowScenarios.merges,
    wrap: ({ stores, table }) => ({
      users: {
        ...stores.users,
        write: (userId, write) => {
          const { credentials } = findUser(table, userId);
          const mixed = changePuts(write, (put) => {
            const item = credentials.get(put.credential.id);
            return put.when === 'absent' || item === undefined
              ? put
              : { ...put, credential: mix(put.credential, item) };
          });
          return stores.users.write(userId, mixed);
        },
      },
    }),
  },

  'two accounts mixed: the stored account not compared': {
    violates: MERGES_AS_IT_IS,
    narrows: narrowScenarios.merges,
    perform: (deps, request) => {
      if (request.kind !== 'complete') return perform(deps, request);
      const readCredential: UserStore['readCredential'] = async (...key) => {
        const row = await deps.users.readCredential(...key);
        return row?.readable ? { ...row, credential: { ...row.credential, accountId: null } } : row;
      };
      return perform({ ...deps, users: { ...deps.users, readCredential } }, request);
    },
  },

  'a new credential added without the version at which there was none': {
    violates: ONE_PER_ACCOUNT,
    narrows: narrowScenarios.mergesWithLostAnswers,
    wrap: ({ stores }) => ({
      users: {
        ...stores.users,
        write: (userId, { expectedVersion: _, ...write }) => stores.users.write(userId, write),
      },
    }),
  },

  'revokes though the account has another credential': {
    violates: SPARES_OTHERS,
    narrows: narrowScenarios.sharedAccounts,
    // The call sees no other credential where it looks for them.
    perform: (deps, request) => {
      if (request.kind !== 'delete') return perform(deps, request);
      return perform({ ...deps, users: { ...deps.users, readSummaries: async () => [] } }, request);
    },
  },

  'an orphan grant not revoked': {
    violates: NO_GRANT_LOST,
    oauth: (oauth) => ({ ...oauth, revoke: async () => 'revoked' }),
  },

  'a receipt that a newer one has voided': {
    violates: ITS_STARTER,
    wrap: ({ stores }) => ({
      states: { ...stores.states, consumeState: (mark) => stores.states.consumeState({ ...mark, receiptHash: null }) },
    }),
  },

  'a second code taken after the first': {
    violates: ITS_STARTER,
    wrap: ({ table, stores, callStore }) => ({
      states: {
        ...stores.states,
        storePendingCode: ({ tokenHash, pendingCode, receiptHash }) =>
          callStore('storePendingCode', async () => {
            const row = table.states.get(tokenHash);
            if (!row || row.usedBy !== null) return false;
            Object.assign(row, { pendingCode, receiptHash });
            return true;
          }),
      },
    }),
  },

  'a code stored after the state was consumed': {
    violates: CONSUMED_ONCE,
    wrap: ({ table, stores, callStore }) => ({
      states: {
        ...stores.states,
        storePendingCode: ({ tokenHash, pendingCode, receiptHash }) =>
          callStore('storePendingCode', async () => {
            Object.assign(table.states.get(tokenHash) ?? {}, { pendingCode, receiptHash });
            return true;
          }),
      },
    }),
  },

  'a poll claimed without a condition': {
    violates: POLLS_ARE_CLAIMED,
    wrap: ({ table, stores, callStore }) => ({
      states: {
        ...stores.states,
        claimPoll: ({ tokenHash, until, pollSeconds }) =>
          callStore('claimPoll', async () => {
            Object.assign(table.states.get(tokenHash) ?? {}, { pollAfter: until, pollSeconds });
            return true;
          }),
      },
    }),
  },

  'a device code asked for without a limit': {
    violates: WITHIN_THE_LIMIT,
    wrap: ({ stores }) => ({
      states: { ...stores.states, takePlace: (take) => stores.states.takePlace({ ...take, maxOpen: 1_000_000 }) },
    }),
  },
};

/** Shown by runs that refresh. */
export const plantedThawFaults: PlantedFaults = {
  'acts after a thaw without reading the clock again': {
    violates: 'a refresh token is sent only',
    perform: (deps, request) => {
      // A clock that counts only the time in which the function runs, as a monotonic one may.
      let [shown, last] = [deps.clock.now(), deps.clock.now()];
      const now = () => {
        const real = deps.clock.now();
        shown += Math.min(real - last, LONGEST_WAIT_MILLISECONDS);
        last = real;
        return shown;
      };
      const clock = { now, elapsed: deps.clock.elapsed };
      return perform({ ...deps, clock }, request);
    },
  },
};
