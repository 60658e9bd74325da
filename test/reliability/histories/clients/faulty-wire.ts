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
import type { Dice } from '../../simulation/world/dice.ts';
import { faultSource, type WireFaultKind, type WireWeather } from './wire-weather.ts';

export interface ClientWire {
  table: Table;
  clock: SettableClock;
  /** From now on so many faults, drawn from these dice, each told. */
  meet(weather: WireWeather, dice: Dice, onFault: (fault: WireFaultKind) => void): void;
  clear(): void;
  /** What the call left on the way, believed lost by it, arrives from now on, or never does. */
  settle(arrives: boolean): void;
  /** Nothing is on the way any more. */
  atRest(): Promise<void>;
}

const TIMEOUT_MILLISECONDS = 1000;
/** Of real time, enough for others to overtake. */
const LONGEST_DELAY_MILLISECONDS = 4;

/** As DynamoDB words what the engine itself never says. */
const errorOf = (fault: WireFaultKind | null, commandName: string): Parameters<typeof wireError>[0] | null => {
  if (fault === 'throttled') return { error: 'ThrottlingException' };
  if (fault === 'refused') return { error: 'InternalServerError' };
  if (fault === 'denied') return { error: 'AccessDeniedException' };
  if (fault !== 'conflict') return null;
  return commandName === 'TransactWriteItemsCommand'
    ? { error: 'TransactionCanceledException', reasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] }
    : { error: 'TransactionConflictException' };
};

type Send = () => Promise<{ response: unknown }>;

interface Way {
  clock: SettableClock;
  nextFault: (isWrite: boolean) => WireFaultKind | null;
  delay: () => Promise<void>;
  /** Left there by a call that is still going on. */
  onTheWay: Send[];
  arriving: Promise<void>[];
}

const timeOut = ({ clock }: Way): Error => {
  clock.advance(TIMEOUT_MILLISECONDS);
  return Object.assign(new Error('timed out'), { name: 'TimeoutError' });
};

const roughly =
  (way: Way): Interceptor =>
  async (commandName, send) => {
    const isWrite = /Write|Update/.test(commandName);
    const fault = way.nextFault(isWrite);
    const error = errorOf(fault, commandName);
    if (error) throw wireError(error);
    if (fault === 'late' && isWrite) way.onTheWay.push(send);
    if (fault === 'late' || fault === 'hung') throw timeOut(way);
    if (fault === 'delayed') await way.delay();
    const answer = await send();
    if (fault === 'slow answer') await way.delay();
    if (fault !== 'lost') return answer;
    dropAnswer(answer);
    way.clock.advance(TIMEOUT_MILLISECONDS / 2);
    throw answerLost();
  };

export const openClientWire = (tableName: string): ClientWire => {
  const table = openTable(tableName);
  const calm = { nextFault: () => null, delay: async () => {} };
  const way: Way = { ...calm, clock: settableClock(), onTheWay: [], arriving: [] };
  interceptWire(table, roughly(way));
  return {
    table,
    clock: way.clock,
    meet: (weather, dice, onFault) => {
      const draw = faultSource(dice, weather);
      way.delay = () => pause(1 + dice.below(LONGEST_DELAY_MILLISECONDS));
      way.nextFault = (isWrite) => {
        const fault = draw(isWrite);
        if (fault) onFault(fault);
        return fault;
      };
    },
    clear: () => void Object.assign(way, calm),
    settle: (arrives) => {
      if (arrives) way.arriving.push(...way.onTheWay.map((send) => way.delay().then(send).then(dropAnswer)));
      way.onTheWay = [];
    },
    atRest: async () => {
      await Promise.all(way.arriving);
      way.arriving = [];
    },
  };
};
