// One client's way to the engine: the real client of the adapter, and a middleware that lets things go wrong. What times
// out does so at once, while the client's own clock moves on by as much as it would have waited.
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
import { faultSource, type WireFaultKind, type WireFaultProfile } from './wire-faults.ts';

export interface FaultyWire {
  table: Table;
  clock: SettableClock;
  /** From now on so many faults, drawn from these dice, each told. */
  injectFaults(faultProfile: WireFaultProfile, prng: Prng, onFault: (fault: WireFaultKind) => void): void;
  stopFaults(): void;
  /** What the call left on the way, believed lost by it, arrives from now on, or never does. */
  deliverLate(arrives: boolean): void;
  /** Nothing is on the way any more. */
  drain(): Promise<void>;
}

const TIMEOUT_MILLISECONDS = 1000;
/** Of real time, enough for others to overtake. */
const LONGEST_DELAY_MILLISECONDS = 4;

/** As DynamoDB words what the engine itself never says. */
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
  /** Left there by a call that is still going on. */
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

export const openFaultyWire = (tableName: string): FaultyWire => {
  const table = openTable(tableName);
  const calm = { nextFault: () => null, delay: async () => {} };
  const state: WireState = { ...calm, clock: settableClock(), undelivered: [], delivering: [] };
  interceptWire(table, faultInterceptor(state));
  return {
    table,
    clock: state.clock,
    injectFaults: (faultProfile, prng, onFault) => {
      const draw = faultSource(prng, faultProfile);
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
