// Token replies, normalized or refused (O11): one row for each known difference between providers.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeTokenReply } from '../../../../lib/adapters/oauth/replies/normalize-token-reply.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';

const RECORD = ProviderRecord.parse({
  authorizationEndpoint: 'https://auth.example.com/authorize',
  tokenEndpoint: 'https://auth.example.com/token',
});

const NOW = Date.UTC(2030, 0, 1);

interface Given {
  status?: number;
  record?: Partial<ProviderRecord>;
  refreshing?: boolean;
}

const normalize = (body: unknown, { status = 200, record = {}, refreshing = false }: Given = {}) =>
  normalizeTokenReply(
    {
      status,
      contentType: 'application/json',
      retryAfterSeconds: 7,
      text: typeof body === 'string' ? body : JSON.stringify(body),
    },
    { profile: providerProfile('acme', { ...RECORD, ...record }), refreshing, now: NOW, policy: 'public' },
  );

const catchFault = (body: unknown, given?: Given): ProviderFault => {
  try {
    normalize(body, given);
  } catch (error) {
    if (error instanceof ProviderFault) return error;
  }
  throw new Error('no fault');
};

const BEARER = { access_token: 'a', token_type: 'bearer' };

/** Together longer than one scope may be. */
const LONG_SCOPES = Array.from({ length: 40 }, (_, number) => `channels:history.${number}`);

describe('a token reply', () => {
  it.each<[string, unknown, object]>([
    ['as in RFC 6749', { ...BEARER, expires_in: 60, scope: 'a b' }, { ...BEARER, expires_in: 60, scope: 'a b' }],
    ['without a token type', { access_token: 'a' }, BEARER],
    ['of type null', { access_token: 'a', token_type: null }, BEARER],
    ['of type user', { access_token: 'a', token_type: 'user' }, BEARER],
    ['of type 1', { access_token: 'a', token_type: 1 }, BEARER],
    ['with null for a refresh token', { ...BEARER, refresh_token: null }, BEARER],
    ['with an empty refresh token', { ...BEARER, refresh_token: '' }, BEARER],
    ['with an id token', { ...BEARER, id_token: 'eyJhbGciOiJub25lIn0.e30.' }, BEARER],
    ['with an empty error', { ...BEARER, error: '' }, BEARER],
    ['with a null error', { ...BEARER, error: null, ok: true }, BEARER],
    ['with an error object of code ok', { ...BEARER, error: { code: 'ok' } }, BEARER],
    ['behind a byte order mark', `\uFEFF${JSON.stringify(BEARER)}`, BEARER],
    ['as a form', 'access_token=a&token_type=bearer&expires_in=60', { ...BEARER, expires_in: 60 }],
    [
      'as a form with encoded values',
      'access_token=a%2Bb&scope=x%2Cy',
      { ...BEARER, access_token: 'a+b', scope: 'x y' },
    ],
    ['as a form with empty values', 'access_token=a&refresh_token=&scope=', { ...BEARER, scope: '' }],
    ['with unknown fields', { ...BEARER, constructor: 1, toString: 2 }, BEARER],
    ['with a __proto__ field', `{"__proto__":{"scope":"admin"},"access_token":"a"}`, BEARER],
    ['with a token of 16 KB', { access_token: 'a'.repeat(16_384) }, { ...BEARER, access_token: 'a'.repeat(16_384) }],
  ])('%s is normalized', (_name, body, expected) => {
    expect(normalize(body)).toEqual(expected);
  });

  it.each([200, 201, 202, 206])('with status %i is accepted', (status) => {
    expect(normalize(BEARER, { status })).toEqual(BEARER);
  });

  it.each<[unknown, number | undefined]>([
    [60, 60],
    ['60', 60],
    ['60.5', 60],
    [3600.9, 3600],
    [0, 1234],
    ['0', 1234],
    [-1, 1234],
    ['-1', 1234],
    [null, 1234],
    [undefined, 1234],
    ['', 1234],
    ['soon', 1234],
    ['0x10', 1234],
    ['1e3', 1234],
    [1e308, 1234],
    ['1e308', 1234],
    [4e12, 1234],
    [0.4, 1234],
    [true, 1234],
    [[60], 1234],
    [{}, 1234],
  ])('with expires_in %j uses it or the assumed lifetime', (expiresIn, expected) => {
    const record = { accessTokenLifetimeSeconds: 1234 };
    expect(normalize({ ...BEARER, expires_in: expiresIn }, { record }).expires_in).toBe(expected);
  });

  it('with expires_in NaN is refused as invalid JSON', () => {
    expect(catchFault('{"access_token":"a","expires_in":NaN}').kind).toBe('transient');
  });

  it.each<[string, object, Given, number | undefined]>([
    ['assumes an hour with a refresh token', { refresh_token: 'r' }, {}, 3600],
    ['assumes an hour after a refresh', {}, { refreshing: true }, 3600],
    ['assumes no expiry without a refresh token', {}, {}, undefined],
    [
      'assumes no expiry if the record says so',
      { refresh_token: 'r' },
      { record: { accessTokenLifetimeSeconds: null } },
      undefined,
    ],
    [
      'ignores zero seconds if the record says no expiry',
      { expires_in: 0 },
      { record: { accessTokenLifetimeSeconds: null } },
      undefined,
    ],
    ['ignores zero seconds with a refresh token', { expires_in: 0, refresh_token: 'r' }, {}, 3600],
  ])('without a usable lifetime %s', (_name, body, given, expected) => {
    expect(normalize({ ...BEARER, ...body }, given).expires_in).toBe(expected);
  });

  it.each([
    ['refresh_token_expires_in', 86_400, 86_400],
    ['refresh_expires_in', '86400', 86_400],
    ['x_refresh_token_expires_in', 8_726_400, 8_726_400],
    ['refresh_token_expires_in', 0, undefined],
    ['refresh_token_expires_in', -5, undefined],
    ['refresh_token_expires_in', 'never', undefined],
  ])('reads the refresh token’s lifetime from %s: %j', (name, value, expected) => {
    expect(normalize({ ...BEARER, refresh_token: 'r', [name]: value }).refresh_token_expires_in).toBe(expected);
  });

  it.each<[string, object, string | undefined]>([
    ['a list', { scope: ['a', 'b'] }, 'a b'],
    ['an empty list', { scope: [] }, ''],
    ['a list with several in one item', { scope: ['a b', 'c'] }, 'a b c'],
    ['a list with several and commas', { scopes: ['a,b', '  c '] }, 'a b c'],
    ['text with commas', { scope: 'a,b' }, 'a b'],
    ['a long text with commas', { scope: LONG_SCOPES.join(',') }, LONG_SCOPES.join(' ')],
    ['empty text', { scope: '' }, ''],
    ['nothing', {}, undefined],
    ['null', { scope: null }, undefined],
    ['a number', { scope: 5 }, undefined],
    ['scopes in text', { scopes: 'a b' }, 'a b'],
    ['scopes in a list', { scopes: ['a', 'b'] }, 'a b'],
    ['both scope and scopes', { scope: 'a', scopes: 'a b' }, 'a'],
    ['a list with invalid items', { scope: ['a', 1, null, 'b\n', '', 'c'] }, 'a c'],
    ['a NUL', { scope: 'a\0 b' }, 'b'],
    ['a scope over 512 characters', { scope: `a ${'x'.repeat(513)}` }, 'a'],
  ])('reads scopes from %s', (_name, body, expected) => {
    expect(normalize({ ...BEARER, ...body }).scope).toBe(expected);
  });

  it('keeps at most 500 scopes', () => {
    const scope = Array.from({ length: 900 }, (_, number) => `s${number}`).join(' ');
    expect(normalize({ ...BEARER, scope }).scope?.split(' ')).toHaveLength(500);
  });
});

describe('a token reply with other names', () => {
  it.each<[string, object]>([
    [
      'in camel case',
      { accessToken: 'a', refreshToken: 'r', tokenType: 'Bearer', expiresIn: 60, grantedScopes: ['x'] },
    ],
    ['in a wrapper', { code: 0, data: { access_token: 'a', refresh_token: 'r', expires_in: 60, scope: 'x' } }],
    ['with a time of expiry', { access_token: 'a', refresh_token: 'r', expires_at: NOW / 1000 + 60, scope: 'x' }],
  ])('%s is read', (_name, body) => {
    expect(normalize(body)).toEqual({ ...BEARER, refresh_token: 'r', expires_in: 60, scope: 'x' });
  });

  it.each<[string, object]>([
    ['a token of the standard name', { access_token: 'a', accessToken: 'other', data: { access_token: 'inner' } }],
    ['a token at the top before a wrapped one', { accessToken: 'a', data: { access_token: 'inner' } }],
  ])('prefers %s', (_name, body) => {
    expect(normalize(body).access_token).toBe('a');
  });

  it.each<[string, object]>([
    ['a token type that is bound to a key', { accessToken: 'a', tokenType: 'DPoP' }],
    ['a list of tokens', { data: [{ access_token: 'a' }] }],
    ['a wrapper that no provider is known for', { anything: { access_token: 'a' } }],
  ])('is strict about %s', (_name, body) => {
    expect(catchFault(body)).toMatchObject({ kind: 'transient', lostAnswer: 'cut' });
  });
});

describe('a success that reports a failure', () => {
  it.each<[string, object]>([
    ['by a number', { error: 400, message: 'no' }],
    ['by a list', { errors: [{ code: 'E1' }] }],
    ['by its status', { status: 'error', message: 'no' }],
    ['by text for false', { success: 'false' }],
    ['by an error code', { errcode: 40_029, errmsg: 'no' }],
    ['by another error code', { error_code: 'E1' }],
  ])('%s is a refusal, no lost answer', (_name, body) => {
    expect(catchFault(body)).toMatchObject({ kind: 'rejected', lostAnswer: null });
  });

  it('is a grant all the same where there is a token', () => {
    expect(normalize({ ...BEARER, status: 'error', errcode: 1, errors: ['x'] })).toEqual(BEARER);
  });

  it('is none with codes that mean none', () => {
    expect(catchFault({ errcode: 0, error_code: '', errors: [], error: 0, status: 'ok' })).toMatchObject({
      kind: 'transient',
      lostAnswer: 'cut',
    });
  });
});

describe('a nested token reply', () => {
  const record = { tokenReplyPath: 'authed_user' };

  it('is read at the path of the record', () => {
    const body = { ok: true, access_token: 'bot', scope: 'x', authed_user: { access_token: 'user', scope: 'y' } };
    expect(normalize(body, { record })).toEqual({ ...BEARER, access_token: 'user', scope: 'y' });
  });

  it('is read from a list', () => {
    expect(normalize({ data: [BEARER] }, { record: { tokenReplyPath: 'data.0' } })).toEqual(BEARER);
  });

  it('is not read from the top level of a first reply', () => {
    expect(catchFault({ ok: true, access_token: 'bot' }, { record }).kind).toBe('transient');
  });

  it('is read from the top level after a refresh', () => {
    const reply = normalize({ access_token: 'user-2', expires_in: 60 }, { record, refreshing: true });
    expect(reply).toEqual({ ...BEARER, access_token: 'user-2', expires_in: 60 });
  });
});

describe('the account in a token reply', () => {
  const paths = { identityIdPath: 'data.gid', identityNamePath: 'data.name' };
  const body = { ...BEARER, data: { gid: 12, name: 'Ann' } };

  it('is read without an identity endpoint', () => {
    expect(normalize(body, { record: paths }).account).toEqual({ id: '12', name: 'Ann' });
  });

  it('is ignored with an identity endpoint', () => {
    const record = { ...paths, identityEndpoint: 'https://auth.example.com/me' };
    expect(normalize(body, { record }).account).toBeUndefined();
  });

  it('is read after the quirk of the record', () => {
    const slack = { ...BEARER, team: { id: 'T1' }, authed_user: { id: 'U1' } };
    const record = { replyQuirk: 'slackAccount', identityIdPath: 'account_id' } as const;
    expect(normalize(slack, { record }).account).toEqual({ id: 'T1:U1', name: null });
  });
});

describe('an unusable token reply', () => {
  it.each<[string, unknown]>([
    ['empty', ''],
    ['HTML', '<!doctype html><title>Sign in</title>'],
    ['HTML with an equals sign', '<a href="?access_token=a">'],
    ['a sentence', 'Service is fine'],
    ['cut short', '{"access_token":"a"'],
    ['a list', [BEARER]],
    ['a string', '"access_token"'],
    ['null', 'null'],
    ['a number', '1'],
    ['nested ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['without a token', { token_type: 'bearer', expires_in: 60 }],
    ['with null for a token', { access_token: null }],
    ['with an empty token', { access_token: '' }],
    ['with a number for a token', { access_token: 12 }],
    ['with a list for a token', { access_token: ['a'] }],
    ['with an object for a token', { access_token: {} }],
    ['with true for a token', { access_token: true }],
    ['with a NUL in its token', { access_token: 'a\0b' }],
    ['with a line break in its token', { access_token: 'a\r\nx: y' }],
    ['with a line break after its token', { access_token: 'a\n' }],
    ['with DEL in its token', { access_token: 'a\x7f' }],
    ['with a token beyond ASCII', { access_token: 'ключ' }],
    ['with a token of spaces', { access_token: '  ' }],
    ['with a token over 16 KB', { access_token: 'a'.repeat(16_385) }],
    ['with a number for a refresh token', { ...BEARER, refresh_token: 12 }],
    ['with a NUL in its refresh token', { ...BEARER, refresh_token: 'r\0' }],
    ['with a refresh token over 16 KB', { ...BEARER, refresh_token: 'r'.repeat(16_385) }],
    ['with a token bound to a key', { access_token: 'a', token_type: 'DPoP' }],
    ['with a signing token', { access_token: 'a', token_type: 'mac' }],
    ['with its token in the prototype', '{"__proto__":{"access_token":"a"}}'],
  ])('%s is transient', (_name, body) => {
    expect(catchFault(body)).toMatchObject({ kind: 'transient', message: 'transient', cause: undefined });
  });

  it('is either normalized or a ProviderFault', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const fields = [
      'access_token',
      'token_type',
      'expires_in',
      'refresh_token',
      'scope',
      'scopes',
      'error',
      'ok',
      'id',
    ];
    const body = fc.dictionary(fc.constantFrom(...fields), value);
    fc.assert(
      fc.property(body, fc.integer({ min: 200, max: 599 }), (fieldsOfBody, status) => {
        try {
          const reply = normalize(fieldsOfBody, { status });
          return typeof reply.access_token === 'string' && reply.token_type === 'bearer' && status < 300;
        } catch (error) {
          return error instanceof ProviderFault;
        }
      }),
    );
  });
});
