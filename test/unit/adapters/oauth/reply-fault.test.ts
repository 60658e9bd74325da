// Classifies failed replies of every known shape, without passing on the provider's text.
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../../../lib/adapters/oauth/replies/provider-reply.ts';
import { isFailure, readFault } from '../../../../lib/adapters/oauth/replies/reply-fault.ts';

const reply = (status: number, body: unknown) => ({
  status,
  contentType: '',
  retryAfterSeconds: 7,
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('readFault', () => {
  it.each<[number, unknown, string, string | null]>([
    [400, { error: 'invalid_grant' }, 'dead_grant', 'invalid_grant'],
    [401, { error: 'invalid_grant' }, 'dead_grant', 'invalid_grant'],
    [200, { error: 'bad_refresh_token', error_description: 'gone' }, 'dead_grant', 'bad_refresh_token'],
    [200, 'error=bad_verification_code&error_description=x', 'dead_grant', 'bad_verification_code'],
    [400, { status: 'BAD_REFRESH_TOKEN', message: 'unknown' }, 'dead_grant', 'bad_refresh_token'],
    [400, { error: 'invalid_request', status: 'BAD_REFRESH_TOKEN' }, 'dead_grant', 'bad_refresh_token'],
    [400, { status: 400, message: 'Invalid refresh token' }, 'dead_grant', 'invalid_refresh_token'],
    [200, { ok: false, error: 'invalid_refresh_token' }, 'dead_grant', 'invalid_refresh_token'],
    [400, { error: { code: 'invalid_grant', message: 'x' } }, 'dead_grant', 'invalid_grant'],
    [400, { errors: [{ code: 'invalid_grant' }] }, 'dead_grant', 'invalid_grant'],
    [400, { error: 'access_denied' }, 'denied', 'access_denied'],
    [400, { error: 'authorization_declined' }, 'denied', 'authorization_declined'],
    [401, { error: 'invalid_client' }, 'client_fault', 'invalid_client'],
    [400, { error: 'unauthorized_client' }, 'client_fault', 'unauthorized_client'],
    [200, { error: 'incorrect_client_credentials' }, 'client_fault', 'incorrect_client_credentials'],
    [200, { error: 'redirect_uri_mismatch' }, 'client_fault', 'redirect_uri_mismatch'],
    [400, { errorCode: 'invalid_client' }, 'client_fault', 'invalid_client'],
    [401, '', 'client_fault', null],
    [401, '<html>', 'client_fault', null],
    [400, { error: 'temporarily_unavailable' }, 'transient', 'temporarily_unavailable'],
    [200, { error: 'server_error' }, 'transient', 'server_error'],
    [200, { ok: false, error: 'ratelimited' }, 'transient', 'ratelimited'],
    [429, { error: 'invalid_grant' }, 'transient', 'invalid_grant'],
    [500, { error: 'invalid_grant' }, 'transient', 'invalid_grant'],
    [503, '', 'transient', null],
    [502, '<html>Bad gateway</html>', 'transient', null],
    [408, { error: 'invalid_grant' }, 'transient', 'invalid_grant'],
    [400, '<html>', 'transient', null],
    [403, 'blocked', 'transient', null],
    [404, [], 'transient', null],
    [302, '', 'transient', null],
    [307, { message: 'moved' }, 'transient', null],
    [400, { error: 'invalid_request' }, 'rejected', 'invalid_request'],
    [400, { error: 'invalid_scope' }, 'rejected', 'invalid_scope'],
    [422, { error: 'unverified_user_email' }, 'rejected', 'unverified_user_email'],
    [400, { message: 'nope' }, 'rejected', null],
    [404, { code: 40_401 }, 'rejected', null],
    [
      400,
      { error: { message: 'Invalid OAuth access token', type: 'OAuthException', code: 190 } },
      'rejected',
      'OAuthException',
    ],
  ])('classifies %i with %j as %s', (status, body, kind, providerCode) => {
    expect(readFault(reply(status, body))).toMatchObject({ kind, providerCode });
  });

  it.each(['a sentence', 'x'.repeat(65), '<b>', 'tok3n', 'a\nb', '', 'a.b', 'ключ'])(
    'does not pass on %j as a code',
    (error) => {
      expect(readFault(reply(400, { error, error_description: 'canary', message: 'canary' }))).toMatchObject({
        kind: 'rejected',
        message: 'rejected',
        providerCode: null,
        cause: undefined,
      });
    },
  );

  it.each<[number, unknown]>([
    [
      400,
      {
        error: 'Access Denied',
        error_description: 'You have made too many requests continuously. Please try again after some time.',
      },
    ],
    [200, { error: 'access_denied', error_description: 'Rate limit reached' }],
    [403, { error: 'access_denied', error_description: 'The service is temporarily out of order' }],
    [403, { message: 'API rate limit exceeded for this client' }],
    [400, { error: 'invalid_request', error_description: 'Request was throttled.' }],
    [401, { error: { message: 'Too many login attempts', code: 'denied_now' } }],
    [403, { error: { errors: [{ reason: 'userRateLimitExceeded' }] } }],
    [400, { errors: [{ message: 'Server is busy' }] }],
  ])('takes a request to wait for no refusal: %i with %j', (status, body) => {
    expect(readFault(reply(status, body))).toMatchObject({ kind: 'transient', providerCode: expect.any(String) });
  });

  it.each<[unknown, string]>([
    [{ error: 'access_denied', error_description: 'The user denied the request. Please try again.' }, 'denied'],
    [{ error: 'invalid_client', error_description: 'Try again later' }, 'client_fault'],
    [{ error: 'invalid_grant', error_description: 'Too many requests with this token' }, 'dead_grant'],
  ])('takes %j at its word', (body, kind) => {
    expect(readFault(reply(400, body)).kind).toBe(kind);
  });

  it('passes on Retry-After only with a transient fault', () => {
    expect(readFault(reply(503, '')).retryAfterSeconds).toBe(7);
    expect(readFault(reply(400, { error: 'invalid_grant' })).retryAfterSeconds).toBeNull();
  });
});

describe('isFailure', () => {
  it.each<[number, object | null, boolean]>([
    [200, {}, false],
    [204, null, false],
    [200, { error: null }, false],
    [200, { error: '' }, false],
    [200, { error: false }, false],
    [200, { error: { code: 'ok' } }, false],
    [200, { ok: true, success: true }, false],
    [200, { error: 'x' }, true],
    [200, { error: true }, true],
    [200, { error: { code: 'x' } }, true],
    [200, { ok: false }, true],
    [200, { success: false }, true],
    [301, {}, true],
    [404, null, true],
  ])('for %i with %j returns %s', (status, body, expected) => {
    expect(isFailure(reply(status, ''), body as Record<string, unknown> | null)).toBe(expected);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2030, 0, 1);
  it.each<[string | null, number | null]>([
    [null, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['5', 5],
    ['60', 60],
    ['61', 60],
    ['999999999', 60],
    ['-5', null],
    ['5.5', null],
    ['Mon, nonsense', null],
    ['Tue, 01 Jan 2030 00:00:20 GMT', 20],
    ['Tue, 01 Jan 2030 09:00:00 GMT', 60],
    ['Mon, 31 Dec 2029 00:00:00 GMT', 0],
  ])('parses %j as %s', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
