// A scripted OAuth provider on loopback: it answers each request with the next of its replies, and
// records the requests.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ScriptedReply {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** An object is sent as JSON. */
  body?: string | Buffer | object;
  /** Reset: closes the connection without an answer. Silent: never answers. Slow: sends headers, then nothing. */
  fault?: 'reset' | 'silent' | 'slow' | 'reset halfway';
}

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  form: Record<string, string>;
}

export interface ProviderStub {
  url: string;
  requests: RecordedRequest[];
  /** Clears the records, and answers with these from now on, repeating the last. */
  plan(...replies: ScriptedReply[]): void;
  close(): void;
}

const isText = (body: unknown): body is string | Buffer => typeof body === 'string' || Buffer.isBuffer(body);

export const recordRequest = async (request: IncomingMessage): Promise<RecordedRequest> => {
  const body = await text(request);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    form: Object.fromEntries(new URLSearchParams(body)),
  };
};

export const sendReply = (
  response: ServerResponse,
  { status = 200, headers = {}, body = {}, fault }: ScriptedReply,
): void => {
  if (fault === 'silent') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  if (fault === undefined) {
    response.end(isText(body) ? body : JSON.stringify(body));
    return;
  }
  response.write('{"access_token":');
  if (fault === 'reset halfway') response.socket?.resetAndDestroy();
};

export const startProviderStub = async (): Promise<ProviderStub> => {
  let script: ScriptedReply[] = [];
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    response.on('error', () => {});
    void recordRequest(request).then((recorded) => {
      requests.push(recorded);
      sendReply(response, (script.length > 1 ? script.shift() : script[0]) ?? { status: 404 });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    plan: (...replies) => {
      script = replies;
      requests.length = 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
