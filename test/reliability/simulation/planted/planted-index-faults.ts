// Planted faults of the index of a user's credentials: an entry that is missing, misplaced, late or overlooked.
import type { SummaryRow } from '../../../../lib/domain/credential/rows.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../environment/raw-stores.ts';
import type { FaultContext, PlantedFaults } from './planted-fault.ts';

/** The views of each user as the index shows them, by table: those before the last write. */
const lateViews = new WeakMap<object, Map<string, SummaryRow[]>>();

/** The index follows its rows with a later write, which comes with the next one of the user. */
const writeViewLate = (context: FaultContext): Pick<Stores, 'users'> => {
  const { stores, raw, table } = context;
  const views = lateViews.get(table) ?? new Map<string, SummaryRow[]>();
  lateViews.set(table, views);
  return {
    users: {
      ...stores.users,
      write: (userId, write) =>
        context.callStore('write', async () => {
          const before = await raw.users.readSummaries(userId, { kind: 'all' });
          const outcome = await raw.users.write(userId, write);
          if (outcome.kind === 'written') views.set(userId, before);
          return outcome;
        }),
      readSummaries: async (userId, range) => {
        const rows = await stores.users.readSummaries(userId, range);
        return range.kind === 'all' ? (views.get(userId) ?? rows) : rows;
      },
    },
  };
};

export const plantedIndexFaults: PlantedFaults = {
  'a view that is not written with its row': { violates: 'a read returns', wrap: writeViewLate },

  'a row written without its index key': {
    violates: 'every row stands',
    wrap: (context) => ({
      users: {
        ...context.stores.users,
        write: (userId, write) =>
          context.callStore('write', async () => {
            const outcome = await context.raw.users.write(userId, write);
            const { credentials } = findUser(context.table, userId);
            const { lookup: _, ...item } = credentials.get('a') ?? {};
            if (outcome.kind === 'written' && credentials.has('a')) credentials.set('a', item);
            return outcome;
          }),
      },
    }),
  },

  'an index key that a replacement changes': {
    violates: 'every row stands',
    wrap: (context) => ({
      users: {
        ...context.stores.users,
        write: (userId, write) =>
          context.callStore('write', async () => {
            const outcome = await context.raw.users.write(userId, write);
            const { credentials } = findUser(context.table, userId);
            const item = credentials.get('b');
            if (outcome.kind === 'written' && item && Number(item.version) > 1)
              credentials.set('b', { ...item, lookup: `${item.provider}#~` });
            return outcome;
          }),
      },
    }),
  },

  'the first credential chosen without a look at its scopes': {
    violates: 'a refusal has a reason',
    wrap: ({ stores: { users } }) => ({
      users: {
        ...users,
        readSummaries: async (userId, range) => (await users.readSummaries(userId, range)).slice(0, 1),
      },
    }),
  },
};
