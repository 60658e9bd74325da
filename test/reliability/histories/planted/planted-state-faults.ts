// Faults around OAuth states: won twice, or by nobody.
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { stateKey } from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { attempt } from '../../../../lib/adapters/dynamodb/table.ts';
import type { PlantedFault } from '../clients/client-deps.ts';

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

  'a mark that does not know its own work, so that nobody wins': ({ states }) => ({
    states: {
      ...states,
      consumeState: async (mark) => {
        const row = await states.readState(mark.tokenHash);
        return row === null || row.usedBy !== null ? null : states.consumeState(mark);
      },
    },
  }),
};
