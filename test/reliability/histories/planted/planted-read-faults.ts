// Planted faults in reading credentials: stale reads, or two reads in the wrong order.
import type { Prng } from '../../simulation/environment/prng.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

const STALE = 0.3;

/** Sometimes returns the previous answer. */
const stale = <A extends string[], T>(read: (...of: A) => Promise<T>, prng: Prng): typeof read => {
  const before = new Map<string, T>();
  return async (...of) => {
    const name = JSON.stringify(of);
    const older = before.get(name);
    const newest = await read(...of);
    before.set(name, newest);
    return older !== undefined && prng.chance(STALE) ? older : newest;
  };
};

/** By description. */
export const plantedReadFaults: Readonly<Record<string, PlantedFault>> = {
  'an eventually consistent read of a user': ({ users }, { prng }) => ({
    users: { ...users, readUser: stale(users.readUser, prng) },
  }),

  'an eventually consistent read of a credential': ({ users }, { prng }) => ({
    users: { ...users, readCredential: stale(users.readCredential, prng) },
  }),

  'an eventually consistent read of the user record': ({ users }, { prng }) => ({
    users: { ...users, readUserRecord: stale(users.readUserRecord, prng) },
  }),

  'the user record read after the credentials': ({ users }) => ({
    users: {
      ...users,
      readUser: async (userId) => {
        const { rows } = await users.readUser(userId);
        return { rows, userRecord: await users.readUserRecord(userId) };
      },
    },
  }),
};
