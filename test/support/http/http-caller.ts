// Callers over HTTP: a user with a token, a worker whose requests the AWS SDK's signer signs, and a caller without credentials.
// Paths are sent unchanged; fetch would normalize them.
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { type Agent, type IncomingHttpHeaders, request as sendRequest } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape it expects, and asserts it.
  json: any;
}

/** `path` is sent unchanged, query included. An object is sent as JSON, text and bytes unchanged. */
export interface Caller {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface HttpRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

const send = ({ method, path, headers, body }: HttpRequest, origin: URL, agent: Agent): Promise<Reply> =>
  new Promise((answered, failed) => {
    const { hostname: host, port } = origin;
    const outgoing = { ...headers, 'content-length': body.length };
    const request = sendRequest({ host, port, method, path, headers: outgoing, agent }, async (response) => {
      try {
        const text = Buffer.concat(await response.toArray()).toString('utf8');
        answered({ status: response.statusCode ?? 0, headers: response.headers, text, json: parseJson(text) });
      } catch (error) {
        failed(error);
      }
    });
    request.on('error', failed);
    request.end(body);
  });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const encodeBody = (body: unknown): { body: Buffer; headers: Record<string, string> } => {
  if (body === undefined) return { body: Buffer.alloc(0), headers: {} };
  if (typeof body === 'string' || body instanceof Uint8Array) return { body: Buffer.from(body), headers: {} };
  return { body: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' } };
};

/** The hash interface of the SDK's signer, on node:crypto. */
class Sha256 {
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = createHash('sha256');
  }
}

export const workerSigner = new SignatureV4({
  service: 'execute-api',
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  sha256: Sha256,
});

const readQuery = (search: string): Record<string, string | string[]> => {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query[name];
    query[name] = before === undefined ? value : [before, value].flat();
  }
  return query;
};

/** Signs with the AWS SDK's signer; `host` includes the port. */
export const signAsWorker = async (request: HttpRequest, host: string): Promise<Record<string, string>> => {
  const [path = '', search = ''] = request.path.split(/\?(.*)/s);
  const [hostname = '', port] = host.split(':');
  const { method, body } = request;
  const headers = { ...request.headers, host };
  const target = { protocol: 'http:', hostname, port: Number(port), method, path, query: readQuery(search) };
  return (await workerSigner.sign({ ...target, headers, body })).headers;
};

type Authorize = (request: HttpRequest) => Promise<Record<string, string>>;

export const makeCaller = (origin: URL, agent: Agent, authorize: Authorize): Caller => ({
  call: async (method, path, body, headers = {}) => {
    const encoded = encodeBody(body);
    const request = { method, path, body: encoded.body, headers: { ...encoded.headers, ...headers } };
    return send({ ...request, headers: await authorize(request) }, origin, agent);
  },
});

export const userCaller = (anonymous: Caller, origin: URL, agent: Agent, sub: string): Caller => {
  let token: Promise<string> | undefined;
  const fetchToken = async (): Promise<string> => {
    const { status, json, text } = await anonymous.call('POST', '/_local/token', { sub });
    if (status !== 200) throw new Error(`no token: ${status} ${text}`);
    return json.accessToken;
  };
  return makeCaller(origin, agent, async ({ headers }) => {
    token ??= fetchToken();
    return { authorization: `Bearer ${await token}`, ...headers };
  });
};

export const workerCaller = (origin: URL, agent: Agent): Caller =>
  makeCaller(origin, agent, (request) => signAsWorker(request, origin.host));
