// The floor: bare calls of the AWS SDK's client, with its default options, on the same engine.
import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { credentialKey } from '../../../../lib/adapters/dynamodb/item-keys.ts';
import { TABLE_NAME } from '../../../../local/lambda/function-environment.ts';

/** The bare client, on the endpoint of the environment. */
export const openRawClient = (): DynamoDBClient => new DynamoDBClient();

/** A strongly consistent read of one credential's row. */
export const rawGet = (client: DynamoDBClient, userId: string, id: string) => () => {
  const { pk = '', sk = '' } = credentialKey(userId, id);
  return client.send(
    new GetItemCommand({ TableName: TABLE_NAME, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true }),
  );
};

/** Turns base64 of a request's JSON into bytes, as the client takes them. */
export const fromWire = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) =>
    name === 'B' && typeof part === 'string' ? [name, Buffer.from(part, 'base64')] : [name, fromWire(part)],
  );
  return Object.fromEntries(entries);
};

/** Sends the same query again, all pages of it. */
export const rawQuery = (client: DynamoDBClient, input: Record<string, unknown>) => async () => {
  const query = fromWire(input) as QueryCommandInput;
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: from }));
    from = page.LastEvaluatedKey;
  } while (from);
};
