// Opens a table for a suite, on an engine in memory or on the one at TEST_ENGINE_URL.
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '../../../lib/adapters/dynamodb/table.ts';
import { freePort } from '../../../local/http/loopback.ts';
import { findBinary, launch } from '../../../local/table/engine.ts';
import { tableDefinition } from '../../../local/table/table-definition.ts';

/** Starts an engine in memory that ends with this process; returns its URL. */
export const startEngine = async (): Promise<string> => {
  const port = await freePort();
  const engine = launch(findBinary(), ['serve', '--host', '127.0.0.1', '--port', String(port)]);
  const output = engine.stderr as Readable;
  for await (const line of createInterface({ input: output })) if (line.includes('listening on')) break;
  output.resume();
  return `http://127.0.0.1:${port}`;
};

/** One for all files that this process runs: each has a table of its own. */
let shared: Promise<string> | undefined;

const sharedEngine = (): Promise<string> => {
  shared ??= startEngine();
  return shared;
};

/** Creates a new table. Its client is the real one, with its time-outs and single attempts. */
export const openTestTable = async ({ withStream = true } = {}): Promise<Table> => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: process.env.TEST_ENGINE_URL ?? (await sharedEngine()),
  });
  const table = openTable(`keyhold-${randomUUID()}`);
  // A client without short time-outs: some engines take seconds to create a table.
  const { StreamSpecification, ...withoutStream } = tableDefinition;
  const definition = { ...withoutStream, ...(withStream && { StreamSpecification }), TableName: table.name };
  await new DynamoDBClient().send(new CreateTableCommand(definition));
  return table;
};
