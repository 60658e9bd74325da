// The published configuration: one item, nothing secret. An item that cannot be parsed counts as missing; the sweep rewrites it.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Item } from '../../domain/credential/rows.ts';
import { TemplateVariables } from '../../domain/oauth/provider-record.ts';
import type { ConfigurationStore, PublishedConfiguration } from '../../domain/ports/configuration-store.ts';
import { configurationKey } from './item-keys.ts';
import { attempt, type Table } from './table.ts';

const PublishedProvider = z.object({
  provider: z.string(),
  displayName: z.string(),
  defaultScopes: z.array(z.string()),
  device: z.boolean(),
  templateVariables: TemplateVariables.optional(),
  verifiable: z.boolean(),
});

const ConfigurationItem = z.object({
  systemCredentialIds: z.array(z.string()),
  providers: z.array(PublishedProvider).default([]),
});

/** Parses the item of the published configuration; null if there is none or it cannot be parsed. */
export const parseConfiguration = (item: Item | undefined): PublishedConfiguration | null => {
  const parsed = ConfigurationItem.safeParse(item);
  return parsed.success ? parsed.data : null;
};

/** Implements `ConfigurationStore`. */
export const dynamodbConfigurationStore = ({ client, name }: Table): ConfigurationStore => ({
  async readConfiguration() {
    const { Item } = await attempt(() =>
      client.send(new GetCommand({ TableName: name, Key: configurationKey, ConsistentRead: true })),
    );
    return parseConfiguration(Item);
  },

  async writeConfiguration({ systemCredentialIds, providers }) {
    const Item = { ...configurationKey, systemCredentialIds: [...systemCredentialIds], providers: [...providers] };
    await attempt(() => client.send(new PutCommand({ TableName: name, Item })));
  },
});
