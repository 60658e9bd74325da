// Creates the table where it is missing. Several servers may start on one engine at once: the later ones find it created.
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  DynamoDBServiceException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { localCredentials, REGION } from '../aws/local-aws.ts';
import { StartRefused } from '../start-refused.ts';
import { tableDefinition, timeToLive } from './table-definition.ts';

const WAIT_SECONDS = 10;

const ignoreErrors =
  (...names: string[]) =>
  (error: unknown): void => {
    if (!(error instanceof DynamoDBServiceException) || !names.includes(error.name)) throw error;
  };

const create = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  await client
    .send(new CreateTableCommand({ TableName, ...tableDefinition }))
    .catch(ignoreErrors('ResourceInUseException'));
  await waitUntilTableExists({ client, maxWaitTime: WAIT_SECONDS, minDelay: 1, maxDelay: 1 }, { TableName });
};

/** Local indexes come with the table. One of an earlier release cannot get them, and without them no credential would be found. */
const assertLocalIndexes = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const present = new Set(Table?.LocalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  const missing = tableDefinition.LocalSecondaryIndexes.filter(({ IndexName }) => !present.has(IndexName));
  if (missing.length === 0) return;
  throw new StartRefused(
    `the table ${TableName} was created by an earlier release, without the index ${missing[0]?.IndexName}; ` +
      'start with a new KEYHOLD_HOME, or delete the table',
  );
};

/** A table of an earlier release has no such index yet; its rows enter the index with their next write. */
const addIndexes = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const present = new Set(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  const missing = tableDefinition.GlobalSecondaryIndexes.filter(({ IndexName }) => !present.has(IndexName));
  if (missing.length === 0) return;
  const { AttributeDefinitions } = tableDefinition;
  const GlobalSecondaryIndexUpdates = missing.map((index) => ({ Create: index }));
  const update = new UpdateTableCommand({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates });
  // Another server was faster: engines report one or the other.
  await client.send(update).catch(ignoreErrors('ResourceInUseException', 'ValidationException'));
};

const expireOldItems = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  const { TimeToLiveDescription: now } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (now?.TimeToLiveStatus?.startsWith('ENABL')) return;
  // Another server was faster: the engine reports that as invalid.
  const update = new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: timeToLive });
  await client.send(update).catch(ignoreErrors('ValidationException'));
};

/** Throws `StartRefused` when the engine does not answer or refuses to create the table, or the table lacks its local indexes. */
export const ensureTable = async (endpoint: string, tableName: string): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint,
    region: REGION,
    credentials: localCredentials,
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  try {
    await create(client, tableName);
    await assertLocalIndexes(client, tableName);
    await addIndexes(client, tableName);
    await expireOldItems(client, tableName);
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    const { name, message } = error as Error;
    throw new StartRefused(`the table engine at ${endpoint} does not serve the table ${tableName}: ${message || name}`);
  } finally {
    client.destroy();
  }
};
