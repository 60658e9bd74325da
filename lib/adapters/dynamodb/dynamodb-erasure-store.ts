// The steps of an erasure in DynamoDB. Every step holds only while that erasure is under way, and each can be repeated.
import { QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { BeginErasure, ErasureStore } from '../../domain/ports/erasure-store.ts';
import type { UserRecord } from '../../domain/ports/user-store.ts';
import { credentialIdOf, headKey, rowKindOf } from './item-keys.ts';
import { attempt, attemptConditional, attemptTransaction, type Table } from './table.ts';
import { parseHead } from './user-record.ts';

/** The head and 99 rows: as many as one transaction can remove with a check of the head. */
const PAGE = 100;

const versionCondition = (version: number | undefined) => {
  if (version === undefined) return { clause: '', values: {} };
  const none = version === 0 ? 'attribute_not_exists(#version) OR ' : '';
  return { clause: ` AND (${none}#version = :expected)`, values: { ':expected': version } };
};

/** A transaction of one item: its token makes an erasure begin once, even when it has been finished before a retry. */
const beginning = (table: Table, userId: string, { erasureId, version }: { erasureId: string; version?: number }) => {
  const { clause, values } = versionCondition(version);
  return new TransactWriteCommand({
    ClientRequestToken: erasureId,
    TransactItems: [
      {
        Update: {
          TableName: table.name,
          Key: headKey(userId),
          // The version stays until the end: what is read meanwhile is what was there, less what is already gone.
          UpdateExpression: 'SET erasing = :id ADD #version :none, erasures :one REMOVE #ttl',
          ConditionExpression: `attribute_not_exists(erasing)${clause}`,
          ExpressionAttributeNames: { '#version': 'version', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':id': erasureId, ':none': 0, ':one': 1, ...values },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ],
  });
};

/** An erasure under way is joined as it is, unless the caller wants a version that is gone. */
const joining = (head: UserRecord | null, version: number | undefined): BeginErasure => {
  const wanted = version === undefined || version === (head?.version ?? 0);
  return head?.erasing && wanted ? { begun: true, erasureId: head.erasing } : { begun: false, head };
};

const whileErasing = (erasureId: string) => ({
  ConditionExpression: 'erasing = :id',
  ExpressionAttributeValues: { ':id': erasureId },
});

export const dynamodbErasureStore = (table: Table): ErasureStore => ({
  async beginErasure(userId, erasureId, expectedVersion) {
    const asked = { erasureId, ...(expectedVersion !== undefined && { version: expectedVersion }) };
    const refusals = await attemptTransaction(() => table.client.send(beginning(table, userId, asked)));
    if (refusals === null) return { begun: true, erasureId };
    return joining(parseHead(refusals[0]?.item), expectedVersion);
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
    return keys.slice(0, PAGE - 1).map((key) => ({ key, kind: rowKindOf(key), credentialId: credentialIdOf(key) }));
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
