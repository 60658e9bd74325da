// The single-item writes around a refresh, each under its own condition. Those of the row name the secret they were made
// from; none touches the user's head, and none a row that a newer release has written.
import { PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type BrokenReason, SCHEMA_VERSION } from '../../domain/credential/credential.ts';
import type { CredentialKey, CredentialRefreshStore } from '../../domain/ports/credential-refresh-store.ts';
import type { RefreshLease } from '../../domain/refresh/lease.ts';
import type { RefreshedSecret } from '../../domain/refresh/result.ts';
import type { Renewal } from '../../domain/refresh/schedule.ts';
import { credentialKey, leaseKey } from './item-keys.ts';

type Change = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

const updateRow = (table: string, { userId, credentialId }: CredentialKey, change: Change): UpdateCommand =>
  new UpdateCommand({ TableName: table, Key: credentialKey(userId, credentialId), ...change });

/** Still the secret that this was made from, in a row that this release understands. */
const SAME_SECRET = 'secretRev = :exchanged AND schemaVersion <= :known';

/** `SET` what has a value and `REMOVE` what is null, names and values in their order. */
const assignments = (fields: Readonly<Record<string, unknown>>) => {
  const all = Object.entries(fields);
  const set = all.filter(([, value]) => value !== null).map(([name]) => `#${name} = :${name}`);
  const gone = all.filter(([, value]) => value === null).map(([name]) => `#${name}`);
  return {
    expression: [set.length > 0 && `SET ${set.join(', ')}`, gone.length > 0 && `REMOVE ${gone.join(', ')}`]
      .filter(Boolean)
      .join(' '),
    names: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(all.filter(([, value]) => value !== null).map(([name, value]) => [`:${name}`, value])),
  };
};

/** The new secretRev is this write's own name: found standing, the write was done. */
export const refreshed = (table: string, key: CredentialKey, exchangedRev: string, fields: RefreshedSecret) => {
  const { expression, names, values } = assignments({ ...fields, brokenReason: null });
  return updateRow(table, key, {
    UpdateExpression: `${expression} ADD #version :one`,
    ConditionExpression: SAME_SECRET,
    ExpressionAttributeNames: { ...names, '#version': 'version' },
    ExpressionAttributeValues: { ...values, ':one': 1, ':exchanged': exchangedRev, ':known': SCHEMA_VERSION },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
};

/** Once for one secret: that it is marked already is as good. */
export const broken = (table: string, key: CredentialKey, secretRev: string, reason: BrokenReason) =>
  updateRow(table, key, {
    UpdateExpression: 'SET brokenReason = :reason REMOVE dueShard, dueAt ADD #version :one',
    ConditionExpression: `${SAME_SECRET} AND attribute_not_exists(brokenReason)`,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':reason': reason, ':one': 1, ':exchanged': secretRev, ':known': SCHEMA_VERSION },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

const placed = (due: Renewal | null) => ({ dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null });

export const used = (
  table: string,
  key: CredentialKey,
  secretRev: string,
  { usedDay, due }: Parameters<CredentialRefreshStore['noteUse']>[2],
) => {
  const { expression, names, values } = assignments({ usedDay, ...placed(due) });
  return updateRow(table, key, {
    UpdateExpression: expression,
    ConditionExpression: `${SAME_SECRET} AND attribute_not_exists(brokenReason)`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...values, ':exchanged': secretRev, ':known': SCHEMA_VERSION },
  });
};

export const moved = (table: string, key: CredentialKey, from: number, due: Renewal | null) => {
  const { expression, names, values } = assignments(placed(due));
  return updateRow(table, key, {
    UpdateExpression: expression,
    // Whoever refreshed or used it meanwhile has placed it anew.
    ConditionExpression: '#dueAt = :from AND schemaVersion <= :known',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...values, ':from': from, ':known': SCHEMA_VERSION },
  });
};

/** In the place of the lease that was seen, or already there: a repeated attempt finds its own work done. */
export const leasePut = (
  table: string,
  key: CredentialKey,
  { from, to, ttlSeconds }: { from: RefreshLease | null; to: RefreshLease; ttlSeconds: number },
) =>
  new PutCommand({
    TableName: table,
    Item: { ...leaseKey(key), ...to, ttl: ttlSeconds },
    ConditionExpression: from === null ? 'attribute_not_exists(id) OR id = :to' : 'id IN (:from, :to)',
    ExpressionAttributeValues: { ':to': to.id, ...(from !== null && { ':from': from.id }) },
  });
