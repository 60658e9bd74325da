// Counts what calls cost at the table: requests and the capacity units that the engine reports.
import type { Table } from '../../../lib/adapters/dynamodb/table.ts';

interface Consumed {
  CapacityUnits?: number;
}

/** What calls have cost. */
export interface ReadCosts {
  /** Names of the commands, in their order. */
  requests: string[];
  /** Of the table and its indexes together; 0 from an engine that reports none. */
  units: number;
}

const sumUnits = (consumed: Consumed | Consumed[] | undefined): number =>
  [consumed ?? []].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);

/** Asks the engine for consumed capacity with every request; `measure` returns what the calls of an effect have cost. */
export const countReads = ({ client }: Table) => {
  let costs: ReadCosts = { requests: [], units: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input as object, { ReturnConsumedCapacity: 'INDEXES' });
      costs.requests.push(String(context.commandName).replace(/Command$/, ''));
      const result = await next(args);
      costs.units += sumUnits((result.output as { ConsumedCapacity?: Consumed | Consumed[] }).ConsumedCapacity);
      return result;
    },
    { step: 'initialize', name: 'countReads' },
  );
  return {
    measure: async (effect: () => Promise<unknown>): Promise<ReadCosts> => {
      costs = { requests: [], units: 0 };
      await effect();
      return costs;
    },
  };
};
