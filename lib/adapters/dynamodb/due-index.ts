// The sweep's index: sparse, keys only, spread over shards. What it says is a hint; nothing is decided by it.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DueCredential } from '../../domain/ports/credential-refresh-store.ts';
import { ownedCredentialOf } from './item-keys.ts';
import { attempt, type Table } from './table.ts';

export const DUE_INDEX = 'due';
const PAGE = 50;

const toGrant = ({ pk, sk, dueAt }: Record<string, unknown>): DueCredential[] => {
  const key = ownedCredentialOf({ pk: String(pk), sk: String(sk) });
  return key === null ? [] : [{ ...key, dueAt: Number(dueAt) }];
};

export const findDue = async (
  { client, name }: Table,
  { shard, until, after }: { shard: string; until: number; after: string | undefined },
): Promise<{ grants: DueCredential[]; next: string | null }> => {
  const command = new QueryCommand({
    TableName: name,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: PAGE,
    ExclusiveStartKey: after === undefined ? undefined : JSON.parse(after),
  });
  const { Items = [], LastEvaluatedKey: last } = await attempt(() => client.send(command));
  return { grants: Items.flatMap(toGrant), next: last ? JSON.stringify(last) : null };
};
