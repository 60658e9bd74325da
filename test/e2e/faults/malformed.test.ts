// Malformed requests to every route (I3): the answer is a refusal in one of two shapes, never a 5xx, and contains no secret.
// MALFORMED is the number of requests, MALFORMED_SEED repeats a run.
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RouteId, routes, routeTable } from '../../../lib/http/routes/routes.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { type MalformedRequest, malformedRequest, randomFrom, validBody } from '../../support/http/malformed.ts';
import { signByHand } from '../../support/http/sign-by-hand.ts';
import { printFigure } from '../../support/run/figure.ts';
import { canary, findCanaries } from '../../support/secrets/canaries.ts';

const COUNT = Number(process.env.MALFORMED ?? 1_500);
const SEED = Number(process.env.MALFORMED_SEED ?? Date.now() % 1_000_000);
const AT_ONCE = 4;
const secret = canary().replace('é ', 'e');

/** Routes whose answer may contain the secret. */
const MAY_CARRY: RouteId[] = ['resolveCredential', 'getCredential', 'getManagedCredential', 'exportUser'];

let keyhold: Keyhold;
let bearer: string;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  keyhold = await startKeyhold();
  const reply = await keyhold.anonymous.call('POST', '/_local/token', { sub: 'u0', expiresInSeconds: 86_400 });
  bearer = `Bearer ${reply.json.accessToken}`;
});
afterAll(async () => {
  agent.destroy();
  await keyhold.stop();
});

interface Answer {
  status: number;
  type: string;
  headers: IncomingMessage['headers'];
  text: string;
  milliseconds: number;
}

const authorization = ({ plane, method, path, body }: MalformedRequest): string[] => {
  const { host } = new URL(keyhold.url);
  if (plane === 'user') return ['host', host, 'authorization', bearer];
  return Object.entries(signByHand({ method, path, body, headers: {} }, host)).flat();
};

const send = (malformed: MalformedRequest): Promise<Answer> =>
  new Promise((answered, failed) => {
    const { method, path, body } = malformed;
    const started = performance.now();
    const headers = [...authorization(malformed), ...malformed.headers, 'content-length', String(body.length)];
    const { hostname, port } = new URL(keyhold.url);
    const request = httpRequest({ hostname, port, method, path, headers, agent }, async (response) => {
      try {
        const text = Buffer.concat(await response.toArray()).toString('utf8');
        const milliseconds = performance.now() - started;
        const { statusCode: status = 0, headers } = response;
        answered({ status, type: headers['content-type'] ?? '', headers, text, milliseconds });
      } catch (error) {
        failed(error);
      }
    });
    request.on('error', failed);
    request.end(body);
  });

const parse = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The route reached: another method may select another route of the same path. */
const reachedBy = ({ method, routeId }: MalformedRequest): RouteId => {
  const { path } = routeTable[routeId];
  return routes.find((route) => route.method === method && route.path === path)?.id ?? routeId;
};

/** What is wrong with an answer; undefined when nothing is. */
const complaint = (request: MalformedRequest, { status, type, headers, text }: Answer): string | undefined => {
  const { method, routeId } = request;
  if (status < 200 || status >= 500) return `status ${status}`;
  const carries = findCanaries(text + JSON.stringify(headers), new Map([['secret', secret]])).length > 0;
  if (carries && !(status < 300 && MAY_CARRY.includes(reachedBy(request)))) return 'the secret came back';
  if (status < 400 || method === 'HEAD') return undefined;
  // The callback answers browsers with HTML.
  if (routeId.startsWith('receiveOAuth') && status === 400 && type?.startsWith('text/html')) return undefined;
  const json = parse(text);
  if (type === 'application/problem+json') {
    const isProblem = json?.status === status && json.type === `urn:keyhold:problem:${json.code}`;
    return isProblem ? undefined : `no problem document: ${text}`;
  }
  const isGateways = type === 'application/json' && typeof json?.message === 'string' && Object.keys(json).length === 1;
  return isGateways ? undefined : `neither shape: ${status} ${type} ${text.slice(0, 200)}`;
};

const describeRequest = ({ method, path, broken, headers, body }: MalformedRequest) =>
  [
    method,
    path.slice(0, 200),
    broken.join(', '),
    headers.join('|').slice(0, 200),
    body.toString('latin1').slice(0, 200),
  ].join(' ');

describe('the generator', () => {
  it.each(routes.filter((route) => route.body))('builds a valid body for $method $path', (route) => {
    const random = randomFrom(1);
    for (let round = 0; round < 50; round++) {
      const parsed = route.body?.safeParse(validBody(route, random, secret));
      expect(parsed?.error?.issues ?? []).toEqual([]);
    }
  });

  it('makes the same requests for the same seed', () => {
    const [one, other] = [7, 7].map((seed) => {
      const random = randomFrom(seed);
      return Array.from({ length: 20 }, () => {
        const { body, ...request } = malformedRequest(random, secret);
        return JSON.stringify([request, body.toString('base64')]);
      });
    });
    expect(one).toEqual(other);
  });
});

describe('malformed requests', () => {
  it(`are refused without a 5xx, all ${COUNT} of seed ${SEED}`, { timeout: 60_000 + COUNT * 50 }, async () => {
    const random = randomFrom(SEED);
    const complaints: string[] = [];
    const statuses = new Map<number, number>();
    let slowest = { milliseconds: 0, request: '' };
    let left = COUNT;
    const work = async () => {
      while (left-- > 0) {
        const malformed = malformedRequest(random, secret);
        const answer = await send(malformed).catch((error) => ({ ...failedAnswer, text: String(error) }));
        const wrong = answer.status === 0 ? answer.text : complaint(malformed, answer);
        if (wrong) complaints.push(`${wrong} <- ${describeRequest(malformed)}`);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.milliseconds > slowest.milliseconds) {
          slowest = { milliseconds: answer.milliseconds, request: describeRequest(malformed).slice(0, 120) };
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const counted = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
    console.log(`${COUNT} malformed requests of seed ${SEED}; ${counted.join(', ')}`);
    const faults = [...statuses].reduce((sum, [status, count]) => sum + (status >= 500 ? count : 0), 0);
    const slowestMilliseconds = Math.round(slowest.milliseconds);
    printFigure('malformed requests', { requests: COUNT, seed: SEED, faults, slowestMilliseconds });
    console.log(`the slowest took ${slowestMilliseconds} ms: ${slowest.request}`);
    expect(complaints).toEqual([]);
    // Some requests passed the gateway and reached the refusals of the routes; some were valid after all.
    const reached = COUNT < 1_000 ? [200, 400] : [200, 400, 404, 413, 415];
    for (const status of reached) expect(statuses.get(status) ?? 0).toBeGreaterThan(COUNT / 1_000);
  });

  const failedAnswer: Answer = { status: 0, type: '', headers: {}, text: '', milliseconds: 0 };

  const nonsense = [
    ...['\0\0\0\0\r\n\r\n', 'GET\r\n\r\n', 'GET /v1/health HTTP/9.9\r\n\r\n', '\x16\x03\x01\x02\0\r\n\r\n'],
    ...['get /v1/health HTTP/1.1\r\nhost: a\r\n\r\n', 'GET /v1/health HTTP/1.1\r\nhost a\r\n\r\n'],
    ...['GET /v1/health HTTP/1.1\r\nhost: a\r\nx: \0\r\n\r\n', 'GET v1/health HTTP/1.1\r\nhost: a\r\n\r\n'],
    'POST /v1/health HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    'POST /v1/health HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /v1/health HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
    'GET /v1/h\xff HTTP/1.1\r\nhost: a\r\n\r\n',
    `GET /v1/health HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  ];
  it.each(nonsense.map((text) => [text.slice(0, 80), text]))(
    'that are not HTTP get a JSON answer: %j',
    async (_, text) => {
      const { hostname, port } = new URL(keyhold.url);
      const socket = connect(Number(port), hostname).end(text as string, 'latin1');
      const [head = '', body = ''] = Buffer.concat(await socket.toArray())
        .toString()
        .split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 4\d\d /);
      expect(Object.keys(parse(body))).toEqual(['message']);
    },
  );

  it('leave the server working', async () => {
    const key = { type: 'api_key', provider: 'openai', apiKey: 'k', id: 'after' };
    expect((await keyhold.user('after').call('POST', '/v1/me/credentials', key)).status).toBe(201);
    const resolved = await keyhold.worker.call('POST', '/v1/users/after/resolve', { provider: 'openai' });
    expect(resolved.json.headers).toEqual({ authorization: 'Bearer k' });
    expect(findCanaries(keyhold.stdout() + keyhold.stderr(), new Map([['secret', secret]]))).toEqual([]);
    expect(keyhold.stderr()).toBe('');
  });
});
