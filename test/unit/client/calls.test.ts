// One call of the client: what it sends, which refusals it repeats, and what its errors say. Waits are on a clock of the test.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUserClient, KeyholdError, type UserClient } from '../../../client/browser.ts';
import { createWorker, type Worker } from '../../../client/worker.ts';

const SECRET = 'sk-never-in-an-error';

beforeEach(() => {
  vi.useFakeTimers();
  vi.setTimerTickMode('nextTimerAsync');
});
afterEach(() => {
  vi.useRealTimers();
});

interface Given {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const problem = (status: number, code: string, more: object = {}): Given => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...(status === 503 && { 'retry-after': '0' }) },
  body: JSON.stringify({ type: `urn:keyhold:problem:${code}`, title: 'T', status, code, instance: 'req-1', ...more }),
});
const OK: Given = { status: 200, body: '{}' };
const NO_ANSWER: Given = { status: 0 };

/** A client whose service answers these in turn, repeating the last, and its requests. */
const clientOf = (...answers: Given[]): { worker: Worker; user: UserClient; sent: Request[] } => {
  const sent: Request[] = [];
  const left = [...answers];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    sent.push(new Request(input, init));
    const { status, headers = {}, body = '' } = (left.length > 1 ? left.shift() : left[0]) ?? OK;
    if (status === 0) throw new TypeError('fetch failed');
    return new Response(status === 204 ? null : body, { status, headers });
  };
  const url = 'http://127.0.0.1:1';
  return { worker: createWorker({ url, fetch }), user: createUserClient({ url, token: () => 'jwt', fetch }), sent };
};

const caught = async (promise: Promise<unknown>): Promise<KeyholdError> => {
  const error = await promise.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(KeyholdError);
  return error as KeyholdError;
};

const newKey = { type: 'api_key', provider: 'openai', apiKey: SECRET } as const;

describe('a request', () => {
  it('has the encoded user, the version it expects, a query of what is given, and a signature', async () => {
    const { worker, sent } = clientOf(OK);
    await worker.addCredential('alice@example.com', newKey, { ifMatch: 3 });
    await worker.listCredentials('alice', { provider: 'openai', limit: 5, after: undefined as unknown as string });
    const [added, listed] = sent as [Request, Request];
    expect(added.url).toBe('http://127.0.0.1:1/v1/users/~YWxpY2VAZXhhbXBsZS5jb20/credentials');
    expect(added.headers.get('if-match')).toBe('"v3"');
    expect(added.headers.get('authorization')).toMatch(
      /^AWS4-HMAC-SHA256 Credential=local\/.*\/us-east-1\/execute-api\//,
    );
    expect(await added.json()).toEqual(newKey);
    expect(new URL(listed.url).search).toBe('?provider=openai&limit=5');
  });

  it('carries the token of the user, read for each call', async () => {
    const { user, sent } = clientOf(OK);
    await user.listCredentials();
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer jwt');
  });

  it('follows no redirect', async () => {
    const { worker, sent } = clientOf(OK);
    await worker.listCredentials('alice');
    expect(sent[0]?.redirect).toBe('error');
  });

  it.each(['a/b', '..', '', 'x'.repeat(129)])('is not sent with %j as an id', async (id) => {
    const { worker, sent } = clientOf(OK);
    await expect(worker.getCredential('alice', id)).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });
});

describe('a setting', () => {
  it.each([
    'http://example.com',
    'ftp://127.0.0.1',
    'nonsense',
    'https://user:pass@example.com',
    'https://a.b/?c',
    'https://a.b/#c',
  ])('is refused as an address: %s', (url) => {
    expect(() => createWorker({ url, region: 'eu-west-1' })).toThrow(TypeError);
  });

  it('names the region in the address of API Gateway', async () => {
    const sent: Headers[] = [];
    const fetch: typeof globalThis.fetch = async (_, init) => {
      sent.push(new Headers(init?.headers));
      return new Response('{}');
    };
    const credentials = { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T' };
    const worker = createWorker({ url: 'https://abc.execute-api.eu-west-1.amazonaws.com/', credentials, fetch });
    await worker.listSystemCredentials();
    expect(sent[0]?.get('authorization')).toContain('/eu-west-1/execute-api/aws4_request');
    expect(sent[0]?.get('x-amz-security-token')).toBe('T');
  });
});

describe('a refusal', () => {
  it('is an error with the members of the problem, and no secret', async () => {
    const errors = [{ pointer: '#/apiKey', detail: 'Too small' }];
    const { worker } = clientOf(problem(400, 'invalid_request', { detail: 'Wrong.', errors, currentVersion: 7 }));
    const error = await caught(worker.addCredential('alice', newKey));
    expect(error).toMatchObject({
      name: 'KeyholdError',
      code: 'invalid_request',
      status: 400,
      requestId: 'req-1',
      errors,
    });
    expect([error.message, error.members]).toEqual(['invalid_request: Wrong.', { currentVersion: 7 }]);
    expect(JSON.stringify(error) + error.stack).not.toContain(SECRET);
  });

  it.each<[Given, string]>([
    [{ status: 403, body: '{"message":"Forbidden"}' }, 'unauthenticated'],
    [{ status: 401, body: '{"message":"Unauthorized"}' }, 'unauthenticated'],
    [{ status: 404, body: '{"message":"Not Found"}' }, 'route_unknown'],
    [{ status: 413, body: `<html>${SECRET}` }, 'refused_by_gateway'],
    [{ status: 500, body: SECRET }, 'unavailable'],
    [{ status: 200, body: SECRET }, 'invalid_answer'],
    [{ status: 200, body: `["${SECRET}"]` }, 'invalid_answer'],
  ])('of a gateway or a stranger, %j, quotes nothing of its body', async (given, code) => {
    const { worker } = clientOf(given);
    const error = await caught(worker.addCredential('alice', newKey));
    expect(error.code).toBe(code);
    expect(JSON.stringify(error) + error.stack).not.toContain(SECRET);
  });

  it('is an outcome where an application must be ready for it', async () => {
    const resolve = (given: Given) => clientOf(given).worker.resolve('alice', { provider: 'github' });
    expect(await resolve(problem(404, 'not_connected'))).toEqual({ kind: 'not_connected' });
    expect(await resolve(problem(409, 'reconnect_required', { reason: 'refused' }))).toEqual({
      kind: 'reconnect_required',
      reason: 'refused',
    });
    expect(await resolve(problem(409, 'insufficient_scopes', { missingScopes: ['repo'] }))).toEqual({
      kind: 'insufficient_scopes',
      missingScopes: ['repo'],
    });
    expect(await resolve(problem(409, 'credential_unreadable'))).toEqual({ kind: 'credential_unreadable' });
    await caught(resolve(problem(400, 'url_not_allowed')));
  });
});

describe('a call that is repeated', () => {
  const BUSY = problem(503, 'store_busy');
  const UNSURE = problem(503, 'store_unavailable');
  const LIMITED: Given = { status: 429, headers: { 'retry-after': '0' }, body: '{"message":"Too Many Requests"}' };
  const calls: Record<string, (worker: Worker) => Promise<unknown>> = {
    list: (worker) => worker.listCredentials('alice'),
    resolve: (worker) => worker.resolve('alice', { provider: 'x' }),
    replace: (worker) => worker.replaceCredential('alice', 'k', newKey),
    'replace at a version': (worker) => worker.replaceCredential('alice', 'k', newKey, { ifMatch: 1 }),
    erase: (worker) => worker.eraseUser('alice'),
    add: (worker) => worker.addCredential('alice', newKey),
    delete: (worker) => worker.deleteCredential('alice', 'k'),
    poll: (worker) => worker.pollDeviceConnection('alice', { state: 's' }),
    consume: (worker) => worker.consumeOAuthState('alice', { token: 's', provider: 'x' }),
    complete: (worker) => worker.completeConnection('alice', { state: 's', receipt: 'r' }),
  };

  it.each<[string, Given, number]>([
    ['list', BUSY, 2],
    ['list', UNSURE, 2],
    ['list', NO_ANSWER, 2],
    ['resolve', problem(503, 'refresh_unavailable'), 2],
    ['resolve', problem(503, 'timed_out'), 2],
    ['replace', UNSURE, 2],
    ['replace at a version', UNSURE, 1],
    ['replace at a version', BUSY, 2],
    ['erase', UNSURE, 2],
    ['add', BUSY, 2],
    ['add', UNSURE, 1],
    ['add', NO_ANSWER, 1],
    ['delete', UNSURE, 1],
    ['delete', BUSY, 2],
    ['poll', BUSY, 2],
    ['poll', UNSURE, 2],
    ['poll', NO_ANSWER, 2],
    ['complete', BUSY, 1],
    ['consume', UNSURE, 1],
    ['complete', UNSURE, 1],
    ['complete', NO_ANSWER, 1],
    ['complete', LIMITED, 2],
    ['list', problem(500, 'internal_error'), 1],
    ['list', problem(400, 'invalid_request'), 1],
  ])('%s after %j is sent %d times', async (name, given, times) => {
    const { worker, sent } = clientOf(given, OK);
    await calls[name]?.(worker).catch((error) => expect(error).toBeInstanceOf(KeyholdError));
    expect(sent).toHaveLength(times);
  });

  it('repeats a poll of the user too', async () => {
    const { user, sent } = clientOf(UNSURE, OK);
    await user.pollDeviceConnection({ state: 's' });
    expect(sent).toHaveLength(2);
  });

  it('is not repeated when the wait would exceed the limit', async () => {
    const { worker, sent } = clientOf({ ...BUSY, headers: { ...BUSY.headers, 'retry-after': '11' } });
    expect((await caught(worker.listCredentials('alice'))).retryAfterSeconds).toBe(11);
    expect(sent).toHaveLength(1);
  });

  it('ends at once when the caller gives up during the wait, with the reason of the signal', async () => {
    const { worker, sent } = clientOf({ ...BUSY, headers: { ...BUSY.headers, 'retry-after': '7' } });
    const given = new AbortController();
    const call = worker.listCredentials('alice', { signal: given.signal });
    setTimeout(() => given.abort(new Error('enough')), 20);
    await expect(call).rejects.toThrow('enough');
    expect(sent).toHaveLength(1);
  });

  it('gives up on a service that is not there after a second attempt', async () => {
    const { worker, sent } = clientOf(NO_ANSWER);
    expect((await caught(worker.listCredentials('alice'))).code).toBe('unreachable');
    expect(sent).toHaveLength(2);
  });
});
