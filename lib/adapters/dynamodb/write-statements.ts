// Builds the DynamoDB transaction (TransactWriteItems) of a user write: the user record first, then each change under its own
// condition. Pure: the same write always gives byte-identical parameters, as DynamoDB's idempotency token requires.
//
//   caller A                        table                              caller B
//   reads c1 (version 3, rev r1)    c1: version 3, rev r1
//                                   c1: version 4, rev r2           ←  replaces c1
//   replaces c1 if (3, r1)       →  refused by ROW_UNCHANGED: A reads again and decides again
//
//   adds c2                         erasing = e1                    ←  starts an erasure
//                                →  refused by NOT_ERASING: no row can appear after the erasure
import { SCHEMA_VERSION } from '../../domain/credential/credential.ts';
import { credentialItem, managedItem, type RowVersion } from '../../domain/credential/rows.ts';
import type { Change, UserWrite } from '../../domain/ports/user-store.ts';
import { indexKeys } from './index/index-keys.ts';
import { credentialKey, managedKey, userRecordKey } from './item-keys.ts';
import { buildSpendStatement } from './link/link-statements.ts';
import { ROW_ABSENT, type Statement } from './statements.ts';

interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** A new id must not be taken. */
const ID_FREE: Condition = { ConditionExpression: ROW_ABSENT };

/** The row exists: a second delete of it is answered as not found. */
const ROW_PRESENT: Condition = { ConditionExpression: 'attribute_exists(pk)' };

/** A row of a newer release may hold what this release would lose: it is never overwritten. */
const ROW_NOT_NEWER: Condition = {
  ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :known',
  ExpressionAttributeValues: { ':known': SCHEMA_VERSION },
};

/**
 * The row must be as it was read: each attribute has the same value, of any type, or is still absent. `version` changes with
 * every change of the row, and `secretRev` is random, so a row that was deleted and created again does not match either.
 */
const buildRowUnchanged = ({ version, secretRev }: RowVersion): Condition => {
  const attributes = Object.entries({ version, secretRev });
  const present = attributes.filter(([, value]) => value !== undefined);
  const clauses = attributes.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
  );
  return {
    ConditionExpression: [ROW_PRESENT.ConditionExpression, ...clauses].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
    }),
  };
};

const buildChangeStatement = (table: string, userId: string, change: Change): Statement => {
  switch (change.kind) {
    case 'put': {
      const key = credentialKey(userId, change.credential.id);
      const condition = change.when === 'absent' ? ID_FREE : buildRowUnchanged(change.when);
      const Item = { ...key, ...indexKeys(change.credential), ...credentialItem(change.credential) };
      return { Put: { TableName: table, Item, ...condition } };
    }
    case 'remove': {
      const condition = change.when === 'present' ? ROW_PRESENT : buildRowUnchanged(change.when);
      return { Delete: { TableName: table, Key: credentialKey(userId, change.credentialId), ...condition } };
    }
    case 'putManaged': {
      const key = managedKey(userId, change.managed.provider);
      const condition = change.when === 'absent' ? ID_FREE : ROW_NOT_NEWER;
      return { Put: { TableName: table, Item: { ...key, ...managedItem(change.managed) }, ...condition } };
    }
    case 'removeManaged':
      return { Delete: { TableName: table, Key: managedKey(userId, change.provider), ...ROW_PRESENT } };
  }
};

const countDelta = (changes: readonly Change[]): number =>
  changes.reduce((delta, change) => {
    if (change.kind === 'put' && change.when === 'absent') return delta + 1;
    return change.kind === 'remove' ? delta - 1 : delta;
  }, 0);

/** An erasure removes rows page by page: a write in between could add a row to a page already removed. */
const NOT_ERASING = 'attribute_not_exists(erasing)';

/** The caller has seen that the user has no record: any first write by another caller refuses this one. */
const NO_VERSION_YET = 'attribute_not_exists(#version)';
/** The caller has seen this version: every write of the user raises it, so any other write since refuses this one. */
const VERSION_EXPECTED = '#version = :expected';

/** A connection was started before the user's first erasure: its token must not be stored after one. */
const NEVER_ERASED = 'attribute_not_exists(erasures)';
/** As NEVER_ERASED, for a user who has been erased before. */
const ERASURES_EXPECTED = 'erasures = :erasures';

/** The count after the write stays within the limit. */
const ROOM_LEFT = '(attribute_not_exists(#count) OR #count <= :room)';
/** The write alone exceeds the limit, so `:room` is negative: a user without a record must be refused too. */
const NO_ROOM_AT_ALL = '#count <= :room';

/** The clauses that this write needs, each with its value. DynamoDB refuses a value that no clause uses. */
const userRecordClauses = (write: UserWrite, delta: number): { clauses: string[]; values: Record<string, unknown> } => {
  const { expectedVersion, expectedErasures } = write;
  const clauses = [NOT_ERASING];
  const values: Record<string, unknown> = {};
  if (expectedVersion === 0) clauses.push(NO_VERSION_YET);
  if (expectedVersion) {
    clauses.push(VERSION_EXPECTED);
    values[':expected'] = expectedVersion;
  }
  if (expectedErasures === 0) clauses.push(NEVER_ERASED);
  if (expectedErasures) {
    clauses.push(ERASURES_EXPECTED);
    values[':erasures'] = expectedErasures;
  }
  if (delta > 0) {
    const room = write.maxCredentials - delta;
    clauses.push(room < 0 ? NO_ROOM_AT_ALL : ROOM_LEFT);
    values[':room'] = room;
  }
  return { clauses, values };
};

const buildUserRecordStatement = (table: string, userId: string, write: UserWrite): Statement => {
  const delta = countDelta(write.changes);
  const { clauses, values } = userRecordClauses(write, delta);
  return {
    Update: {
      TableName: table,
      Key: userRecordKey(userId),
      // Removing the ttl: the record of an erased user expires, that of a user who writes again must not.
      UpdateExpression: 'ADD #version :one, #count :delta REMOVE #ttl',
      ConditionExpression: clauses.join(' AND '),
      ExpressionAttributeNames: { '#version': 'version', '#count': 'count', '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':one': 1, ':delta': delta, ...values },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

/**
 * The transaction of a user write. The first statement is that of the user record; those of the changes follow in their order, and
 * that of the link is the last.
 */
export const buildWriteStatements = (table: string, userId: string, write: UserWrite): Statement[] => [
  buildUserRecordStatement(table, userId, write),
  ...write.changes.map((change) => buildChangeStatement(table, userId, change)),
  ...(write.spends ? [buildSpendStatement(table, write.spends)] : []),
];
