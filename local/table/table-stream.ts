// Finds the stream of the table on the engine, or that there is none: not every engine that speaks DynamoDB has streams.
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { localCredentials, REGION } from '../aws/local-aws.ts';

export interface TableStream {
  arn: string;
  client: DynamoDBStreamsClient;
  /** Ends every call. */
  signal: AbortSignal;
}

/** The engine serves no stream of this table, and will not. */
export class NoStream extends Error {}

const clientSettings = (endpoint: string) => ({
  endpoint,
  region: REGION,
  credentials: localCredentials,
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 500, requestTimeout: 5_000, throwOnRequestTimeout: true },
});

const findArn = async (endpoint: string, TableName: string, abortSignal: AbortSignal): Promise<string> => {
  const client = new DynamoDBClient(clientSettings(endpoint));
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }), { abortSignal });
    if (Table?.LatestStreamArn === undefined) throw new NoStream();
    return Table.LatestStreamArn;
  } finally {
    client.destroy();
  }
};

/** Of an answer, even of one that no DynamoDB would give. */
const statusOf = (error: unknown): number => {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
};

/** An engine without the API refuses the first call, each in its own words; one that is only busy does not. */
const isRefused = (error: unknown): boolean => {
  const status = statusOf(error);
  return (status >= 400 && status < 500) || status === 501;
};

/** Throws `NoStream`, or whatever the engine's failing throws. */
export const openTableStream = async (
  endpoint: string,
  tableName: string,
  signal: AbortSignal,
): Promise<TableStream> => {
  const arn = await findArn(endpoint, tableName, signal);
  const client = new DynamoDBStreamsClient(clientSettings(endpoint));
  try {
    await client.send(new DescribeStreamCommand({ StreamArn: arn, Limit: 1 }), { abortSignal: signal });
    return { arn, client, signal };
  } catch (error) {
    client.destroy();
    throw isRefused(error) ? new NoStream() : error;
  }
};
