// Issuers in DynamoDB: metadata is sealed and overwritten, while a registered client is put only where there is none or in place of one that
// is named, so that a thousand callers at once store one client.
//
//   caller A                     client                    caller B
//   registers, gets a                                      registers, gets b
//   puts a                    →  a
//                                refused by its condition  ←  puts b; gets a, and uses it
//   the secret of a ends soon
//   registers, puts c for a   →  c, and a among the former
//                                refused: it is no longer a  ←  puts d for a; gets c
//   refreshes a grant of a: reads c, then a among the former
import {
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { issuerMetadataContext } from '../../../domain/credential/seal-context.ts';
import type { FormerClientKey, IssuerStore, RegisteredClient } from '../../../domain/ports/issuer-store.ts';
import { PortFault } from '../../../domain/ports/port-fault.ts';
import type { Sealed, Sealer } from '../../../domain/ports/sealer.ts';
import { ServiceError } from '../../../domain/values/service-error.ts';
import { formerClientKey, issuerMetadataKey, type Key, registeredClientKey } from '../item-keys.ts';
import { ROW_ABSENT, ttlSeconds } from '../statements.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Refusal, type Table } from '../table.ts';
import {
  clientItem,
  formerClientItem,
  metadataItem,
  parseClient,
  parseFormerClient,
  parseMetadata,
  parseMetadataSeal,
} from './issuer-items.ts';

const TTL_NAME = { '#ttl': 'ttl' };

/**
 * No client is stored, or still the one to replace: a server may give the same id again, with another secret, and a connection that is
 * completed meanwhile has the client kept.
 */
const freeOrNamed = ({ clientId, secretRev, unusedUntil }: RegisteredClient) => {
  const isAsUnused = unusedUntil === null ? 'attribute_not_exists(#ttl)' : '#ttl = :ttl';
  return {
    ConditionExpression: `${ROW_ABSENT} OR (clientId = :clientId AND secretRev = :secretRev AND ${isAsUnused})`,
    ExpressionAttributeNames: TTL_NAME,
    ExpressionAttributeValues: {
      ':clientId': clientId,
      ':secretRev': secretRev,
      ...(unusedUntil !== null && { ':ttl': ttlSeconds(unusedUntil) }),
    },
  };
};

const buildClientPut = (table: string, client: RegisteredClient, replaces: RegisteredClient | null) => ({
  TableName: table,
  Item: clientItem(client),
  ...(replaces === null ? { ConditionExpression: ROW_ABSENT } : freeOrNamed(replaces)),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

/** Null where no client is kept beside the present one: the first client, or the same one with another secret. */
const buildFormerPut = (table: string, { clientId }: RegisteredClient, replaces: RegisteredClient | null) =>
  replaces === null || replaces.clientId === clientId ? null : { TableName: table, Item: formerClientItem(replaces) };

/** The refusal of the present client's condition; null: stored. */
const putBoth = async (
  { client: connection, name }: Table,
  client: RegisteredClient,
  replaces: RegisteredClient | null,
): Promise<Refusal | null> => {
  const put = buildClientPut(name, client, replaces);
  const former = buildFormerPut(name, client, replaces);
  if (former === null) {
    const result = await attemptConditional(() => connection.send(new PutCommand(put)));
    return isRefusal(result) ? result : null;
  }
  const command = new TransactWriteCommand({ TransactItems: [{ Put: put }, { Put: former }] });
  return (await attemptTransaction(() => connection.send(command)))?.[0] ?? null;
};

type Change = Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>;

/** Changes the present client, if it is the one that is named. */
const changePresent = async ({ client: connection, name }: Table, key: FormerClientKey, change: Change) => {
  const command = new UpdateCommand({
    TableName: name,
    Key: registeredClientKey(key),
    ConditionExpression: 'clientId = :clientId',
    ...change,
    ExpressionAttributeValues: { ':clientId': key.clientId, ...change.ExpressionAttributeValues },
  });
  await attemptConditional(() => connection.send(command));
};

/** The document; null: it was not sealed by this deployment, or for another issuer. Throws `keys_unavailable`. */
const openMetadata = async (sealer: Sealer, issuer: string, seal: Sealed): Promise<unknown> => {
  try {
    return await sealer.open(issuerMetadataContext(issuer), seal);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'credential_unreadable') return null;
    throw error;
  }
};

/** Implements `IssuerStore`. `sealer`: of metadata; the secrets of clients come sealed. */
export const dynamodbIssuerStore = (table: Table, sealer: Sealer): IssuerStore => {
  const { client: connection, name } = table;
  const read = async (key: Key) => {
    const command = new GetCommand({ TableName: name, Key: key, ConsistentRead: true });
    return (await attempt(() => connection.send(command))).Item;
  };

  return {
    async readCachedServer(issuer) {
      const seal = parseMetadataSeal(await read(issuerMetadataKey(issuer)));
      return seal && parseMetadata(issuer, await openMetadata(sealer, issuer, seal));
    },

    async writeCachedServer(cached) {
      const Item = metadataItem(cached, await sealer.seal(issuerMetadataContext(cached.server.issuer), cached));
      await attempt(() => connection.send(new PutCommand({ TableName: name, Item })));
    },

    async readClient(key) {
      return parseClient(key, await read(registeredClientKey(key)));
    },

    async readFormerClient(key) {
      return parseFormerClient(key, await read(formerClientKey(key)));
    },

    async putClient(client, replaces) {
      const refusal = await putBoth(table, client, replaces);
      if (refusal === null) return client;
      const stored = parseClient(client, refusal.item);
      // DynamoDB did not return the row that is in the way.
      if (stored === null) throw new PortFault('unavailable', { retryable: false });
      return stored;
    },

    async keepClient(key) {
      await changePresent(table, key, { UpdateExpression: 'REMOVE #ttl', ExpressionAttributeNames: TTL_NAME });
    },

    async noteRefusedClient(key, refusedAt) {
      const values = { ':refusedAt': refusedAt };
      await changePresent(table, key, {
        UpdateExpression: 'SET refusedAt = :refusedAt',
        ExpressionAttributeValues: values,
      });
    },
  };
};
