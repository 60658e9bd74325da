// The items of transactions, and those that starting a flow and making a connect link have in common: the user may, and it is counted.
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Place } from '../../domain/oauth/oauth-state.ts';
import { type Key, userRecordKey } from './item-keys.ts';

/** One item of a transaction. */
export type Statement = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Epoch milliseconds as the ttl of an item. */
export const ttlSeconds = (expiresAt: number): number => Math.ceil(expiresAt / 1000);

/** The counter is kept for an hour after the last item of its window has expired. */
const COUNTER_SPARE_SECONDS = 3600;

/** A row that is already there is never overwritten. */
export const ROW_ABSENT = 'attribute_not_exists(pk)';

/** The user is not being erased. */
const NOT_ERASING = 'attribute_not_exists(erasing)';
/** The user had never been erased when it was started, and still has not been. */
const NEVER_ERASED = 'attribute_not_exists(erasures)';
/** The user has not been erased again since it was started. */
const ERASURES_EXPECTED = 'erasures = :erasures';
/** What the user has open, this one included, stays within the limit. */
const BELOW_LIMIT = 'attribute_not_exists(#open) OR #open < :max';

/** Refuses the transaction while the user is being erased, and after another erasure than they had gone through. */
export const buildUserCheck = (table: string, { userId, erasures }: Pick<Place, 'userId' | 'erasures'>): Statement => ({
  ConditionCheck: {
    TableName: table,
    Key: userRecordKey(userId),
    ConditionExpression: `${NOT_ERASING} AND ${erasures === 0 ? NEVER_ERASED : ERASURES_EXPECTED}`,
    ...(erasures !== 0 && { ExpressionAttributeValues: { ':erasures': erasures } }),
  },
});

/** Which counter is raised by one, up to which limit, and until when it is needed (epoch milliseconds). */
interface Counted {
  key: Key;
  expiresAt: number;
  maxOpen: number;
}

/** Counts one more, within the limit. */
export const buildCounterUpdate = (table: string, { key, expiresAt, maxOpen }: Counted): Statement => ({
  Update: {
    TableName: table,
    Key: key,
    UpdateExpression: 'ADD #open :one SET #ttl = :ttl',
    ConditionExpression: BELOW_LIMIT,
    ExpressionAttributeNames: { '#open': 'open', '#ttl': 'ttl' },
    ExpressionAttributeValues: {
      ':one': 1,
      ':max': maxOpen,
      ':ttl': ttlSeconds(expiresAt) + COUNTER_SPARE_SECONDS,
    },
  },
});
