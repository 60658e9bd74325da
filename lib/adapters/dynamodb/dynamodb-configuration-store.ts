// The published configuration: one row, nothing secret. One that can't be read is as good as none, and is written anew.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { ConfigurationStore } from '../../domain/ports/configuration-store.ts';
import { configurationKey } from './item-keys.ts';
import { attempt, type Table } from './table.ts';

const ConfigurationItem = z.object({
  systemCredentialIds: z.array(z.string()),
  providers: z
    .array(z.object({ provider: z.string(), displayName: z.string(), defaultScopes: z.array(z.string()) }))
    .default([]),
});

export const dynamodbConfigurationStore = ({ client, name }: Table): ConfigurationStore => ({
  async readConfiguration() {
    const { Item } = await attempt(() =>
      client.send(new GetCommand({ TableName: name, Key: configurationKey, ConsistentRead: true })),
    );
    const parsed = ConfigurationItem.safeParse(Item);
    return parsed.success ? parsed.data : null;
  },

  async writeConfiguration({ systemCredentialIds, providers }) {
    const Item = { ...configurationKey, systemCredentialIds: [...systemCredentialIds], providers: [...providers] };
    await attempt(() => client.send(new PutCommand({ TableName: name, Item })));
  },
});
