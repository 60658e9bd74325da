// Planted faults in writing credentials: applied twice, partly, reported as refused, or over an unseen version.
import { randomUUID } from 'node:crypto';
import { PortFault } from '../../../../lib/domain/ports/port-fault.ts';
import type { Change, UserStore, UserWrite } from '../../../../lib/domain/ports/user-store.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

type WriteStep = (users: UserStore, userId: string, write: UserWrite) => ReturnType<UserStore['write']>;

const wrapWrite =
  (write: WriteStep): PlantedFault =>
  ({ users }) => ({ users: { ...users, write: (userId, asked) => write(users, userId, asked) } });

/** The change, conditioned on the row that is stored now. */
const asFound = async (users: UserStore, userId: string, change: Change): Promise<Change> => {
  if (change.kind !== 'put' || change.when === 'absent') return change;
  const found = await users.readCredential(userId, change.credential.id);
  return found ? { ...change, when: found.rowVersion } : change;
};

const overwriting: PlantedFault = ({ users }) => {
  // Unchanged through all retries of one write, as its idempotency token requires.
  const found = new Map<string, Change[]>();
  const write: UserStore['write'] = async (userId, asked) => {
    const changes =
      found.get(asked.token) ?? (await Promise.all(asked.changes.map((change) => asFound(users, userId, change))));
    found.set(asked.token, changes);
    return users.write(userId, { ...asked, changes });
  };
  return { users: { ...users, write } };
};

/** By description. */
export const plantedWriteFaults: Readonly<Record<string, PlantedFault>> = {
  'a new idempotency token for each retry, so that a write takes effect twice': wrapWrite((users, userId, write) =>
    users.write(userId, { ...write, token: randomUUID() }),
  ),

  'a lost answer taken for a refusal': wrapWrite(async (users, userId, write) => {
    try {
      return await users.write(userId, write);
    } catch (error) {
      if (!(error instanceof PortFault)) throw error;
      return { kind: 'refused', userRecord: null, userRecordRefused: false, refused: [0] };
    }
  }),

  'the expected version ignored, so that an update is lost': wrapWrite((users, userId, write) =>
    users.write(userId, { ...write, expectedVersion: undefined }),
  ),

  'a replacement without a condition on the row': overwriting,

  'an edit in two transactions': wrapWrite(async (users, userId, write) => {
    const [first, ...rest] = write.changes;
    if (!first || rest.length === 0) return users.write(userId, write);
    // DynamoDB takes 36 characters for a token.
    const token = `1${write.token.slice(1)}`;
    const outcome = await users.write(userId, { ...write, token, changes: [first] });
    if (outcome.kind !== 'written') return outcome;
    return users.write(userId, { ...write, expectedVersion: undefined, changes: rest });
  }),

  'a limit that is not checked': wrapWrite((users, userId, write) =>
    users.write(userId, { ...write, maxCredentials: 1_000_000 }),
  ),
};
