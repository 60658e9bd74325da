// Planted faults in writing and reading credentials: a write applied twice, partly, or over an unseen version.
import type { SummaryRow } from '../../../../lib/domain/credential/rows.ts';
import type { Change, UserWrite } from '../../../../lib/domain/ports/user-store.ts';
import { findUser } from '../../../support/memory/memory-table.ts';
import type { Stores } from '../environment/raw-stores.ts';
import { perform } from '../workload/perform.ts';
import type { FaultContext, PlantedFault, PlantedFaults } from './planted-fault.ts';

type WriteStep = (context: FaultContext, userId: string, write: UserWrite) => ReturnType<Stores['users']['write']>;

const wrapWrite = (violates: string, write: WriteStep): PlantedFault => ({
  violates,
  wrap: (context) => ({ users: { ...context.stores.users, write: (userId, asked) => write(context, userId, asked) } }),
});

const isAdd = (change: Change) => change.kind === 'put' && change.when === 'absent';

/** The change, conditioned on the row that is stored now. */
const asFound = ({ table }: FaultContext, userId: string, change: Change): Change => {
  if (change.kind !== 'put') return change;
  const found = findUser(table, userId).credentials.get(change.credential.id);
  return { ...change, when: found ? { version: found.version, secretRev: found.secretRev } : 'absent' };
};

const withChanges = (context: FaultContext, userId: string, write: UserWrite, blind: (change: Change) => boolean) =>
  context.callStore('write', () => {
    const changes = write.changes.map((change) => (blind(change) ? asFound(context, userId, change) : change));
    return context.raw.users.write(userId, { ...write, changes });
  });

/** The rows are read where the user record should be, and given out after it. */
const readVersionLast = (users: Stores['users']): Stores['users'] => {
  let before: SummaryRow[] | undefined;
  return {
    ...users,
    readUserRecord: async (userId) => {
      before = await users.readSummaries(userId, { kind: 'all' });
      return users.readUserRecord(userId);
    },
    readSummaries: async (userId, range) =>
      (range.kind === 'all' ? before : undefined) ?? users.readSummaries(userId, range),
    readUser: async (userId) => {
      const { rows } = await users.readUser(userId);
      return { rows, userRecord: await users.readUserRecord(userId) };
    },
  };
};

export const plantedWriteFaults: PlantedFaults = {
  'a new idempotency token for each retry': wrapWrite('a successful write', ({ stores, random }, userId, write) =>
    stores.users.write(userId, { ...write, token: random.uuid() }),
  ),

  'the expected version ignored': wrapWrite('no update is lost', ({ stores }, userId, write) =>
    stores.users.write(userId, { ...write, expectedVersion: undefined }),
  ),

  'an add that overwrites': wrapWrite('a write changes exactly', (context, userId, write) =>
    withChanges(context, userId, write, isAdd),
  ),

  'a replacement without a condition on the row': wrapWrite('a write changes exactly', (context, userId, write) =>
    withChanges(context, userId, write, (change) => !isAdd(change)),
  ),

  'the limit checked before the write instead of in it': wrapWrite(
    'the stored count',
    async ({ stores }, userId, write) => {
      const head = await stores.users.readUserRecord(userId);
      const added = write.changes.filter(isAdd).length;
      if (added > 0 && (head?.count ?? 0) + added > write.maxCredentials) return stores.users.write(userId, write);
      return stores.users.write(userId, { ...write, maxCredentials: 1_000_000 });
    },
  ),

  'an edit in two transactions': wrapWrite('a successful write', async ({ stores }, userId, write) => {
    const [first, ...rest] = write.changes;
    if (!first || rest.length === 0) return stores.users.write(userId, write);
    const outcome = await stores.users.write(userId, { ...write, token: `${write.token} first`, changes: [first] });
    if (outcome.kind !== 'written') return outcome;
    return stores.users.write(userId, { ...write, expectedVersion: undefined, changes: rest });
  }),

  'the user record read after the credentials': {
    violates: 'a read returns',
    wrap: ({ stores }) => ({ users: readVersionLast(stores.users) }),
  },

  'an answer that does not wait for a call it started': {
    violates: 'a call leaves nothing',
    perform: async (deps, request) => {
      const answer = await perform(deps, request);
      deps.users.readUserRecord(request.userId).catch(() => {});
      return answer;
    },
  },
};
