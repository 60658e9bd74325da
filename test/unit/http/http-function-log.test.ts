// The deadline of a request and the one line it leaves in the log.
import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callDeadline, endOfCall } from '../../../lib/adapters/runtime/call-deadline.ts';
import { stateInvalid, stateRefusals } from '../../../lib/domain/oauth/state-refusal.ts';
import type { Log } from '../../../lib/domain/ports/telemetry.ts';
import { hmacSha256 } from '../../../lib/domain/values/digest.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';
import { type Handlers, httpFunction } from '../../../lib/http/chain/http-function.ts';
import { selectRoutes } from '../../../lib/http/routes/own-routes.ts';
import type { HandlerResult } from '../../../lib/http/routes/route.ts';
import { routeTable } from '../../../lib/http/routes/routes.ts';
import { ALICE, asUser, httpEvent, lambdaContext, newApiKey } from '../../support/builders.ts';
import { settableClock, unlimitedCalls } from '../../support/memory/memory-deps.ts';

const clock = settableClock();
const log = { info: vi.fn<Log['info']>(), warn: vi.fn<Log['warn']>(), error: vi.fn<Log['error']>() };
const observed = () => [...log.info.mock.calls, ...log.warn.mock.calls, ...log.error.mock.calls];

afterEach(() => {
  vi.clearAllMocks();
});

const unbound = async (): Promise<HandlerResult> => {
  throw new Error('an unexpected handler was called');
};

/** The user-api function; only getMyCredential and addMyCredential have a handler that may be called. */
const userApi = (get: () => Promise<HandlerResult>) => {
  const handlers: Handlers<'user-api'> = {
    listProviders: unbound,
    listMyCredentials: unbound,
    addMyCredential: get,
    getMyCredential: get,
    replaceMyCredential: unbound,
    renameMyCredential: unbound,
  };
  const deps = { log, clock, deadline: callDeadline, callLimit: unlimitedCalls, userLogKey: LOG_KEY };
  return httpFunction(selectRoutes('user-api', routeTable), handlers, deps);
};

const ROUTE = 'GET /v1/me/credentials/{id}';
const event = (given: Parameters<typeof httpEvent>[0] = {}) =>
  httpEvent({ routeKey: ROUTE, params: { id: 'a' }, authorizer: asUser(), ...given });

const answered = (get: () => Promise<HandlerResult>, given: Parameters<typeof httpEvent>[0] = {}) =>
  userApi(get)(event(given), lambdaContext());

const fails = (error: unknown) => async () => {
  throw error;
};

const fine = async (): Promise<HandlerResult> => ({ status: 200, body: { a: 1 }, version: 3 });

const LOG_KEY = 'the-key-of-the-log';

describe('the deadline of httpFunction', () => {
  it('answers timed_out before Lambda stops a handler that hangs', async () => {
    const never = () => new Promise<HandlerResult>(() => {});
    const { statusCode, headers, body } = await userApi(never)(event(), lambdaContext(1));
    expect(statusCode).toBe(503);
    expect(headers?.['retry-after']).toBeDefined();
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'timed_out' });
  });

  it('aborts the signal of the handler when the answer is given', async () => {
    const ends: (boolean | undefined)[] = [];
    const slow = async () => {
      const end = endOfCall();
      ends.push(end?.aborted);
      await new Promise((next) => end?.addEventListener('abort', next));
      ends.push(end?.aborted);
      return fine();
    };
    expect((await userApi(slow)(event(), lambdaContext(510))).statusCode).toBe(503);
    expect(ends).toEqual([false, true]);
    expect(endOfCall()).toBeUndefined();
  });
});

describe('the log of httpFunction', () => {
  it('writes one line per request: route, status, milliseconds, request id, user', async () => {
    await answered(async () => {
      clock.advance(12);
      return fine();
    });
    const user = hmacSha256(LOG_KEY, ALICE);
    const line = { route: ROUTE, status: 200, requestId: 'request-1', milliseconds: 12, user };
    expect(observed()).toEqual([['request', line]]);
  });

  it('names the code of a refusal and no fault', async () => {
    await answered(fails(new ServiceError('credential_not_found', { detail: 'd', cause: new Error('canary') })));
    expect(log.info).toHaveBeenCalledExactlyOnceWith(
      'request',
      expect.objectContaining({ status: 404, code: 'credential_not_found' }),
    );
    expect(JSON.stringify(observed())).not.toContain('canary');
  });

  it.each(['provider_rejected', 'provider_not_configured'] as const)(
    'writes %s, which any user can cause, as information',
    async (code) => {
      await answered(fails(new ServiceError(code)));
      expect(log.error).not.toHaveBeenCalled();
      expect(log.info).toHaveBeenCalledExactlyOnceWith(
        'request',
        expect.objectContaining({ code, fault: expect.any(Array) }),
      );
    },
  );

  it('describes a fault by kind and stack frames, never by its message', async () => {
    const cause = Object.assign(new Error('canary'), {
      name: 'ThrottlingException',
      code: 'E_THROTTLED',
      $metadata: { httpStatusCode: 400, requestId: 'aws-1' },
      $response: { body: 'canary' },
    });
    await answered(fails(new ServiceError('store_unavailable', { cause })));
    const [[, fields] = []] = log.error.mock.calls;
    expect(fields).toMatchObject({
      status: 503,
      code: 'store_unavailable',
      fault: [
        { name: 'ServiceError', code: 'store_unavailable' },
        { name: 'ThrottlingException', code: 'E_THROTTLED', status: 400, awsRequestId: 'aws-1' },
      ],
    });
    expect(JSON.stringify(fields)).not.toContain('canary');
    expect(observed()).toHaveLength(1);
  });

  it.each([
    ['an unexpected error', new Error('x'), 500, 'internal_error'],
    ['an unavailable store', new ServiceError('store_unavailable'), 503, 'store_unavailable'],
  ])('logs an error for %s', async (_, error, status, code) => {
    await answered(fails(error));
    expect(log.error).toHaveBeenCalledExactlyOnceWith('request failed', expect.objectContaining({ status, code }));
  });

  it('has the hash of the user that the documented command prints, for a success, a refusal and a fault', async () => {
    await answered(fine);
    await answered(fails(new ServiceError('credential_not_found')));
    await answered(fails(new Error('x')));
    const env = { ...process.env, USER_LOG_KEY: LOG_KEY };
    const printed = execFileSync(process.execPath, ['scripts/user-hash.ts', ALICE], { env, encoding: 'utf8' }).trim();
    expect(printed).toMatch(/^[0-9a-f]{64}$/);
    expect(observed().map(([, fields]) => fields.user)).toEqual([printed, printed, printed]);
    expect(observed().map(([, fields]) => fields.caller)).toEqual([undefined, undefined, undefined]);
  });

  it('has neither code nor reason for a success', async () => {
    await answered(fine);
    const fields = Object.keys(log.info.mock.calls[0]?.[1] ?? {});
    expect(fields).not.toContain('code');
    expect(fields).not.toContain('reason');
  });

  it.each(stateRefusals)('has the reason of a state refused as %s; the answer is the same for all', async (reason) => {
    const plain = await answered(fails(new ServiceError('state_invalid')));
    expect(await answered(fails(stateInvalid(reason)))).toEqual(plain);
    expect(log.info).toHaveBeenLastCalledWith('request', expect.objectContaining({ code: 'state_invalid', reason }));
  });

  it('has the reason of a refusal that was answered with a page, and the page does not', async () => {
    const page = { status: 400, page: { html: '<!doctype html>', policy: "default-src 'none'" } };
    const plain = await answered(async () => page);
    expect(await answered(async () => ({ ...page, logReason: 'used' }))).toEqual(plain);
    expect(log.info).toHaveBeenLastCalledWith('request', expect.objectContaining({ status: 400, reason: 'used' }));
  });

  it('contains no line of an error message', async () => {
    await answered(fails(new Error('first line\n    at canary (canary:1:1)\n  at canary')));
    expect(JSON.stringify(observed())).not.toContain('canary');
  });

  it.each([
    ['an answer', fine],
    ['a refusal', fails(new ServiceError('version_conflict', { members: { currentVersion: 2 } }))],
    ['a fault', fails(new Error(`about ${ALICE}`))],
  ])('contains neither user id nor request values: %s', async (_, get) => {
    const body = newApiKey({ apiKey: 'canary', title: 'canary', id: 'canary' });
    await answered(get, { routeKey: 'POST /v1/me/credentials', body, headers: { 'x-a': 'canary' } });
    await answered(get, { params: { id: 'canary' } });
    expect(observed()).toHaveLength(2);
    expect(JSON.stringify(observed())).not.toMatch(/canary|alice/);
  });

  it.each([
    ['an unknown route', { routeKey: 'GET /v1/nowhere' }],
    ['a request without authorizer', { authorizer: {} }],
  ])('writes a line for %s', async (_, given) => {
    await answered(fine, given);
    expect(observed()).toHaveLength(1);
  });
});
