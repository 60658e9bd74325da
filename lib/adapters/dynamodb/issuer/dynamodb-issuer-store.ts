// Issuers in DynamoDB: metadata is overwritten, while a registered client is put only where there is none or in place of one that
// is named, so that a thousand callers at once store one client.
//
//   caller A                     client                    caller B
//   registers, gets a                                      registers, gets b
//   puts a                    →  a
//                                refused by FREE_OR_NAMED  ←  puts b; gets a, and uses it
//   the secret of a ends soon
//   registers, puts c for a   →  c
//                                refused: it is no longer a  ←  puts d for a; gets c
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { IssuerStore, RegisteredClient } from '../../../domain/ports/issuer-store.ts';
import { PortFault } from '../../../domain/ports/port-fault.ts';
import { issuerMetadataKey, type Key, registeredClientKey } from '../item-keys.ts';
import { attempt, attemptConditional, isRefusal, type Table } from '../table.ts';
import { clientItem, metadataItem, parseClient, parseMetadata } from './issuer-items.ts';

/** No client is stored. */
const FREE = 'attribute_not_exists(pk)';
/** No client is stored, or still the one to replace. */
const FREE_OR_NAMED = `${FREE} OR clientId = :replaces`;

const buildClientPut = (table: string, client: RegisteredClient, replaces: string | null): PutCommand =>
  new PutCommand({
    TableName: table,
    Item: clientItem(client),
    ConditionExpression: replaces === null ? FREE : FREE_OR_NAMED,
    ...(replaces !== null && { ExpressionAttributeValues: { ':replaces': replaces } }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

/** Implements `IssuerStore`. */
export const dynamodbIssuerStore = ({ client: connection, name }: Table): IssuerStore => {
  const read = async (key: Key) => {
    const command = new GetCommand({ TableName: name, Key: key, ConsistentRead: true });
    return (await attempt(() => connection.send(command))).Item;
  };

  return {
    async readCachedServer(issuer) {
      return parseMetadata(issuer, await read(issuerMetadataKey(issuer)));
    },

    async writeCachedServer(cached) {
      await attempt(() => connection.send(new PutCommand({ TableName: name, Item: metadataItem(cached) })));
    },

    async readClient(key) {
      return parseClient(key, await read(registeredClientKey(key)));
    },

    async putClient(client, replaces) {
      const result = await attemptConditional(() => connection.send(buildClientPut(name, client, replaces)));
      if (!isRefusal(result)) return client;
      const stored = parseClient(client, result.item);
      // A row that a newer release wrote: it must not be overwritten, and no client can be made of it.
      if (stored === null) throw new PortFault('unavailable', { retryable: false });
      return stored;
    },
  };
};
