// Requests that break a schema: each is a problem with status 400 and changes nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem, type ProblemCode } from '../../support/http/problems.ts';

const MINE = '/v1/me/credentials';
const ALICE = '/v1/users/alice';
const KB = 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

/** A password of so many characters of two bytes. */
const newLogin = (characters: number) => ({
  ...{ type: 'user_password', provider: 'smtp', username: 'u', password: 'é'.repeat(characters) },
});
const apiKey = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });
const password = (given: object = {}) => ({
  ...{ type: 'user_password', provider: 'smtp', username: 'u', password: 'p' },
  ...given,
});
const hostScoped = (headers: unknown = { 'x-a': 'b' }, host: unknown = 'api.example.com') => ({
  ...{ type: 'host_scoped', provider: 'http', host, headers },
});
const oauth2 = (given: object = {}) => ({
  ...{ type: 'oauth2', provider: 'github', accessToken: 'a', scopes: ['repo'] },
  ...given,
});
/** `{"apiKey":"…"}`, this many bytes long. */
const keyOfBytes = (bytes: number) => apiKey({ apiKey: 'x'.repeat(bytes - '{"apiKey":""}'.length) });

let keyhold: Keyhold;
let before: unknown[];

beforeAll(async () => {
  keyhold = await startKeyhold();
  const put = [apiKey({ id: 'key', title: 'Kept' }), { ...hostScoped(), id: 'host' }, oauth2({ id: 'grant' })];
  await call('POST', `${ALICE}/edit`, { put }, { 'if-match': '"v0"' });
  await call('PUT', `${ALICE}/managed-credentials/ayrshare`, { secret: 'managed' });
  before = await alice();
});
afterAll(async () => {
  // The lists are compared at every step; the secrets once.
  expect(await alice()).toEqual(before);
  await keyhold.stop();
});

/** The user plane's paths as alice, all others as a worker. */
const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  (path.startsWith('/v1/me') ? keyhold.user('alice') : keyhold.worker).call(method, path, body, headers);

const list = async () => (await call('GET', `${ALICE}/credentials`)).json;

/** All of alice's that a worker can see. */
const alice = async () => {
  const paths = ['credentials/key', 'credentials/host', 'credentials/grant', 'managed-credentials/ayrshare'];
  const opened = paths.map(async (path) => (await call('GET', `${ALICE}/${path}`)).json);
  return [await list(), ...(await Promise.all(opened))];
};

type Row = [method: string, path: string, body: unknown, headers?: Record<string, string>];

const short = (value: unknown) => (JSON.stringify(value) ?? '').slice(0, 90);

const refuses = (code: ProblemCode, rows: Row[]) => {
  it.each(rows.map((row, index) => [`${index + 1}: ${row[0]} ${row[1]} ${short(row[2])}`, row] as const))(
    `${code}, %s`,
    async (_, row) => {
      expectProblem(await call(...row), code);
      expect(await list()).toEqual(before[0]);
    },
  );
};

const posted = (...bodies: unknown[]): Row[] => bodies.map((body) => ['POST', MINE, body]);
const at = (path: string, ...bodies: unknown[]): Row[] => bodies.map((body) => ['POST', `${ALICE}/${path}`, body]);
const edits = (...bodies: unknown[]): Row[] =>
  bodies.map((body) => ['POST', `${ALICE}/edit`, body, { 'if-match': '"v2"' }]);

describe('a body of the wrong shape', () => {
  const { apiKey: _, ...keyless } = apiKey();
  refuses('invalid_request', [
    ...posted({}, [], [apiKey()], keyless, apiKey({ colour: 'red' }), apiKey({ apiKey: 7 }), apiKey({ apiKey: null })),
    ...posted(apiKey({ apiKey: '' }), apiKey({ apiKey: ['k'] }), apiKey({ type: 'API_KEY' }), apiKey({ type: 'saml' })),
    ...posted(apiKey({ provider: '' }), apiKey({ provider: 'a b' }), apiKey({ provider: 'x'.repeat(65) })),
    ...posted(
      apiKey({ title: '' }),
      apiKey({ title: 'x'.repeat(257) }),
      apiKey({ title: 'a\nb' }),
      apiKey({ title: 7 }),
    ),
    ...posted(
      apiKey({ username: 'u' }),
      password({ username: undefined }),
      password({ password: undefined }),
      oauth2(),
    ),
    ...at('credentials', oauth2({ scopes: undefined }), oauth2({ scopes: 'repo' }), oauth2({ scopes: ['a b'] })),
    ...at('credentials', oauth2({ refreshToken: 7 }), oauth2({ metadata: [] }), oauth2({ accessToken: '' })),
    ['PUT', `${MINE}/key`, apiKey({ id: 'another' })],
    ['PATCH', `${MINE}/key`, {}],
    ['PATCH', `${MINE}/key`, { title: null }],
    ['PATCH', `${MINE}/key`, { title: 'New', apiKey: 'new' }],
    ...edits({ put: apiKey() }, { delete: 'key' }, { put: [{}] }, { erase: [] }, [], {
      put: [keyOfBytes(16 * KB + 1)],
    }),
    ...edits({ put: [apiKey({ id: 'key' }), apiKey({ id: 'key' })] }, { delete: ['key', 'key'] }),
    ...edits({ put: [apiKey({ id: 'key' })], delete: ['key'] }),
    ...at(
      'resolve',
      {},
      { scopes: [] },
      { provider: 'openai', minTtlSeconds: -1 },
      { provider: 'openai', user: 'bob' },
    ),
    ...at(
      'resolve',
      { url: 'api.example.com' },
      { url: 'file:///etc/hosts' },
      { credentialId: 'a b' },
      { provider: 7 },
    ),
    ['PUT', `${ALICE}/managed-credentials/ayrshare`, { secret: '' }],
    ['PUT', `${ALICE}/managed-credentials/ayrshare`, { secret: 'x'.repeat(16 * KB + 1) }],
    ['PUT', `${ALICE}/managed-credentials/a%20b`, { secret: 's' }],
    ...at('oauth-states', {}, { provider: 'github' }, { provider: 'github', scopes: [], callbackUrl: 'javascript:1' }),
    ...at('oauth-states/consume', {}, { token: 1, provider: 'github' }, { token: null, provider: 'github' }),
  ]);

  const broken = [
    '',
    ' ',
    '{',
    '{"type": "api_key"',
    '{}{}',
    '{},',
    "{'type': 'api_key'}",
    'undefined',
    'NaN',
    '\uFEFF{}',
  ];
  it.each([...broken, '"text"', '1', 'null', 'true'])('invalid_request, the body %j', async (body) => {
    expectProblem(await call('POST', MINE, body, JSON_TYPE), 'invalid_request');
  });

  it('is a violation at #, whatever is wrong with it', async () => {
    const bodies = ['[]', '{', '\xff'].map((body) => Buffer.from(body, 'latin1'));
    const replies = await Promise.all(bodies.map((body) => call('POST', MINE, body, JSON_TYPE)));
    expect(replies.map((reply) => reply.json.errors[0].pointer)).toEqual(['#', '#', '#']);
  });
});

describe('a field that the service sets', () => {
  const ofViews = { source: 'system', status: 'active', reason: null, version: 9, createdAt: 0, updatedAt: 0 };
  const ofRows = { userId: 'bob', lease: 'x', secretRev: 'x', sealed: 'x', wrappedKey: 'x', hasRefreshToken: true };
  const fields = {
    ...ofViews,
    ...ofRows,
    ordinal: 0,
    schemaVersion: 2,
    ttl: 1,
    erasing: null,
    pk: 'x',
    brokenReason: null,
  };
  refuses(
    'invalid_request',
    Object.entries(fields).flatMap(([name, value]) => [
      ...posted(apiKey({ [name]: value })),
      ['PUT', `${ALICE}/credentials/grant`, oauth2({ [name]: value })] satisfies Row,
      ['PATCH', `${MINE}/key`, { title: 'New', [name]: value }] satisfies Row,
      ...edits({ put: [apiKey({ [name]: value })] }),
    ]),
  );
});

describe('a value out of bounds', () => {
  const hosts = [
    'https://api.example.com',
    '*',
    '*.com',
    'api.*.com',
    'u@example.com',
    'example.com/a',
    'example.com:0',
  ];
  const moreHosts = [
    '',
    'a b',
    'example.com:99999',
    '*.1.2.3.4',
    'example.com?',
    'example.com#',
    '[::1',
    'ex%61mple.com',
  ];
  const values = ['a\rb', 'a\nb', 'a\r\nx-b: c', 'a\0b', ' a', 'a ', 'a\u0100', 7, null, ['a']];
  const names = ['a b', 'a:', '', 'é', 'x\r\ny', 'host', 'Content-Length', 'transfer-encoding', 'CONNECTION', 'te'];
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`x-${index}`, 'v']));
  const times = [
    '2030-01-01T00:00:00',
    '2030-01-01',
    '2030-01-01T00:00:00+02:00',
    '2030-02-30T00:00:00Z',
    'soon',
    1,
    '',
  ];
  const ids = ['', 'x'.repeat(129), 'a/b', 'a b', 'é', '.', '..', '~', 'a#b', 'a%20b', 'a\0', 7, null];
  refuses('invalid_request', [
    ...posted(...[...hosts, ...moreHosts, 7, null].map((host) => hostScoped(undefined, host))),
    ...posted(
      ...values.map((value) => hostScoped({ 'x-a': value })),
      ...names.map((name) => hostScoped({ [name]: 'v' })),
    ),
    ...posted(hostScoped({}), hostScoped(many), hostScoped({ 'X-A': '1', 'x-a': '2' }), hostScoped([['x-a', '1']])),
    ...posted(...times.map((expiresAt) => apiKey({ expiresAt })), ...ids.map((id) => apiKey({ id }))),
    ...posted(keyOfBytes(16 * KB + 1), newLogin(8 * KB - 14)),
    ...at('credentials', oauth2({ accessToken: 'x'.repeat(16 * KB) }), oauth2({ metadata: { a: 'x'.repeat(4 * KB) } })),
  ]);
});

describe('a value at its bounds', () => {
  const accepted = [
    keyOfBytes(16 * KB),
    newLogin(8 * KB - 15),
    apiKey({ id: 'x'.repeat(128), title: 'é'.repeat(256), provider: 'x'.repeat(64) }),
    apiKey({ id: 'a.b_c:d-E9', expiresAt: '2030-01-01T00:00:00.123Z' }),
    hostScoped({ 'X-Upper': 'a\tb é', 'x-empty': '' }, '*.EXAMPLE.com.:8443'),
    hostScoped(Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`x-${index}`, 'v'])), '[::1]'),
    hostScoped(undefined, 'localhost'),
  ];
  it.each(accepted.map((body) => [short(body), body] as const))('is accepted: %s', async (_, body) => {
    expect((await keyhold.user('bob').call('POST', MINE, body)).status).toBe(201);
  });
});
