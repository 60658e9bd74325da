// The table definition as data: the local server creates it, and a test compares the deployed stack with it.
import type { CreateTableCommandInput, TimeToLiveSpecification } from '@aws-sdk/client-dynamodb';
import { DUE_INDEX, LOOKUP_INDEX, SUMMARY_ATTRIBUTES, URL_LOOKUP_INDEX } from '../../lib/platform.ts';

/** A local index of a user's credentials: an attribute of its name is its sort key. */
const defineLocalIndex = (IndexName: string) => ({
  IndexName,
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' as const },
    { AttributeName: IndexName, KeyType: 'RANGE' as const },
  ],
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...SUMMARY_ATTRIBUTES] },
});

/** Keys, indexes, billing and stream of the table. */
export const tableDefinition = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'dueShard', AttributeType: 'S' },
    { AttributeName: 'dueAt', AttributeType: 'N' },
    { AttributeName: LOOKUP_INDEX, AttributeType: 'S' },
    { AttributeName: URL_LOOKUP_INDEX, AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  LocalSecondaryIndexes: [defineLocalIndex(LOOKUP_INDEX), defineLocalIndex(URL_LOOKUP_INDEX)],
  GlobalSecondaryIndexes: [
    {
      IndexName: DUE_INDEX,
      KeySchema: [
        { AttributeName: 'dueShard', KeyType: 'HASH' },
        { AttributeName: 'dueAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
} satisfies Omit<CreateTableCommandInput, 'TableName'>;

/** The attribute that holds the time of expiry, in epoch seconds. */
export const timeToLive = { AttributeName: 'ttl', Enabled: true } satisfies TimeToLiveSpecification;
