// Reading a document to import: each entry by itself, with one reason for each that is not stored.
import { describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../../lib/domain/credential/system-credentials.ts';
import {
  type ImportEntry,
  type ImportFormat,
  MAX_ENTRIES,
  readImportDocument,
} from '../../../../lib/domain/moving/import-document.ts';
import type { RawFields } from '../../../../lib/domain/moving/judge-credential.ts';
import { type SkipReason, skipReasons } from '../../../../lib/domain/moving/skip-reason.ts';
import { START } from '../../../support/builders.ts';
import {
  autogptApiKey,
  autogptDocument,
  autogptGrant,
  autogptHost,
  autogptPassword,
  autogptState,
  LATER_SECONDS,
} from '../../../support/moving/autogpt.ts';

const read = (document: RawFields, format: ImportFormat = 'autogpt'): ImportEntry[] =>
  readImportDocument({ format, document }, START);

const readOne = (credential: unknown, format: ImportFormat = 'autogpt'): ImportEntry =>
  read({ credentials: [credential] }, format)[0] as ImportEntry;

const stored = (credential: unknown, format: ImportFormat = 'autogpt') => {
  const entry = readOne(credential, format);
  if (entry.kind !== 'credential') throw new Error(JSON.stringify(entry));
  return entry.credential;
};

/** Reasons that follow from what is stored, not from the document. */
const FROM_THE_TABLE: SkipReason[] = [
  'exists',
  'credential_limit',
  'state_limit',
  'not_reached',
  'callback_not_allowed',
  'invalid_variables',
];

const exported = (given: object = {}) => ({
  id: 'c1',
  type: 'oauth2',
  provider: 'github',
  scopes: ['repo'],
  secret: { accessToken: 'a' },
  ...given,
});

/** The format, the broken credential, and what is said of it. */
const BROKEN: [name: string, format: ImportFormat, credential: unknown, reason: SkipReason][] = [
  ['a number', 'autogpt', 7, 'invalid_entry'],
  ['a list', 'autogpt', [], 'invalid_entry'],
  ['null', 'keyhold', null, 'invalid_entry'],
  ['no id', 'autogpt', autogptApiKey({ id: undefined }), 'invalid_id'],
  ['an id with a space', 'autogpt', autogptApiKey({ id: 'a b' }), 'invalid_id'],
  ['a number for an id', 'keyhold', exported({ id: 7 }), 'invalid_id'],
  ['a system credential', 'autogpt', autogptApiKey({ id: systemCredentials[3]?.id }), 'system_credential'],
  [
    'a broken system credential',
    'autogpt',
    { id: 'd9fce73a-6c1d-4e8b-ba2e-12a456789def', type: 1 },
    'system_credential',
  ],
  ['no type', 'autogpt', autogptApiKey({ type: undefined }), 'invalid_type'],
  ['an unknown type', 'autogpt', autogptApiKey({ type: 'certificate' }), 'invalid_type'],
  ['no provider', 'autogpt', autogptApiKey({ provider: null }), 'invalid_provider'],
  ['a provider with a slash', 'autogpt', autogptApiKey({ provider: 'a/b' }), 'invalid_provider'],
  ['a title with a line break', 'autogpt', autogptApiKey({ title: 'a\nb' }), 'invalid_title'],
  ['a title of 257 characters', 'autogpt', autogptApiKey({ title: 't'.repeat(257) }), 'invalid_title'],
  ['no key', 'autogpt', autogptApiKey({ api_key: undefined }), 'invalid_secret'],
  ['an empty key', 'autogpt', autogptApiKey({ api_key: '' }), 'invalid_secret'],
  ['a key with a line break', 'autogpt', autogptApiKey({ api_key: 'a\nb' }), 'invalid_secret'],
  ['a masked key', 'autogpt', autogptApiKey({ api_key: '**********' }), 'masked_secret'],
  ['a masked refresh token', 'autogpt', autogptGrant({ refresh_token: '**********' }), 'masked_secret'],
  ['a masked header', 'autogpt', autogptHost({ headers: { a: '**********' } }), 'masked_secret'],
  ['a key of 17 KB', 'autogpt', autogptApiKey({ api_key: 'k'.repeat(17_000) }), 'secret_too_large'],
  ['tokens of 50 KB', 'keyhold', exported({ secret: { accessToken: 'a'.repeat(50_000) } }), 'secret_too_large'],
  ['metadata of 200 KB', 'autogpt', autogptGrant({ metadata: { a: 'a'.repeat(200_000) } }), 'entry_too_large'],
  ['20,000 names', 'keyhold', exported(Object.fromEntries(Array(20_000).entries())), 'entry_too_large'],
  ['lists 100,000 deep', 'autogpt', { a: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) }, 'entry_too_large'],
  ['no access token', 'autogpt', autogptGrant({ access_token: null }), 'invalid_secret'],
  ['a user name with a colon', 'autogpt', autogptPassword({ username: 'a:b' }), 'invalid_secret'],
  ['no password', 'autogpt', autogptPassword({ password: undefined }), 'invalid_secret'],
  ['a URL for a host', 'autogpt', autogptHost({ host: 'https://api.example.com' }), 'invalid_host'],
  ['no host', 'autogpt', autogptHost({ host: null }), 'invalid_host'],
  ['no headers', 'autogpt', autogptHost({ headers: {} }), 'invalid_secret'],
  ['a header that injects another', 'autogpt', autogptHost({ headers: { a: 'b\r\nc: d' } }), 'invalid_secret'],
  ['a Host header', 'autogpt', autogptHost({ headers: { Host: 'a' } }), 'invalid_secret'],
  ['a user name with a NUL', 'autogpt', autogptGrant({ username: 'a\0' }), 'invalid_account'],
  ['an object for scopes', 'autogpt', autogptGrant({ scopes: {} }), 'invalid_scopes'],
  ['a scope in Cyrillic', 'autogpt', autogptGrant({ scopes: ['рepo'] }), 'invalid_scopes'],
  [
    'scopes of 5 KB',
    'autogpt',
    autogptGrant({
      scopes: ['a'.repeat(500), 'b'.repeat(500)].concat(Array.from({ length: 8 }, (_, i) => `${i}`.repeat(500))),
    }),
    'invalid_scopes',
  ],
  ['metadata of 5 KB', 'autogpt', autogptGrant({ metadata: { a: 'a'.repeat(5_000) } }), 'invalid_metadata'],
  ['metadata that is text', 'autogpt', autogptGrant({ metadata: 'a' }), 'invalid_metadata'],
  ['a time in words', 'autogpt', autogptApiKey({ expires_at: 'soon' }), 'invalid_time'],
  ['a time before 1970', 'autogpt', autogptGrant({ access_token_expires_at: -5 }), 'invalid_time'],
  ['a time after the year 9999', 'autogpt', autogptApiKey({ expires_at: 1e15 }), 'invalid_time'],
  ['an ordinal of a half', 'keyhold', exported({ ordinal: 0.5 }), 'invalid_time'],
  ['an unreadable one', 'keyhold', exported({ secret: null, reason: 'unreadable' }), 'unreadable'],
  ['an unknown mark', 'keyhold', exported({ reason: 'tired' }), 'invalid_reason'],
  [
    'a resource that its secret does not name',
    'keyhold',
    exported({ resource: 'https://a.example/mcp' }),
    'invalid_resource',
  ],
  [
    'an MCP server without a token endpoint',
    'keyhold',
    exported({ provider: 'mcp', secret: { accessToken: 'a', server: { resource: 'https://a.example/mcp' } } }),
    'invalid_resource',
  ],
  ['data that is no text', 'keyhold', exported({ data: { shop: 7 } }), 'invalid_data'],
  [
    'data of 17 KB',
    'keyhold',
    exported({ data: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`n${i}`, 'v'.repeat(1_000)])) }),
    'invalid_data',
  ],
  [
    'variables that are no texts',
    'keyhold',
    exported({ secret: { accessToken: 'a', variables: { shop: 7 } } }),
    'invalid_variables',
  ],
];

describe('an entry that cannot be stored', () => {
  it.each(BROKEN)('%s (%s)', (_, format, credential, reason) => {
    expect(readOne(credential, format)).toMatchObject({ kind: 'skipped', reason });
  });

  it('spoils no other: all broken ones beside one that can be stored', () => {
    const broken = BROKEN.filter(([, format]) => format === 'autogpt').map(([, , credential]) => credential);
    const entries = read({ credentials: [...broken, autogptApiKey({ id: 'good' }), ...broken] });
    expect(entries).toHaveLength(2 * broken.length + 1);
    expect(entries.filter(({ kind }) => kind === 'credential').map(({ id }) => id)).toEqual(['good']);
  });

  it('has every reason of the list shown here or where it follows from the table', () => {
    const shown = new Set<SkipReason>([
      ...FROM_THE_TABLE,
      ...BROKEN.map(([, , , reason]) => reason),
      ...['duplicate_id', 'expired_state', 'invalid_state', 'invalid_managed_key'].map((word) => word as SkipReason),
    ]);
    expect([...shown].toSorted()).toEqual(Object.keys(skipReasons).toSorted());
  });

  it('is named by its id, or by its place where the id is unusable', () => {
    const entries = read({ credentials: [autogptApiKey({ type: 'x' }), { ...autogptApiKey(), id: 'sk secret' }] });
    expect(entries.map(({ id }) => id)).toEqual([autogptApiKey().id, 'credential/1']);
  });

  it.each(['keyhold', 'autogpt'] as const)('is the second of two with one id (%s)', (format) => {
    const twice = [autogptApiKey({ apiKey: 'k' }), autogptApiKey({ apiKey: 'l' })];
    expect(read({ credentials: twice }, format)).toMatchObject([
      { kind: 'credential' },
      { kind: 'skipped', id: autogptApiKey().id, reason: 'duplicate_id' },
    ]);
  });

  it('is stored if a broken one before it has its id', () => {
    const entries = read({ credentials: [autogptApiKey({ api_key: null }), autogptApiKey()] });
    expect(entries.map(({ kind }) => kind)).toEqual(['skipped', 'credential']);
  });
});

describe('a document of AutoGPT', () => {
  it('gives an API key', () => {
    expect(stored(autogptApiKey({ expires_at: LATER_SECONDS }))).toMatchObject({
      ...{ id: autogptApiKey().id, type: 'api_key', provider: 'openai', title: 'My key', reason: null, scopes: null },
      ...{ expiresAt: LATER_SECONDS * 1000, createdAt: null, ordinal: null, secret: { apiKey: 'sk-alice' } },
    });
  });

  it('gives a grant with both expiries, scopes, name and metadata, and no client', () => {
    const grant = stored(autogptGrant());
    expect(grant).toMatchObject({
      ...{ type: 'oauth2', title: null, username: 'alice-at-github', accountId: null, scopes: ['repo', 'user:email'] },
      ...{ expiresAt: LATER_SECONDS * 1000, refreshTokenExpiresAt: (LATER_SECONDS + 3600) * 1000 },
    });
    expect(grant.secret).toEqual({ accessToken: 'gho_alice', refreshToken: 'ghr_alice', metadata: { team: 7 } });
  });

  it('gives user name and password, the name as a part of the secret only', () => {
    expect(stored(autogptPassword())).toMatchObject({
      username: null,
      secret: { username: 'alice@mail.example', password: 'pass word' },
    });
  });

  it('gives host headers under a normalized host', () => {
    expect(stored(autogptHost())).toMatchObject({
      host: '*.internal.example:8443',
      secret: { headers: { 'x-api-key': 'header-alice' } },
    });
  });

  it.each([
    ['ProviderName.GITHUB', 'github'],
    ['ProviderName.D_ID', 'd_id'],
    ['ProviderName.V0', 'v0'],
    ['github', 'github'],
    ['ProviderName', 'ProviderName'],
  ])('understands the provider %s', (provider, name) => {
    expect(stored(autogptApiKey({ provider })).provider).toBe(name);
  });

  it.each([
    ['null', { refresh_token: null, refresh_token_expires_at: null, access_token_expires_at: null, metadata: null }],
    ['absent', { refresh_token: undefined, access_token_expires_at: undefined, metadata: undefined }],
    ['empty', { refresh_token: '', metadata: {}, username: '', title: '' }],
  ])('takes optional fields that are %s', (_, given) => {
    const grant = stored(autogptGrant(given));
    expect(grant.secret).toEqual({ accessToken: 'gho_alice' });
  });

  it.each([
    ['a text', 'repo user:email', ['repo', 'user:email']],
    ['a text with commas', 'repo,user:email', ['repo', 'user:email']],
    ['items that hold several', ['repo user:email', 'repo', ''], ['repo', 'user:email']],
    ['null', null, []],
    ['absent', undefined, []],
  ])('takes scopes as %s', (_, scopes, expected) => {
    expect(stored(autogptGrant({ scopes })).scopes).toEqual(expected);
  });

  it.each([
    ['seconds', LATER_SECONDS],
    ['seconds with a fraction', LATER_SECONDS + 0.0004],
    ['seconds as text', `${LATER_SECONDS}`],
    ['an ISO time', new Date(LATER_SECONDS * 1000).toISOString()],
  ])('takes an expiry in %s', (_, expires_at) => {
    expect(stored(autogptApiKey({ expires_at })).expiresAt).toBe(LATER_SECONDS * 1000);
  });

  it('ignores unknown fields, wherever they stand', () => {
    const entries = read({ ...autogptDocument(), x: 1, credentials: [autogptApiKey({ surprise: { a: [] } })] });
    expect(entries.map(({ kind }) => kind)).toEqual(['credential', 'managed']);
  });

  it('gives the managed key of Ayrshare, and names others', () => {
    const managed_credentials = { ayrshare_profile_key: 'p', other_key: 'q', unset_key: null };
    expect(read({ managed_credentials })).toEqual([
      { kind: 'managed', id: 'managed/ayrshare', provider: 'ayrshare', secret: 'p' },
      { kind: 'skipped', id: 'managed/other_key', reason: 'invalid_managed_key' },
    ]);
  });

  it.each([
    ['masked', '**********', 'masked_secret'],
    ['a number', 7, 'invalid_managed_key'],
    ['too long', 'p'.repeat(16_385), 'invalid_managed_key'],
  ])('skips a managed key that is %s', (_, ayrshare_profile_key, reason) => {
    expect(read({ managed_credentials: { ayrshare_profile_key } })).toMatchObject([{ id: 'managed/ayrshare', reason }]);
  });

  it('gives an open flow with its verifier', () => {
    const state = autogptState({ callback_url: 'https://app.example/oauth/callback', state_metadata: { a: 1 } });
    expect(read({ oauth_states: [state] })).toMatchObject([
      {
        ...{ kind: 'state', id: 'state/0' },
        state: {
          ...{ token: 'A'.repeat(43), provider: 'github', expiresAt: LATER_SECONDS * 1000 },
          payload: { codeVerifier: 'v'.repeat(128), scopes: ['repo'], metadata: { a: 1 } },
        },
      },
    ]);
  });

  it.each([
    ['has expired', { expires_at: START / 1000 }, 'expired_state'],
    ['has expired and lacks the rest', { expires_at: 1, token: undefined }, 'expired_state'],
    ['has no verifier', { code_verifier: null }, 'invalid_state'],
    ['has a short token', { token: 'abc' }, 'invalid_state'],
    ['has no expiry', { expires_at: null }, 'invalid_state'],
  ])('skips a flow that %s', (_, given, reason) => {
    expect(read({ oauth_states: [autogptState(given)] })).toEqual([{ kind: 'skipped', id: 'state/0', reason }]);
  });

  it('has a flow to store until the very last millisecond', () => {
    const expires_at = (START + 1) / 1000;
    expect(read({ oauth_states: [autogptState({ expires_at })] })).toMatchObject([{ kind: 'state' }]);
  });

  it.each([{}, { credentials: null, managed_credentials: null, oauth_states: null }, { credentials: [] }])(
    'may be empty: %j',
    (document) => {
      expect(read(document)).toEqual([]);
    },
  );
});

describe('a document of Keyhold', () => {
  it('holds credentials as they are sent to be stored', () => {
    const credentials = [
      { type: 'api_key', id: 'a', provider: 'openai', apiKey: 'k', expiresAt: '2040-01-01T00:00:00Z' },
      { type: 'user_password', id: 'b', provider: 'smtp', username: 'u', password: '' },
      { type: 'host_scoped', id: 'c', provider: 'http', host: 'a.example', headers: { A: 'b' } },
      {
        ...{ type: 'oauth2', id: 'd', provider: 'okta', accessToken: 'at', refreshToken: 'rt', scopes: ['s'] },
        ...{ accessTokenExpiresAt: '2040-01-01T00:00:00Z', variables: { domain: 'a' }, metadata: { m: 1 } },
      },
    ];
    expect(read({ credentials }, 'keyhold')).toMatchObject([
      { credential: { secret: { apiKey: 'k' }, expiresAt: LATER_SECONDS * 1000 } },
      { credential: { secret: { username: 'u', password: '' }, username: null } },
      { credential: { secret: { headers: { a: 'b' } }, host: 'a.example' } },
      {
        credential: {
          expiresAt: LATER_SECONDS * 1000,
          secret: { accessToken: 'at', refreshToken: 'rt', variables: { domain: 'a' }, metadata: { m: 1 } },
        },
      },
    ]);
  });

  it('holds managed keys, unreadable ones too', () => {
    const managed = [
      { provider: 'ayrshare', secret: 'p' },
      { provider: 'other', secret: null, reason: 'unreadable' },
      { provider: 'a/b', secret: 'p' },
      'text',
    ];
    expect(read({ managed }, 'keyhold')).toEqual([
      { kind: 'managed', id: 'managed/ayrshare', provider: 'ayrshare', secret: 'p' },
      { kind: 'skipped', id: 'managed/other', reason: 'unreadable' },
      { kind: 'skipped', id: 'managed/2', reason: 'invalid_managed_key' },
      { kind: 'skipped', id: 'managed/3', reason: 'invalid_entry' },
    ]);
  });
});

describe('a document that is none', () => {
  it.each([
    ['autogpt', { credentials: 'none' }, '#/document/credentials'],
    ['autogpt', { managed_credentials: [] }, '#/document/managed_credentials'],
    ['autogpt', { oauth_states: {} }, '#/document/oauth_states'],
    ['keyhold', { credentials: {} }, '#/document/credentials'],
    ['keyhold', { managed: 'x' }, '#/document/managed'],
    ['keyhold', { credentials: Array(MAX_ENTRIES + 1).fill(0) }, '#/document/credentials'],
  ] as const)('is refused as a whole: %s %#', (format, document, pointer) => {
    expect(() => read(document, format)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    try {
      read(document, format);
    } catch (error) {
      expect(error).toMatchObject({ errors: [{ pointer }] });
    }
  });

  it('is refused with too many entries in all', () => {
    const half = Array(MAX_ENTRIES / 2 + 1).fill(0);
    expect(() => read({ credentials: half, managed: half }, 'keyhold')).toThrow('invalid_request');
    expect(read({ credentials: Array(MAX_ENTRIES).fill(0) }, 'keyhold')).toHaveLength(MAX_ENTRIES);
  });
});
