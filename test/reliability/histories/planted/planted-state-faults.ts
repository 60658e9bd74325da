// Planted faults in consuming OAuth states: consumed twice, or lost.
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { stateKey } from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { attempt } from '../../../../lib/adapters/dynamodb/table.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

/** By description. */
export const plantedStateFaults: Readonly<Record<string, PlantedFault>> = {
  'a state consumed by get, then delete': ({ states }, { table: { client, name } }) => ({
    states: {
      ...states,
      consumeState: async ({ tokenHash }) => {
        const row = await states.readState(tokenHash);
        if (row === null) return null;
        await attempt(() => client.send(new DeleteCommand({ TableName: name, Key: stateKey(tokenHash) })));
        return row;
      },
    },
  }),

  'a consume that does not recognise its own mark, so that the state is lost': ({ states }) => ({
    states: {
      ...states,
      consumeState: async (mark) => {
        const row = await states.readState(mark.tokenHash);
        return row === null || row.usedBy !== null ? null : states.consumeState(mark);
      },
    },
  }),
};
