// Faults on the wire of a DynamoDB client, inside the SDK's own retries: answers lost after the work was done, and errors
// the engine itself never raises.
import type { Table } from '../../lib/adapters/dynamodb/table.ts';

export type WireFault = 'lost' | { error: string; reasons?: { Code: string }[] };

export interface Wire {
  /** The faults of the next calls, first to last; 'none' lets one through. */
  plan(...faults: (WireFault | 'none')[]): void;
  calls: string[];
}

const raise = ({ error, reasons }: Exclude<WireFault, 'lost'>): Error =>
  Object.assign(new Error('injected'), { name: error, ...(reasons && { CancellationReasons: reasons }) });

export const faultyWire = (table: Table): Wire => {
  let planned: (WireFault | 'none')[] = [];
  const wire: Wire = {
    calls: [],
    plan: (...faults) => {
      planned = faults;
      wire.calls = [];
    },
  };
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const fault = planned.shift() ?? 'none';
      wire.calls.push(String(context.commandName));
      if (fault !== 'none' && fault !== 'lost') throw raise(fault);
      const answer = await next(args);
      if (fault === 'lost') throw Object.assign(new Error('socket hang up'), { name: 'Error', code: 'ECONNRESET' });
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'faultyWire' },
  );
  return wire;
};
