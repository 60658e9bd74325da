// Builds the single-item writes of a refresh, each with its own condition. None touches the user record, and none changes a row
// that a newer release has written.
//
//   refresh                          row                                user
//   reads secretRev r1               r1
//   exchanges r1's refresh token
//                                    r2                              ←  replaces the credential
//   stores the new token if r1    →  refused by SAME_SECRET: the user's secret stays
//
// The lease only avoids duplicate calls of the provider; correctness comes from SAME_SECRET.
import { PutCommand, TransactWriteCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type BrokenReason, SCHEMA_VERSION } from '../../domain/credential/credential.ts';
import type { CredentialKey, CredentialRefreshStore } from '../../domain/ports/credential-refresh-store.ts';
import type { RefreshedSecret } from '../../domain/refresh/result.ts';
import type { Renewal } from '../../domain/refresh/schedule.ts';
import { credentialKey, leaseKey } from './item-keys.ts';

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

const buildRowUpdate = (table: string, { userId, credentialId }: CredentialKey, change: Change): UpdateCommand =>
  new UpdateCommand({ TableName: table, Key: credentialKey(userId, credentialId), ...change });

/** The secret is still the one this write was made from. Also false for a deleted row: an update never creates it again. */
const SAME_SECRET = 'secretRev = :exchanged';
/** This release understands all of the row. */
const NOT_NEWER = 'schemaVersion <= :known';
/** The secret is not marked reconnect_required: the first reason stays, and the row stays out of the index. */
const NOT_BROKEN = 'attribute_not_exists(brokenReason)';
/** The row is still at the index position that was read: a refresh or a use has not scheduled it anew since. */
const SAME_POSITION = '#dueAt = :from';
/** No lease was seen, and there is still none; or this very lease: an earlier attempt has stored it, and its response was lost. */
const NONE_OR_OWN_LEASE = 'attribute_not_exists(id) OR id = :to';
/** The lease that was seen is still there, or this very lease is. */
const SEEN_OR_OWN_LEASE = 'id IN (:from, :to)';

/** The credential exists: no lease appears after its deletion, nor in the partition of an erased user. */
const ROW_PRESENT = 'attribute_exists(pk)';

const all = (...clauses: string[]): string => clauses.join(' AND ');

/** Builds an update expression: `SET` for values, `REMOVE` for nulls. */
const buildAssignments = (fields: Readonly<Record<string, unknown>>) => {
  const entries = Object.entries(fields);
  const present = entries.filter(([, value]) => value !== null);
  const set = present.map(([name]) => `#${name} = :${name}`);
  const removed = entries.filter(([, value]) => value === null).map(([name]) => `#${name}`);
  return {
    expression: [set.length > 0 && `SET ${set.join(', ')}`, removed.length > 0 && `REMOVE ${removed.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    names: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
  };
};

/** Stores a refreshed secret. The new secretRev identifies the write: a row that has it was written by an earlier attempt. */
export const buildRefreshUpdate = (
  table: string,
  key: CredentialKey,
  exchangedRev: string,
  fields: RefreshedSecret,
): UpdateCommand => {
  const { expression, names, values } = buildAssignments({ ...fields, brokenReason: null });
  return buildRowUpdate(table, key, {
    UpdateExpression: `${expression} ADD #version :one`,
    ConditionExpression: all(SAME_SECRET, NOT_NEWER),
    ExpressionAttributeNames: { ...names, '#version': 'version' },
    ExpressionAttributeValues: { ...values, ':one': 1, ':exchanged': exchangedRev, ':known': SCHEMA_VERSION },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
};

/** Marks a secret reconnect_required, once: the version must rise once only, however often the write is repeated. */
export const buildReconnectUpdate = (
  table: string,
  key: CredentialKey,
  secretRev: string,
  reason: BrokenReason,
): UpdateCommand =>
  buildRowUpdate(table, key, {
    UpdateExpression: 'SET brokenReason = :reason REMOVE dueShard, dueAt ADD #version :one',
    ConditionExpression: all(SAME_SECRET, NOT_NEWER, NOT_BROKEN),
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':reason': reason, ':one': 1, ':exchanged': secretRev, ':known': SCHEMA_VERSION },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

const indexFields = (due: Renewal | null) => ({ dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null });

/** Records the day of a use and the position in the index that follows from it. */
export const buildUseUpdate = (
  table: string,
  key: CredentialKey,
  secretRev: string,
  { usedDay, due }: Parameters<CredentialRefreshStore['noteUse']>[2],
): UpdateCommand => {
  const { expression, names, values } = buildAssignments({ usedDay, ...indexFields(due) });
  return buildRowUpdate(table, key, {
    UpdateExpression: expression,
    ConditionExpression: all(SAME_SECRET, NOT_NEWER, NOT_BROKEN),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...values, ':exchanged': secretRev, ':known': SCHEMA_VERSION },
  });
};

/** Moves a row to another position in the index, or out of it (null). */
export const buildRescheduleUpdate = (
  table: string,
  key: CredentialKey,
  from: number,
  due: Renewal | null,
): UpdateCommand => {
  const { expression, names, values } = buildAssignments(indexFields(due));
  return buildRowUpdate(table, key, {
    UpdateExpression: expression,
    ConditionExpression: all(SAME_POSITION, NOT_NEWER),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...values, ':from': from, ':known': SCHEMA_VERSION },
  });
};

type Swap = Parameters<CredentialRefreshStore['swapLease']>[1];

const buildLeasePut = (table: string, key: CredentialKey, { from, to, ttlSeconds }: Swap) => ({
  TableName: table,
  Item: { ...leaseKey(key), ...to, ttl: ttlSeconds },
  ConditionExpression: from === null ? NONE_OR_OWN_LEASE : SEEN_OR_OWN_LEASE,
  ExpressionAttributeValues: { ':to': to.id, ...(from && { ':from': from.id }) },
});

/** Stores the first lease of a credential, while the credential exists. Of two callers that saw none, one succeeds. */
export const buildFirstLease = (table: string, key: CredentialKey, swap: Swap): TransactWriteCommand => {
  const row = credentialKey(key.userId, key.credentialId);
  return new TransactWriteCommand({
    TransactItems: [
      { ConditionCheck: { TableName: table, Key: row, ConditionExpression: ROW_PRESENT } },
      { Put: buildLeasePut(table, key, swap) },
    ],
  });
};

/**
 * Replaces the lease that was seen. Of two callers that saw the same lease, one succeeds. The credential needs no check: an erasure
 * deletes its leases, and then this write is refused.
 */
export const buildNextLease = (table: string, key: CredentialKey, swap: Swap): PutCommand =>
  new PutCommand(buildLeasePut(table, key, swap));
