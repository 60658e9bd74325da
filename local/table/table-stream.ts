// Finds the stream of the table. Not every DynamoDB-compatible engine has streams.
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { localCredentials, REGION } from '../aws/local-aws.ts';

/** An open stream, and the client that reads it. */
export interface TableStream {
  arn: string;
  client: DynamoDBStreamsClient;
  /** Aborts every call. */
  signal: AbortSignal;
}

/** The engine has no stream for this table, and asking again does not help. */
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

/** The HTTP status of an error, also of an answer that is not DynamoDB's. */
const readStatus = (error: unknown): number => {
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
};

/** An engine without streams refuses the first call with a client error or 501; a busy one answers with another status. */
const isRefused = (error: unknown): boolean => {
  const status = readStatus(error);
  return (status >= 400 && status < 500) || status === 501;
};

/** Throws `NoStream`, or the error of the engine. */
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
