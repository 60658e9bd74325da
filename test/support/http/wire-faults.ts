// Injects faults into a DynamoDB client, below the SDK's own retries: answers lost after the work was done, and errors that the
// emulator never raises.
import type { Readable } from 'node:stream';
import type { Table } from '../../../lib/adapters/dynamodb/table.ts';

export type WireFault = 'lost' | { error: string; reasons?: { Code: string }[] };

export interface Wire {
  /** The faults of the next calls, first to last; 'none' lets one through. */
  plan(...faults: (WireFault | 'none')[]): void;
  calls: string[];
}

export const wireError = ({ error, reasons }: Exclude<WireFault, 'lost'>): Error =>
  Object.assign(new Error('injected'), { name: error, ...(reasons && { CancellationReasons: reasons }) });

export const answerLost = (): Error =>
  Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });

/** Reads an answer to its end and discards it, so that its connection can be reused. */
export const dropAnswer = ({ response }: { response: unknown }): void => {
  (response as { body?: Readable }).body?.resume();
};

/** Handles one call: may delay `send`, skip it, or discard its answer. */
export type Interceptor = <A extends { response: unknown }>(commandName: string, send: () => Promise<A>) => Promise<A>;

export const interceptWire = (table: Table, intercept: Interceptor): void => {
  table.client.middlewareStack.add(
    (next, context) => (args) => intercept(String(context.commandName), () => next(args)),
    { step: 'deserialize', priority: 'low', name: 'faultyWire' },
  );
};

export const faultyWire = (table: Table): Wire => {
  let planned: (WireFault | 'none')[] = [];
  const wire: Wire = {
    calls: [],
    plan: (...faults) => {
      planned = faults;
      wire.calls = [];
    },
  };
  interceptWire(table, async (commandName, send) => {
    const fault = planned.shift() ?? 'none';
    wire.calls.push(commandName);
    if (fault !== 'none' && fault !== 'lost') throw wireError(fault);
    const answer = await send();
    if (fault !== 'lost') return answer;
    dropAnswer(answer);
    throw answerLost();
  });
  return wire;
};
