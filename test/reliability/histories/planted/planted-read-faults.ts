// Faults around the reading of credentials: older than it may be, or of two moments in the wrong order.
import type { Dice } from '../../simulation/world/dice.ts';
import type { PlantedFault } from '../play/client-deps.ts';

const STALE = 0.3;

/** Gives now and then what it gave before. */
const stale = <A extends string[], T>(read: (...of: A) => Promise<T>, dice: Dice): typeof read => {
  const before = new Map<string, T>();
  return async (...of) => {
    const name = JSON.stringify(of);
    const older = before.get(name);
    const newest = await read(...of);
    before.set(name, newest);
    return older !== undefined && dice.chance(STALE) ? older : newest;
  };
};

export const plantedReadFaults: Readonly<Record<string, PlantedFault>> = {
  'an eventually consistent read of a user': ({ users }, { dice }) => ({
    users: { ...users, readUser: stale(users.readUser, dice) },
  }),

  'an eventually consistent read of a credential': ({ users }, { dice }) => ({
    users: { ...users, readCredential: stale(users.readCredential, dice) },
  }),

  'an eventually consistent read of the head': ({ users }, { dice }) => ({
    users: { ...users, readUserRecord: stale(users.readUserRecord, dice) },
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
