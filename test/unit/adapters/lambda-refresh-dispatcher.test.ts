// The order goes to Lambda as one signed asynchronous invocation. A failure is an answer, not an error.
import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaRefreshDispatcher } from '../../../lib/adapters/lambda/lambda-refresh-dispatcher.ts';
import type { Log } from '../../../lib/domain/ports/telemetry.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';
import { startProviderStub } from '../../support/providers/provider-stub.ts';

const lambda = await startProviderStub();
const PATH = '/2015-03-31/functions/keyhold-refresh/invocations';
const ORDER = { userId: 'alice', credentialId: 'g', secretRev: 'rev-1' };
const log = { info: vi.fn<Log['info']>(), warn: vi.fn<Log['warn']>(), error: vi.fn<Log['error']>() };
const dispatch = (url = lambda.url) =>
  lambdaRefreshDispatcher({ url: url + PATH, region: 'eu-west-1' }, { clock: settableClock(), log }).dispatch(ORDER);

beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
});
beforeEach(() => {
  vi.clearAllMocks();
});
afterAll(() => {
  vi.unstubAllEnvs();
  lambda.close();
});

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the dispatcher', () => {
  it('sends one asynchronous invocation with the order', async () => {
    lambda.plan({ status: 202 });
    expect(await dispatch()).toBe(true);
    expect(lambda.requests).toHaveLength(1);
    const [{ method, path, body, headers }] = lambda.requests as [(typeof lambda.requests)[0]];
    expect([method, path, JSON.parse(body)]).toEqual(['POST', PATH, ORDER]);
    expect(headers).toMatchObject({ 'x-amz-invocation-type': 'Event', 'x-amz-security-token': 'session' });
  });

  it('signs it for Lambda (Signature Version 4)', async () => {
    lambda.plan({ status: 202 });
    await dispatch();
    const [{ headers, body }] = lambda.requests as [(typeof lambda.requests)[0]];
    const [, signed = '', signature] =
      /SignedHeaders=([^,]+), Signature=(\w+)$/.exec(headers.authorization ?? '') ?? [];
    const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
    const canonical = ['POST', PATH, '', lines.join(''), signed, sha256(body)].join('\n');
    const scope = ['20300101', 'eu-west-1', 'lambda', 'aws4_request'];
    const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope.join('/'), sha256(canonical)].join('\n');
    const key = scope.reduce<string | Buffer>(hmac, 'AWS4secret');
    expect(signed.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-invocation-type', 'x-amz-date']));
    expect(signature).toBe(hmac(key, text).toString('hex'));
  });

  it('repeats a lost attempt once', async () => {
    lambda.plan({ fault: 'reset' }, { status: 202 });
    expect(await dispatch()).toBe(true);
    expect(lambda.requests).toHaveLength(2);
  });

  it.each([[{ status: 429 }], [{ status: 403 }], [{ status: 500 }], [{ fault: 'reset' }]] as const)(
    'answers false to %j, and logs nothing that was sent',
    async (reply) => {
      lambda.plan(reply);
      expect(await dispatch()).toBe(false);
      expect(lambda.requests).toHaveLength(2);
      expect(log.warn.mock.calls).toEqual([['refresh not sent', { outcome: expect.anything() }]]);
      expect(JSON.stringify(log.warn.mock.calls)).not.toMatch(/alice|rev-1|secret/);
    },
  );

  it('answers false where nothing listens', async () => {
    expect(await dispatch('http://127.0.0.1:1')).toBe(false);
  });
});
