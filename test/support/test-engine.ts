// A table of its own for a suite: on an engine in memory that ends with the suite, or on the engine named by
// TEST_ENGINE_URL (the second opinion).
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll } from 'vitest';
import { openTable, type Table } from '../../lib/adapters/dynamodb/table.ts';
import { tableDefinition } from '../../local/table-definition.ts';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

/** An engine in memory that ends with the suite; gives its address. */
export const startEngine = async (): Promise<string> => {
  const manifest = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
  const port = await freePort();
  const arguments_ = ['serve', '--host', '127.0.0.1', '--port', String(port)];
  const engine = spawn(join(manifest, '..', 'dynoxide'), arguments_, { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = () => engine.kill('SIGKILL');
  process.once('exit', end);
  afterAll(() => {
    end();
  });
  for await (const line of createInterface({ input: engine.stderr })) if (line.includes('listening on')) break;
  engine.stderr.resume();
  return `http://127.0.0.1:${port}`;
};

/** Call at the top of a suite. The client is the real one, with its timeouts and single attempts. */
export const openTestTable = async (): Promise<Table> => {
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: process.env.TEST_ENGINE_URL ?? (await startEngine()),
  });
  const table = openTable(`keyhold-${randomUUID()}`);
  // Patient, unlike the client under test: some engines take seconds to make a table.
  await new DynamoDBClient().send(new CreateTableCommand({ ...tableDefinition, TableName: table.name }));
  return table;
};
