// The steps of an erasure in DynamoDB. Each step can be repeated, and each takes effect only while that erasure is in progress.
//
//   caller A                         user record                        caller B
//   begins e1                     →  erasing e1
//                                    refused by NOT_ERASING          ←  begins e2: joins e1
//   removes rows                  →  checked by SAME_ERASURE
//                                    erasing removed, version + 1    ←  finishes e1
//                                    erasing removed                 ←  another request adds a credential
//   removes rows (late attempt)   →  refused by SAME_ERASURE: the new credential stays
import { QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../domain/credential/rows.ts';
import type { BeginErasure, ErasureStore, NewErasure } from '../../domain/ports/erasure-store.ts';
import {
  findRowKind,
  type Key,
  linkKey,
  parseCredentialSortKey,
  parseFlowSortKey,
  parseLinkSortKey,
  stateKey,
  userRecordKey,
} from './item-keys.ts';
import { attempt, attemptConditional, attemptTransaction, type Table } from './table.ts';
import { parseUserRecord } from './user-record.ts';

/** The user record and 99 rows: as many as one transaction can remove together with a check of the user record. */
const PAGE = 100;

/** No erasure is in progress; one that is will be joined instead. */
const NOT_ERASING = 'attribute_not_exists(erasing)';
/** The version that the caller has seen is still the newest. */
const VERSION_EXPECTED = '#version = :expected';
/** The caller has seen version 0, which a user without a record has too. */
const NO_VERSION_OR_EXPECTED = '(attribute_not_exists(#version) OR #version = :expected)';
/** This very erasure is in progress: it has neither ended nor been followed by another. */
const SAME_ERASURE = 'erasing = :id';

const versionCondition = (version: number | undefined) => {
  if (version === undefined) return { clauses: [], values: {} };
  return { clauses: [version === 0 ? NO_VERSION_OR_EXPECTED : VERSION_EXPECTED], values: { ':expected': version } };
};

/**
 * A transaction of one item, for the sake of its idempotency token: an attempt repeated after the erasure has already been
 * finished must not begin a second one.
 */
const buildBeginTransaction = (
  table: Table,
  userId: string,
  { id, at, expectedVersion }: NewErasure,
): TransactWriteCommand => {
  const { clauses, values } = versionCondition(expectedVersion);
  return new TransactWriteCommand({
    ClientRequestToken: id,
    TransactItems: [
      {
        Update: {
          TableName: table.name,
          Key: userRecordKey(userId),
          // The version stays until the erasure ends: readers meanwhile see the same rows, less those already removed.
          UpdateExpression: 'SET erasing = :id, erasingSince = :at ADD #version :none, erasures :one REMOVE #ttl',
          ConditionExpression: [NOT_ERASING, ...clauses].join(' AND '),
          ExpressionAttributeNames: { '#version': 'version', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':id': id, ':at': at, ':none': 0, ':one': 1, ...values },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    ],
  });
};

/** Joins the erasure in progress, unless the caller expects another version. */
const joinErasure = (item: Item | null | undefined, { at, expectedVersion }: NewErasure): BeginErasure => {
  const userRecord = parseUserRecord(item);
  const isExpected = expectedVersion === undefined || expectedVersion === (userRecord?.version ?? 0);
  if (!userRecord?.erasing || !isExpected) return { kind: 'refused', userRecord };
  const since = typeof item?.erasingSince === 'number' ? item.erasingSince : at;
  return { kind: 'started', erasureId: userRecord.erasing, since };
};

/** What a row leads to: the state of an open flow, a connect link, or nothing. */
const findTarget = (sk: string): Key[] => {
  const [flow, link] = [parseFlowSortKey(sk), parseLinkSortKey(sk)];
  if (flow !== null) return [stateKey(flow)];
  return link === null ? [] : [linkKey(link)];
};

/** The row's own key, and that of what it leads to. */
const removedKeys = (pk: string, sk: string): Key[] => [{ pk, sk }, ...findTarget(sk)];

const whileErasing = (erasureId: string) => ({
  ConditionExpression: SAME_ERASURE,
  ExpressionAttributeValues: { ':id': erasureId },
});

/** Implements `ErasureStore`. */
export const dynamodbErasureStore = (table: Table): ErasureStore => ({
  async beginErasure(userId, erasure) {
    const command = buildBeginTransaction(table, userId, erasure);
    const refusals = await attemptTransaction(() => table.client.send(command));
    if (refusals === null) return { kind: 'started', erasureId: erasure.id, since: erasure.at };
    return joinErasure(refusals[0]?.item, erasure);
  },

  async readErasable(userId) {
    const { pk, sk: userRecord } = userRecordKey(userId);
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
    const keys = (page.Items ?? []).map((item) => String(item.sk)).filter((sk) => sk !== userRecord);
    return keys
      .slice(0, PAGE - 1)
      .map((key) => ({ key, kind: findRowKind(key), credentialId: parseCredentialSortKey(key) }));
  },

  async removeRows(userId, erasureId, { token, keys }) {
    const key = userRecordKey(userId);
    const check = { ConditionCheck: { TableName: table.name, Key: key, ...whileErasing(erasureId) } };
    const deletes = keys
      .flatMap((sk) => removedKeys(key.pk, sk))
      .map((removed) => ({ Delete: { TableName: table.name, Key: removed } }));
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: token, TransactItems: [check, ...deletes] })),
    );
    return refusals === null;
  },

  async finishErasure(userId, erasureId, forgetAtSeconds) {
    const { ExpressionAttributeValues: values, ...condition } = whileErasing(erasureId);
    // A refusal is no error: an earlier attempt, or a caller who had joined this erasure, has finished it.
    await attemptConditional(() =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: userRecordKey(userId),
          UpdateExpression: 'SET #count = :none, #ttl = :ttl ADD #version :one REMOVE erasing, erasingSince',
          ExpressionAttributeNames: { '#count': 'count', '#ttl': 'ttl', '#version': 'version' },
          ...condition,
          ExpressionAttributeValues: { ...values, ':none': 0, ':one': 1, ':ttl': forgetAtSeconds },
        }),
      ),
    );
  },
});
