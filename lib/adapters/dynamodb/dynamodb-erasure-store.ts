// The steps of an erasure in DynamoDB. Every step holds only while that erasure is under way, and each can be repeated.
import { QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { ErasureStore } from '../../domain/store-ports.ts';
import { headKey, rowKindOf } from './item-keys.ts';
import { attempt, attemptConditional, attemptTransaction, isRefusal, type Table } from './table.ts';
import { parseHead } from './user-head.ts';

/** The head and 99 rows: as many as one transaction can remove with a check of the head. */
const PAGE = 100;

const markErasing = (table: Table, userId: string, erasureId: string) => ({
  TableName: table.name,
  Key: headKey(userId),
  // An erasure under way is joined, not replaced.
  UpdateExpression: 'SET erasing = if_not_exists(erasing, :id) ADD #version :one, erasures :one REMOVE #ttl',
  ExpressionAttributeNames: { '#version': 'version', '#ttl': 'ttl' },
  ExpressionAttributeValues: { ':id': erasureId, ':one': 1 },
  ReturnValues: 'ALL_NEW' as const,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});

const onlyAtVersion = (update: ReturnType<typeof markErasing>, version: number | undefined) => {
  if (version === undefined) return update;
  if (version === 0) return { ...update, ConditionExpression: 'attribute_not_exists(#version)' };
  const values = { ...update.ExpressionAttributeValues, ':expected': version };
  return { ...update, ConditionExpression: '#version = :expected', ExpressionAttributeValues: values };
};

const whileErasing = (erasureId: string) => ({
  ConditionExpression: 'erasing = :id',
  ExpressionAttributeValues: { ':id': erasureId },
});

export const dynamodbErasureStore = (table: Table): ErasureStore => ({
  async beginErasure(userId, erasureId, expectedVersion) {
    const update = onlyAtVersion(markErasing(table, userId, erasureId), expectedVersion);
    const result = await attemptConditional(() => table.client.send(new UpdateCommand(update)));
    if (!isRefusal(result)) return { begun: true, erasureId: parseHead(result.Attributes)?.erasing ?? erasureId };
    const head = parseHead(result.item);
    // Our own mark, whose answer was lost, is a beginning too.
    return head?.erasing === erasureId ? { begun: true, erasureId } : { begun: false, head };
  },

  async readErasable(userId) {
    const { pk, sk: head } = headKey(userId);
    const page = await attempt(() =>
      table.client.send(
        new QueryCommand({
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ProjectionExpression: 'sk',
          Limit: PAGE,
        }),
      ),
    );
    const keys = (page.Items ?? []).map((item) => String(item.sk)).filter((sk) => sk !== head);
    return keys.slice(0, PAGE - 1).map((key) => ({ key, kind: rowKindOf(key) }));
  },

  async removeRows(userId, erasureId, { token, keys }) {
    const key = headKey(userId);
    const check = { ConditionCheck: { TableName: table.name, Key: key, ...whileErasing(erasureId) } };
    const deletes = keys.map((sk) => ({ Delete: { TableName: table.name, Key: { pk: key.pk, sk } } }));
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: token, TransactItems: [check, ...deletes] })),
    );
    return refusals === null;
  },

  async finishErasure(userId, erasureId, forgetAtSeconds) {
    const { ExpressionAttributeValues: values, ...condition } = whileErasing(erasureId);
    // A refusal: whoever had joined this erasure has finished it.
    await attemptConditional(() =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: headKey(userId),
          UpdateExpression: 'SET #count = :none, #ttl = :ttl ADD #version :one REMOVE erasing',
          ExpressionAttributeNames: { '#count': 'count', '#ttl': 'ttl', '#version': 'version' },
          ...condition,
          ExpressionAttributeValues: { ...values, ':none': 0, ':one': 1, ':ttl': forgetAtSeconds },
        }),
      ),
    );
  },
});
