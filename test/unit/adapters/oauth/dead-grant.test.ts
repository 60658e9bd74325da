// Refreshes that say in a provider's own words that their grant is dead, and the word that is passed on.
import { describe, expect, it } from 'vitest';
import { normalizeTokenReply } from '../../../../lib/adapters/oauth/replies/normalize-token-reply.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { catalogueProviders, findCatalogueProvider } from '../../../../lib/providers/catalogue.ts';

const PLAIN = { authorizationEndpoint: 'https://a.example/authorize', tokenEndpoint: 'https://a.example/token' };

type Rules = NonNullable<ProviderRecord['deadGrant']>;

interface Given {
  refreshing?: boolean;
  record?: Partial<ProviderRecord>;
}

/** The fault of a reply; null for a grant. */
const readReply = (status: number, body: unknown, { refreshing = true, record = {} }: Given = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = { status, contentType: '', retryAfterSeconds: null, text };
  try {
    const profile = providerProfile('acme', { ...PLAIN, ...record });
    normalizeTokenReply(reply, { profile, refreshing, now: 0, policy: 'public' });
    return null;
  } catch (error) {
    if (error instanceof ProviderFault) return error;
    throw error;
  }
};

const X = { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' };

describe('a refresh at a provider of the catalogue', () => {
  it.each<[string, number, unknown, string | null]>([
    ['reddit', 400, { message: 'Bad Request', error: 400 }, '400'],
    ['twitter', 400, X, 'invalid_request'],
    ['google', 400, { error: 'admin_policy_enforced', error_description: 'x' }, 'admin_policy_enforced'],
    ['google', 400, { error: 'policy_enforced' }, 'policy_enforced'],
    ['microsoft', 400, { error: 'interaction_required', error_codes: [50_076] }, 'interaction_required'],
    ['microsoft', 400, { error: 'consent_required' }, 'consent_required'],
    ['microsoft', 400, { error: 'invalid_grant' }, 'invalid_grant'],
    [
      'discord',
      400,
      { error: 'invalid_request', error_description: 'Invalid "refresh_token" in request.' },
      'invalid_request',
    ],
    ['salesforce', 400, { error: 'inactive_user' }, 'inactive_user'],
    ['slack', 200, { ok: false, error: 'token_revoked' }, 'token_revoked'],
    ['hubspot', 400, { status: 'BAD_REFRESH_TOKEN', message: 'x' }, 'BAD_REFRESH_TOKEN'],
    ['twitch', 400, { status: 400, message: 'Invalid refresh token' }, null],
    ['zoom', 400, { error: 'invalid_request', reason: 'Invalid Token!' }, 'invalid_request'],
    ['zoom', 401, { error: 'invalid_grant', reason: 'Invalid Token!' }, 'invalid_grant'],
    [
      'atlassian',
      403,
      { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
      'unauthorized_client',
    ],
    [
      'hubspot',
      400,
      { status: 'BAD_REFRESH_TOKEN', error: 'invalid_request', message: 'missing or invalid refresh token' },
      'BAD_REFRESH_TOKEN',
    ],
    [
      'strava',
      400,
      { message: 'Bad Request', errors: [{ resource: 'RefreshToken', field: 'refresh_token', code: 'invalid' }] },
      'invalid',
    ],
  ])('%s: %i with %j is dead', (name, status, body, providerError) => {
    const record = findCatalogueProvider(name) as ProviderRecord;
    expect(readReply(status, body, { record })).toMatchObject({ kind: 'dead_grant', status, providerError });
  });

  it.each<[string, number, unknown, string]>([
    ['reddit', 400, { error: 'unsupported_grant_type' }, 'client_fault'],
    ['reddit', 429, { message: 'Too Many Requests', error: 429 }, 'transient'],
    ['twitter', 400, { error: 'invalid_request', error_description: 'Missing required parameter.' }, 'rejected'],
    ['atlassian', 403, { error: 'unauthorized_client', error_description: 'client is not allowed' }, 'client_fault'],
    ['hubspot', 400, { status: 'BAD_CLIENT_ID', message: 'missing or unknown client id' }, 'client_fault'],
    ['hubspot', 429, { status: 'BAD_REFRESH_TOKEN' }, 'transient'],
    [
      'strava',
      400,
      { message: 'Bad Request', errors: [{ resource: 'Application', field: 'client_secret', code: 'invalid' }] },
      'rejected',
    ],
    ['strava', 429, { errors: [{ resource: 'RefreshToken', code: 'invalid' }] }, 'transient'],
    ['zoom', 400, { error: 'invalid_request', reason: 'Missing grant type' }, 'rejected'],
    ['google', 503, { error: 'admin_policy_enforced' }, 'transient'],
    ['github', 400, { error: 'interaction_required' }, 'rejected'],
  ])('%s: %i with %j is not', (name, status, body, kind) => {
    const record = findCatalogueProvider(name) as ProviderRecord;
    expect(readReply(status, body, { record })?.kind).toBe(kind);
  });

  it.each([...catalogueProviders])('%s: a grant is a grant, whatever else the reply holds', (_, record) => {
    const grant = { access_token: 'a', token_type: 'bearer' };
    const nested = record.tokenReplyPath === undefined ? grant : { [record.tokenReplyPath]: grant };
    expect(readReply(200, nested, { record })).toBeNull();
  });
});

describe('a rule of an operator’s record', () => {
  const dead = { refreshing: true };

  it.each<[string, Rules, number, unknown]>([
    ['a status', [{ status: 403 }], 403, '<html>no</html>'],
    ['a status of overload', [{ status: 503, path: 'e', equals: 'gone' }], 503, { e: 'gone' }],
    ['a text', [{ path: 'fault.name', equals: 'TokenGone' }], 400, { fault: { name: 'TokenGone' } }],
    ['a number', [{ path: 'errors.0.code', equals: 1_234 }], 401, { errors: [{ code: 1_234 }] }],
    ['a number as text', [{ path: 'code', equals: '17' }], 400, { code: 17 }],
    ['text as a number', [{ path: 'code', equals: 17 }], 400, { code: '17' }],
    ['a value', [{ path: 'token_dead' }], 400, { token_dead: true }],
    ['a form', [{ path: 'error', equals: 'gone' }], 400, 'error=gone&x=y'],
    ['a success without a token', [{ path: 'status', equals: 'revoked' }], 200, { status: 'revoked' }],
    ['the second of two', [{ status: 404 }, { status: 400, path: 'a', equals: 'b' }], 400, { a: 'b' }],
  ])('makes a grant dead by %s', (_, deadGrant, status, body) => {
    expect(readReply(status, body, { ...dead, record: { deadGrant } })?.kind).toBe('dead_grant');
  });

  it.each<[string, Rules, number, unknown]>([
    ['another status', [{ status: 403, path: 'e', equals: 'gone' }], 400, { e: 'gone' }],
    ['another value', [{ path: 'e', equals: 'gone' }], 400, { e: 'Gone' }],
    ['a part of a value', [{ path: 'e', equals: 'gone' }], 400, { e: 'gone away' }],
    ['an object', [{ path: 'e', equals: '[object Object]' }], 400, { e: {} }],
    ['null', [{ path: 'e' }], 400, { e: null }],
    ['an inherited name', [{ path: 'constructor' }], 400, {}],
    ['overload, which the rule does not name', [{ path: 'e', equals: 'gone' }], 502, { e: 'gone' }],
    ['a grant', [{ status: 200, path: 'access_token' }], 200, { access_token: 'a' }],
  ])('does not apply to %s', (_, deadGrant, status, body) => {
    expect(readReply(status, body, { ...dead, record: { deadGrant } })?.kind).not.toBe('dead_grant');
  });

  it('does not apply to a code, which is used once', () => {
    const record: Partial<ProviderRecord> = { deadGrant: [{ status: 400 }] };
    expect(readReply(400, { error: 'invalid_request' }, { refreshing: false, record })?.kind).toBe('rejected');
  });

  it.each<[string, unknown]>([
    ['without members', [{}]],
    ['with a value and no path', [{ status: 400, equals: 'a' }]],
    ['that is no status', [{ status: 42 }]],
    ['with an unknown member', [{ status: 400, body: 'a' }]],
    ['of no kind', []],
  ])('is invalid %s', (_, deadGrant) => {
    expect(ProviderRecord.safeParse({ ...PLAIN, deadGrant }).success).toBe(false);
  });
});

describe('the provider’s own error word', () => {
  it.each<[unknown, string | null]>([
    [{ error: 'redirect_uri_mismatch' }, 'redirect_uri_mismatch'],
    [{ error: 'AADSTS50076' }, 'AADSTS50076'],
    [{ error: 'access.denied-1' }, 'access.denied-1'],
    [{ error: { code: 'E_1', message: 'x' } }, 'E_1'],
    [{ error: { message: 'x', type: 'OAuthException', code: 190 } }, 'OAuthException'],
    [{ errors: [{ code: 3_001 }] }, '3001'],
    [{ error: 'a sentence', code: 'E17' }, 'E17'],
    [{ error: 'x'.repeat(64) }, 'x'.repeat(64)],
    [{ error: 'x'.repeat(65) }, null],
    [{ error: 'a sentence' }, null],
    [{ error: 'слово' }, null],
    [{ error: 'a\n' }, null],
    [{ error: '', status: 400, message: 'Bad Request' }, null],
    [{ error: 1.5 }, null],
    ['<html>', null],
  ])('in %j is %j', (body, expected) => {
    expect(readReply(400, body)?.providerError).toBe(expected);
  });
});
