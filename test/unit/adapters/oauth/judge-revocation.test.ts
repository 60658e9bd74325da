// The outcome of a revocation, from replies as providers write them.
import { describe, expect, it } from 'vitest';
import { judgeRevocation } from '../../../../lib/adapters/oauth/replies/judge-revocation.ts';
import type { RevocationStyle } from '../../../../lib/domain/oauth/provider-record.ts';

const judge = (status: number, body: unknown, style: RevocationStyle = 'rfc7009') =>
  judgeRevocation({ status, contentType: '', retryAfterSeconds: null, text: JSON.stringify(body) }, style);

describe('a token that is gone', () => {
  it.each<[string, number, unknown]>([
    ['Google', 400, { error: 'invalid_token', error_description: 'Token expired or revoked' }],
    ['Slack', 200, { ok: false, error: 'token_expired' }],
    ['Dropbox', 401, { error_summary: 'invalid_access_token/..', error: { '.tag': 'invalid_access_token' } }],
    ['Facebook', 400, { error: { message: 'Error validating access token', type: 'OAuthException', code: 190 } }],
    ['Kakao', 401, { msg: 'this access token does not exist', code: -401 }],
    ['Square', 401, { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'ACCESS_TOKEN_REVOKED' }] }],
    ['Twitch', 400, { status: 400, message: 'Invalid token' }],
    ['HubSpot', 400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' }],
    ['a server with RFC 6749 errors', 400, { error: 'invalid_grant' }],
    ['a sentence', 400, { error: 'invalid_request', error_description: 'Token has been revoked.' }],
  ])('is told by %s', (_, status, body) => {
    expect(judge(status, body)).toBe('gone');
  });

  it.each<[string, number, unknown]>([
    ['a client that is refused', 401, { error: 'invalid_client' }],
    ['a kind that is not supported', 400, { error: 'unsupported_token_type' }],
    ['a request that is wrong', 400, { error: 'invalid_request' }],
    ['a missing right', 403, { error: { '.tag': 'missing_scope' } }],
    ['an unknown path', 404, { message: 'Not Found' }],
    ['no object', 400, ['invalid_token']],
    ['an object in place of a code', 400, { error: { code: { invalid_token: true } } }],
    ['overload', 503, { error: 'invalid_token' }],
    ['too many requests', 429, { error: 'invalid_token' }],
    ['a request that came too early', 425, { error: 'invalid_token' }],
  ])('is not told by %s', (_, status, body) => {
    expect(judge(status, body)).toBe('failed');
  });
});
