// A bare HTTP server in a process of its own, as the floor of throughput: each request is answered with one read of the table. It is
// given a port, the engine's address and the key, and says `ready` to its parent.
import { createServer } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { rawGet } from '../backend/raw-client.ts';

const [port = '0', endpoint = '', userId = '', id = ''] = process.argv.slice(2);
const client = new DynamoDBClient({
  ...{ endpoint, region: 'us-east-1' },
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const read = rawGet(client, userId, id);

createServer((request, response) => {
  request.resume().on('end', async () => {
    const { Item } = await read();
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ found: Item !== undefined }));
  });
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'));
