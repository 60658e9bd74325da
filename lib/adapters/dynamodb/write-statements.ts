// A user's write as the items of one DynamoDB transaction (TransactWriteItems): the head first, then each change with its
// own condition. Pure: the same write gives byte-identical parameters, as its idempotency token demands.
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { SCHEMA_VERSION } from '../../domain/credential/credential.ts';
import { credentialItem, managedItem, type RowVersion } from '../../domain/credential/rows.ts';
import type { Change, UserWrite } from '../../domain/ports/user-store.ts';
import { credentialKey, headKey, managedKey } from './item-keys.ts';

export type Statement = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** Each attribute is as it was read, of whatever type, or still absent. */
const fenceCondition = ({ version, secretRev }: RowVersion): Condition => {
  const read = Object.entries({ version, secretRev });
  const present = read.filter(([, value]) => value !== undefined);
  const clauses = read.map(([name, value]) =>
    value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
  );
  return {
    ConditionExpression: ['attribute_exists(pk)', ...clauses].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(read.map(([name]) => [`#${name}`, name])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
    }),
  };
};

const ABSENT: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };
const PRESENT: Condition = { ConditionExpression: 'attribute_exists(pk)' };

/** Never over an item of a newer release. */
const NOT_NEWER: Condition = {
  ConditionExpression: 'attribute_not_exists(schemaVersion) OR schemaVersion <= :known',
  ExpressionAttributeValues: { ':known': SCHEMA_VERSION },
};

const changeStatement = (table: string, userId: string, change: Change): Statement => {
  switch (change.kind) {
    case 'put': {
      const key = credentialKey(userId, change.credential.id);
      const condition = change.when === 'absent' ? ABSENT : fenceCondition(change.when);
      return { Put: { TableName: table, Item: { ...key, ...credentialItem(change.credential) }, ...condition } };
    }
    case 'remove': {
      const condition = change.when === 'present' ? PRESENT : fenceCondition(change.when);
      return { Delete: { TableName: table, Key: credentialKey(userId, change.credentialId), ...condition } };
    }
    case 'putManaged': {
      const key = managedKey(userId, change.managed.provider);
      return { Put: { TableName: table, Item: { ...key, ...managedItem(change.managed) }, ...NOT_NEWER } };
    }
    case 'removeManaged':
      return { Delete: { TableName: table, Key: managedKey(userId, change.provider), ...PRESENT } };
  }
};

const countDelta = (changes: readonly Change[]): number =>
  changes.reduce((delta, change) => {
    if (change.kind === 'put' && change.when === 'absent') return delta + 1;
    return change.kind === 'remove' ? delta - 1 : delta;
  }, 0);

/** version + 1 and the count moved on, unless an erasure runs, the version is another, or the limit would be passed. */
const headStatement = (table: string, userId: string, write: UserWrite): Statement => {
  const delta = countDelta(write.changes);
  const room = write.maxCredentials - delta;
  const clauses = ['attribute_not_exists(erasing)'];
  const values: Record<string, unknown> = { ':one': 1, ':delta': delta };
  if (write.expectedVersion === 0) clauses.push('attribute_not_exists(#version)');
  if (write.expectedVersion) {
    clauses.push('#version = :expected');
    values[':expected'] = write.expectedVersion;
  }
  if (write.expectedErasures === 0) clauses.push('attribute_not_exists(erasures)');
  if (write.expectedErasures) {
    clauses.push('erasures = :erasures');
    values[':erasures'] = write.expectedErasures;
  }
  if (delta > 0) {
    clauses.push(room < 0 ? '#count <= :room' : '(attribute_not_exists(#count) OR #count <= :room)');
    values[':room'] = room;
  }
  return {
    Update: {
      TableName: table,
      Key: headKey(userId),
      // The head of an erased user is kept for a while only; from now on it is wanted again.
      UpdateExpression: 'ADD #version :one, #count :delta REMOVE #ttl',
      ConditionExpression: clauses.join(' AND '),
      ExpressionAttributeNames: { '#version': 'version', '#count': 'count', '#ttl': 'ttl' },
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};

export const writeStatements = (table: string, userId: string, write: UserWrite): Statement[] => [
  headStatement(table, userId, write),
  ...write.changes.map((change) => changeStatement(table, userId, change)),
];
