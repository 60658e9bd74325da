// The dependencies of one client: the real stores over its wire with the real retries; the rest in memory, with its own clock.
import { setImmediate as turn } from 'node:timers/promises';
import { dynamodbStateStore } from '../../../../lib/adapters/dynamodb/dynamodb-state-store.ts';
import { dynamodbUserStore } from '../../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import type { Table } from '../../../../lib/adapters/dynamodb/table.ts';
import { retryingPort } from '../../../../lib/adapters/resilience/retrying-port.ts';
import { cryptoRandom } from '../../../../lib/adapters/runtime/crypto-random.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import type { Prng } from '../../simulation/environment/prng.ts';
import type { FaultyWire } from './faulty-wire.ts';

/** The stores over the wire. */
export type Stores = Pick<Deps, 'users' | 'states'>;

/** Replaces part of the stores, below the retries, with a mistake the checker must detect. */
export type PlantedFault = (stores: Stores, given: { table: Table; prng: Prng }) => Partial<Stores>;

interface Options {
  prng: Prng;
  maxCredentials: number;
  planted?: PlantedFault | undefined;
}

/** Longer than any history. */
const STATE_SECONDS = 86_400;

/** The dependencies of a client. */
export const clientDeps = ({ table, clock }: FaultyWire, { prng, maxCredentials, planted }: Options): Deps => {
  const memory = memoryDeps();
  const sleep = async (milliseconds: number) => {
    clock.advance(Math.ceil(milliseconds));
    await turn();
  };
  // Ids are truly random: the engine keeps rows of earlier histories.
  const timing = { clock, sleep, random: { ...cryptoRandom, fraction: prng.fraction } };
  const stores = { users: dynamodbUserStore(table), states: dynamodbStateStore(table) };
  const { users, states } = { ...stores, ...planted?.(stores, { table, prng }) };
  return {
    ...memory,
    ...timing,
    users: retryingPort(users, timing),
    states: retryingPort(states, timing),
    limits: { ...memory.limits, maxCredentialsPerUser: maxCredentials, oauthStateTtlSeconds: STATE_SECONDS },
  };
};
