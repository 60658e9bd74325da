// Faults around the reading of credentials: older than it may be, or of two moments in the wrong order.
import type { Prng } from '../../simulation/environment/prng.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

const STALE = 0.3;

/** Gives now and then what it gave before. */
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

export const plantedReadFaults: Readonly<Record<string, PlantedFault>> = {
  'an eventually consistent read of a user': ({ users }, { prng }) => ({
    users: { ...users, readUser: stale(users.readUser, prng) },
  }),

  'an eventually consistent read of a credential': ({ users }, { prng }) => ({
    users: { ...users, readCredential: stale(users.readCredential, prng) },
  }),

  'an eventually consistent read of the head': ({ users }, { prng }) => ({
    users: { ...users, readUserRecord: stale(users.readUserRecord, prng) },
  }),

  'the head read after the credentials': ({ users }) => ({
    users: {
      ...users,
      readUser: async (userId) => {
        const { rows } = await users.readUser(userId);
        return { rows, head: await users.readUserRecord(userId) };
      },
    },
  }),
};
