// The local server as a process of its own, and callers on both planes, for the suites that go over HTTP. Loopback only;
// whatever a suite forgets is killed, and its folder removed, when the runner ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as sendRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignatureV4 } from '@smithy/signature-v4';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The parsed body; undefined when it is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for, and asserts it.
  json: any;
}

/** `path` goes over the wire as it is, query included. An object becomes JSON; text and bytes are sent as they are. */
export interface Caller {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export interface Keyhold {
  url: string;
  home: string;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** SIGTERM; resolves to the exit code, null when it had to be killed. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  user(sub: string): Caller;
  worker: Caller;
  /** Without any authorization. */
  nobody: Caller;
}

const READY_MILLISECONDS = 30_000;
const STOP_MILLISECONDS = 5_000;

/** All that a started server gets of our environment: no AWS name, no setting of Keyhold, nothing of the test runner. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot'];

const running = new Set<ChildProcess>();
const ownHomes = new Set<string>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  for (const home of ownHomes) rmSync(home, { recursive: true, force: true });
});

const inheritedEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined));

const makeHome = (): string => {
  const home = mkdtempSync(join(tmpdir(), 'keyhold-'));
  ownHomes.add(home);
  return home;
};

type Request = { method: string; path: string; headers: Record<string, string>; body: Buffer };

const send = ({ method, path, headers, body }: Request, origin: URL, agent: Agent): Promise<Reply> =>
  new Promise((answered, failed) => {
    const { hostname: host, port } = origin;
    const outgoing: OutgoingHttpHeaders = { ...headers, 'content-length': body.length };
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

/** The hash that the SDK's signer wants, of node:crypto. */
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

const signer = new SignatureV4({
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

/** Signs as the AWS SDK does; `host` is the address with its port. */
export const signAsWorker = async (request: Request, host: string): Promise<Record<string, string>> => {
  const [path = '', search = ''] = request.path.split(/\?(.*)/s);
  const [hostname = '', port] = host.split(':');
  const { method, body } = request;
  const headers = { ...request.headers, host };
  const target = { protocol: 'http:', hostname, port: Number(port), method, path, query: readQuery(search) };
  return (await signer.sign({ ...target, headers, body })).headers;
};

type Authorize = (request: Request) => Promise<Record<string, string>>;

const callerOf = (origin: URL, agent: Agent, authorize: Authorize): Caller => ({
  call: async (method, path, body, headers = {}) => {
    const encoded = encodeBody(body);
    const request = { method, path, body: encoded.body, headers: { ...encoded.headers, ...headers } };
    return send({ ...request, headers: await authorize(request) }, origin, agent);
  },
});

const userCaller = (nobody: Caller, origin: URL, agent: Agent, sub: string): Caller => {
  let token: Promise<string> | undefined;
  const fetchToken = async (): Promise<string> => {
    const { status, json, text } = await nobody.call('POST', '/_local/token', { sub });
    if (status !== 200) throw new Error(`no token: ${status} ${text}`);
    return json.accessToken;
  };
  return callerOf(origin, agent, async ({ headers }) => {
    token ??= fetchToken();
    return { authorization: `Bearer ${await token}`, ...headers };
  });
};

const waitUntilReady = async (child: ChildProcess, output: { stdout: string; stderr: string }): Promise<URL> => {
  const deadline = Date.now() + READY_MILLISECONDS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const [, url] = /^keyhold ready on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output.stdout) ?? [];
    if (url) return new URL(url);
    await sleep(10);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not get ready (exit code ${child.exitCode}): ${output.stderr}${output.stdout}`);
};

const spawnServer = (home: string, env: Record<string, string>) => {
  const main = resolve(import.meta.dirname, '../../local/main.ts');
  const child = spawn(process.execPath, [main], {
    env: { ...inheritedEnvironment(), PORT: '0', KEYHOLD_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.stderr += text;
  });
  return { child, output };
};

const end = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS);
  await exited;
  clearTimeout(late);
  return child.exitCode;
};

/** Starts a server on a port of its own; without a `home` on a folder of its own, which `stop` leaves for a restart. */
export const startKeyhold = async (options: { home?: string; env?: Record<string, string> } = {}): Promise<Keyhold> => {
  const home = options.home ?? makeHome();
  const { child, output } = spawnServer(home, options.env ?? {});
  const origin = await waitUntilReady(child, output);
  const agent = new Agent({ keepAlive: true });
  const nobody = callerOf(origin, agent, async ({ headers }) => headers);
  const stop = (signal: 'SIGTERM' | 'SIGKILL') => end(child, signal).finally(() => agent.destroy());
  return {
    url: origin.origin,
    home,
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    stop: () => stop('SIGTERM'),
    kill: async () => {
      await stop('SIGKILL');
    },
    user: (sub) => userCaller(nobody, origin, agent, sub),
    worker: callerOf(origin, agent, (request) => signAsWorker(request, origin.host)),
    nobody,
  };
};
