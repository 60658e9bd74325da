// The stream reader on a real engine: every record of credentials and no other, in order, through outages; and on engines
// without streams.
import { createServer } from 'node:http';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listenOnLoopback } from '../../../../local/http/loopback.ts';
import { ensureTable } from '../../../../local/table/ensure-table.ts';
import { startStreamReader } from '../../../../local/table/stream-reader.ts';
import { startProxy } from '../../../support/http/tcp-proxy.ts';
import { startEngine } from '../../../support/table/test-engine.ts';

const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
const TABLE = 'keyhold';

const startTable = async () => {
  const endpoint = await startEngine();
  await ensureTable(endpoint, TABLE);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  const put = async (sk: string, pk = 'USER#alice') => {
    await client.send(new PutItemCommand({ TableName: TABLE, Item: { pk: { S: pk }, sk: { S: sk } } }));
  };
  return { endpoint, put };
};

const startReader = (endpoint: string, answer: () => unknown = () => ({ batchItemFailures: [] })) => {
  const read: string[] = [];
  const run = async (event: object) => {
    const { Records } = event as { Records: DynamoDBRecord[] };
    read.push(...Records.map(({ dynamodb }) => dynamodb?.Keys?.sk?.S ?? ''));
    return answer();
  };
  const reader = startStreamReader({ endpoint, tableName: TABLE }, { name: 'publish-events', run });
  onTestFinished(() => reader.stop());
  return { read, stop: reader.stop };
};

const captureErrors = () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => said.mockRestore());
  return said;
};

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('startStreamReader', () => {
  it('reads the credentials written before and after it started, and no other rows', async () => {
    const { endpoint, put } = await startTable();
    for (const sk of ['#HEAD', 'CRED#1', 'LEASE#1', 'CRED#2', 'MANAGED#x']) await put(sk);
    const { read } = startReader(endpoint);
    await expect.poll(() => read).toEqual(['CRED#1', 'CRED#2']);
    await put('CRED#3');
    await put('STATE', 'STATE#x');
    await expect.poll(() => read).toEqual(['CRED#1', 'CRED#2', 'CRED#3']);
  });

  it('gives each server the whole stream', async () => {
    const { endpoint, put } = await startTable();
    const readers = [startReader(endpoint), startReader(endpoint)];
    await put('CRED#1');
    for (const { read } of readers) await expect.poll(() => read).toEqual(['CRED#1']);
  });

  it('continues at its position when the engine is back, without a report', async () => {
    const said = captureErrors();
    const { endpoint, put } = await startTable();
    const proxy = await startProxy(endpoint);
    onTestFinished(() => proxy.close());
    const { read } = startReader(proxy.url);
    await put('CRED#1');
    await expect.poll(() => read).toEqual(['CRED#1']);
    proxy.set('refusing');
    await put('CRED#2');
    await new Promise((later) => setTimeout(later, 300));
    proxy.set('fine');
    await expect.poll(() => read, { timeout: 5_000 }).toEqual(['CRED#1', 'CRED#2']);
    expect(said).not.toHaveBeenCalled();
  });

  it('reads nothing after stop', async () => {
    const { endpoint, put } = await startTable();
    const { read, stop } = startReader(endpoint);
    await put('CRED#1');
    await expect.poll(() => read).toEqual(['CRED#1']);
    stop();
    await put('CRED#2');
    await new Promise((later) => setTimeout(later, 400));
    expect(read).toEqual(['CRED#1']);
  });
});

describe('an engine without streams', () => {
  /** An engine that describes its table and gives this answer to every call of the streams API. */
  const startEngineWithout = async (status: number, body: string, stream?: string) => {
    const server = createServer((request, response) => {
      const isTable = String(request.headers['x-amz-target']).endsWith('DescribeTable');
      response.writeHead(isTable ? 200 : status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(isTable ? JSON.stringify({ Table: { TableName: TABLE, LatestStreamArn: stream } }) : body);
    });
    const port = await listenOnLoopback(server);
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${port}`;
  };

  it.each<[string, number, string, string?]>([
    ['has none for the table', 200, '{}'],
    ['does not know the operation', 400, '{"__type":"com.amazon.coral.service#UnknownOperationException"}', 'arn'],
    ['speaks of a page', 404, '<html>no</html>', 'arn'],
    ['has not implemented it', 501, '', 'arn'],
  ])('that %s is reported in one line and not called again', async (_, status, body, stream) => {
    const said = captureErrors();
    const { read } = startReader(await startEngineWithout(status, body, stream));
    await expect.poll(() => said.mock.calls).toHaveLength(1);
    expect(said.mock.calls[0]?.[0]).toMatch(/^keyhold: the table engine at .* has no stream.*$/);
    expect(read).toEqual([]);
  });
});
