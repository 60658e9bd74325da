// A proxy before an AWS endpoint that records each request. Of DynamoDB it also asks what the request consumes, as the engine
// counts it. The engine counts a read with a projection too low, where DynamoDB counts the whole items: such a read is counted by a
// second one without the projection, whose answer is dropped.
import { createServer, type IncomingMessage } from 'node:http';
import { listenOnLoopback } from '../../../../local/http/loopback.ts';

/** One request, as the service received it. */
export interface Recorded {
  /** Such as `GetItem` or `Decrypt`. */
  operation: string;
  input: Record<string, unknown>;
  status: number;
  readUnits: number;
  writeUnits: number;
}

/** A recording proxy. */
export interface Recorder {
  endpoint: string;
  /** Returns what was recorded since the last call. */
  take(): Recorded[];
}

interface Capacity {
  CapacityUnits?: number;
}

const READS = new Set(['GetItem', 'Query', 'BatchGetItem', 'TransactGetItems', 'Scan']);

const sumUnits = (consumed: unknown): number =>
  [consumed ?? []].flat().reduce((sum: number, { CapacityUnits = 0 }: Capacity) => sum + CapacityUnits, 0);

const send = async (endpoint: string, request: IncomingMessage, body: string) => {
  const headers = {
    'content-type': request.headers['content-type'] ?? '',
    'x-amz-target': String(request.headers['x-amz-target']),
  };
  const authorization = request.headers.authorization ?? '';
  const date = String(request.headers['x-amz-date']);
  const sent = { ...headers, authorization, 'x-amz-date': date };
  const response = await fetch(endpoint, { method: 'POST', headers: sent, body });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') ?? '' };
};

const readJson = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

const COUNTED = { ReturnConsumedCapacity: 'TOTAL' };

const withoutProjection = ({ ProjectionExpression: _, Select: __, ...input }: Record<string, unknown>) => input;

/** The units of one request; a refused write reports none, so it counts one. */
const countUnits = async (
  operation: string,
  input: Record<string, unknown>,
  again: (body: object) => Promise<unknown>,
) => {
  const isProjected = operation === 'GetItem' && input.ProjectionExpression !== undefined;
  if (!isProjected) return null;
  const { ExpressionAttributeNames: _, ...whole } = withoutProjection(input);
  return sumUnits(await again({ ...whole, ...COUNTED }));
};

/** Starts a recorder before an endpoint. `isTable`: the endpoint is DynamoDB's. */
export const startRecorder = async (endpoint: string, isTable: boolean): Promise<Recorder> => {
  let records: Recorded[] = [];
  const answer = async (request: IncomingMessage) => {
    const input = readJson(Buffer.concat(await request.toArray()).toString());
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const reply = await send(endpoint, request, JSON.stringify(isTable ? { ...input, ...COUNTED } : input));
    const again = async (body: object) =>
      readJson((await send(endpoint, request, JSON.stringify(body))).text).ConsumedCapacity;
    const projected = isTable ? await countUnits(operation, input, again) : null;
    const refused = isTable && reply.status !== 200 ? 1 : 0;
    const units = projected ?? (sumUnits(readJson(reply.text).ConsumedCapacity) || refused);
    const isRead = READS.has(operation);
    records.push({
      ...{ operation, input, status: reply.status },
      ...{ readUnits: isRead ? units : 0, writeUnits: isRead ? 0 : units },
    });
    return reply;
  };
  const server = createServer(async (request, response) => {
    const { status, text, type } = await answer(request);
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'bench' }).end(text);
  });
  return {
    endpoint: `http://127.0.0.1:${await listenOnLoopback(server)}`,
    take: () => {
      const taken = records;
      records = [];
      return taken;
    },
  };
};
