// One client's connection to the table engine: the adapter's real client with a middleware that injects faults. A time-out
// happens at once and advances the client's own clock by the time it would have waited.
import { setTimeout as pause } from 'node:timers/promises';
import { openTable, type Table } from '../../../../lib/adapters/dynamodb/table.ts';
import {
  answerLost,
  dropAnswer,
  type Interceptor,
  interceptWire,
  wireError,
} from '../../../support/http/wire-faults.ts';
import { type SettableClock, settableClock } from '../../../support/memory/memory-deps.ts';
import type { Prng } from '../../simulation/environment/prng.ts';
import { createFaultSource, type WireFaultKind, type WireFaultProfile } from './wire-faults.ts';

/** A table client with faults. */
export interface FaultyWire {
  table: Table;
  clock: SettableClock;
  /** Injects faults of this profile from now on; reports each. */
  injectFaults(faultProfile: WireFaultProfile, prng: Prng, onFault: (fault: WireFaultKind) => void): void;
  stopFaults(): void;
  /** Sends the requests that the last call believed lost, or drops them. */
  deliverLate(arrives: boolean): void;
  /** Resolves when all late requests were delivered. */
  drain(): Promise<void>;
}

const TIMEOUT_MILLISECONDS = 1000;
/** Real time, long enough for other clients to overtake. */
const LONGEST_DELAY_MILLISECONDS = 4;

/** Errors of DynamoDB that the engine itself never raises. */
const toWireError = (fault: WireFaultKind | null, commandName: string): Parameters<typeof wireError>[0] | null => {
  if (fault === 'throttled') return { error: 'ThrottlingException' };
  if (fault === 'refused') return { error: 'InternalServerError' };
  if (fault === 'denied') return { error: 'AccessDeniedException' };
  if (fault !== 'conflict') return null;
  return commandName === 'TransactWriteItemsCommand'
    ? { error: 'TransactionCanceledException', reasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] }
    : { error: 'TransactionConflictException' };
};

type Send = () => Promise<{ response: unknown }>;

interface WireState {
  clock: SettableClock;
  nextFault: (isWrite: boolean) => WireFaultKind | null;
  delay: () => Promise<void>;
  /** Requests of the current call that were not sent. */
  undelivered: Send[];
  delivering: Promise<void>[];
}

const timeOut = ({ clock }: WireState): Error => {
  clock.advance(TIMEOUT_MILLISECONDS);
  return Object.assign(new Error('timed out'), { name: 'TimeoutError' });
};

const faultInterceptor =
  (state: WireState): Interceptor =>
  async (commandName, send) => {
    const isWrite = /Write|Update/.test(commandName);
    const fault = state.nextFault(isWrite);
    const error = toWireError(fault, commandName);
    if (error) throw wireError(error);
    if (fault === 'late' && isWrite) state.undelivered.push(send);
    if (fault === 'late' || fault === 'hung') throw timeOut(state);
    if (fault === 'delayed') await state.delay();
    const answer = await send();
    if (fault === 'slow answer') await state.delay();
    if (fault !== 'lost') return answer;
    dropAnswer(answer);
    state.clock.advance(TIMEOUT_MILLISECONDS / 2);
    throw answerLost();
  };

/** Opens a wire to a table, without faults at first. */
export const openFaultyWire = (tableName: string): FaultyWire => {
  const table = openTable(tableName);
  const calm = { nextFault: () => null, delay: async () => {} };
  const state: WireState = { ...calm, clock: settableClock(), undelivered: [], delivering: [] };
  interceptWire(table, faultInterceptor(state));
  return {
    table,
    clock: state.clock,
    injectFaults: (faultProfile, prng, onFault) => {
      const draw = createFaultSource(prng, faultProfile);
      state.delay = () => pause(1 + prng.below(LONGEST_DELAY_MILLISECONDS));
      state.nextFault = (isWrite) => {
        const fault = draw(isWrite);
        if (fault) onFault(fault);
        return fault;
      };
    },
    stopFaults: () => void Object.assign(state, calm),
    deliverLate: (arrives) => {
      if (arrives) state.delivering.push(...state.undelivered.map((send) => state.delay().then(send).then(dropAnswer)));
      state.undelivered = [];
    },
    drain: async () => {
      await Promise.all(state.delivering);
      state.delivering = [];
    },
  };
};
