// Queries the sweep's index: sparse, keys only, sharded. An entry is a hint: the sweep reads the row before it acts.
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { DueCredential } from '../../../domain/ports/credential-refresh-store.ts';
import { DUE_INDEX } from '../../../platform.ts';
import { parseCredentialKey } from '../item-keys.ts';
import { attempt, type Table } from '../table.ts';

const PAGE = 50;

const toDueCredentials = ({ pk, sk, dueAt }: Record<string, unknown>): DueCredential[] => {
  const key = parseCredentialKey({ pk: String(pk), sk: String(sk) });
  return key === null ? [] : [{ ...key, dueAt: Number(dueAt) }];
};

/** Reads one page of a shard's credentials that are due by `until` (epoch milliseconds); `next` is the `after` of the next page. */
export const findDue = async (
  { client, name }: Table,
  { shard, until, after }: { shard: string; until: number; after: string | undefined },
): Promise<{ credentials: DueCredential[]; next: string | null }> => {
  const command = new QueryCommand({
    TableName: name,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
    ExpressionAttributeValues: { ':shard': shard, ':until': until },
    Limit: PAGE,
    ExclusiveStartKey: after === undefined ? undefined : JSON.parse(after),
  });
  const { Items = [], LastEvaluatedKey: last } = await attempt(() => client.send(command));
  return { credentials: Items.flatMap(toDueCredentials), next: last ? JSON.stringify(last) : null };
};
