// Planted faults in reading credentials: stale reads, or two reads in the wrong order.
import type { SummaryRow } from '../../../../lib/domain/credential/rows.ts';
import type { UserStore } from '../../../../lib/domain/ports/user-store.ts';
import type { Prng } from '../../simulation/environment/prng.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

const STALE = 0.3;

/** Sometimes returns the previous answer. */
const stale = <A extends unknown[], T>(read: (...of: A) => Promise<T>, prng: Prng): typeof read => {
  const before = new Map<string, T>();
  return async (...of) => {
    const name = JSON.stringify(of);
    const older = before.get(name);
    const newest = await read(...of);
    before.set(name, newest);
    return older !== undefined && prng.chance(STALE) ? older : newest;
  };
};

/** The rows are read where the user record should be, and given out after it. */
const readVersionLast = (users: UserStore): UserStore => {
  const before = new Map<string, SummaryRow[]>();
  return {
    ...users,
    readUserRecord: async (userId) => {
      before.set(userId, await users.readSummaries(userId, { kind: 'all' }));
      return users.readUserRecord(userId);
    },
    readSummaries: async (userId, range) =>
      (range.kind === 'all' ? before.get(userId) : undefined) ?? users.readSummaries(userId, range),
    readUser: async (userId) => {
      const { rows } = await users.readUser(userId);
      return { rows, userRecord: await users.readUserRecord(userId) };
    },
  };
};

/** By description. */
export const plantedReadFaults: Readonly<Record<string, PlantedFault>> = {
  'an eventually consistent read of a user': ({ users }, { prng }) => ({
    users: { ...users, readUser: stale(users.readUser, prng) },
  }),

  'an eventually consistent read of the index': ({ users }, { prng }) => ({
    users: { ...users, readSummaries: stale(users.readSummaries, prng) },
  }),

  'an eventually consistent read of the first credential': ({ users }, { prng }) => ({
    users: { ...users, readFirst: stale(users.readFirst, prng) },
  }),

  'an eventually consistent read of a credential': ({ users }, { prng }) => ({
    users: { ...users, readCredential: stale(users.readCredential, prng) },
  }),

  'an eventually consistent read of the user record': ({ users }, { prng }) => ({
    users: { ...users, readUserRecord: stale(users.readUserRecord, prng) },
  }),

  'the user record read after the credentials': ({ users }) => ({
    users: readVersionLast(users),
  }),
};
