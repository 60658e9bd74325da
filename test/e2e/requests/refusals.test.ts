// Refusals of well-formed requests: each has its code and shape, and changes nothing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCredentials } from '../../../lib/domain/credential/system-credentials.ts';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem, type ProblemCode } from '../../support/http/problems.ts';

const MINE = '/v1/me/credentials';
const ALICE = '/v1/users/alice';
const MANAGED = `${ALICE}/managed-credentials/ayrshare`;
const STALE = { 'if-match': '"v1"' };
const NOW = { 'if-match': '"v2"' };
const JSON_TYPE = { 'content-type': 'application/json' };

const apiKey = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });
const password = (given: object = {}) => ({
  ...{ type: 'user_password', provider: 'smtp', username: 'u', password: 'p' },
  ...given,
});
const oauth2 = (given: object = {}) => ({
  ...{ type: 'oauth2', provider: 'github', accessToken: 'a', scopes: ['repo', 'user'] },
  ...given,
});

let keyhold: Keyhold;
let before: unknown[];

beforeAll(async () => {
  const home = mkdtempSync(join(tmpdir(), 'keyhold-refusals-'));
  mkdirSync(join(home, 'secrets'));
  // Some of the operator's keys are configured, most are not.
  writeFileSync(join(home, 'secrets', 'system-keys.json'), '{"openai_api_key": "sk-system", "groq_api_key": "gsk"}');
  keyhold = await startKeyhold({ home });
  const expired = apiKey({ id: 'expired', provider: 'old', expiresAt: '2020-01-01T00:00:00Z' });
  const put = [apiKey({ id: 'key', title: 'Kept' }), password({ id: 'password' }), oauth2({ id: 'grant' }), expired];
  await call('POST', `${ALICE}/edit`, { put }, { 'if-match': '"v0"' });
  await call('PUT', MANAGED, { secret: 'managed' });
  before = await alice();
});
afterAll(async () => {
  // The lists are compared at every step; the secrets once.
  expect(await alice()).toEqual(before);
  await keyhold.stop();
  rmSync(keyhold.home, { recursive: true });
});

/** The user plane's paths as alice, all others as a worker. */
const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  (path.startsWith('/v1/me') ? keyhold.user('alice') : keyhold.worker).call(method, path, body, headers);

const list = async () => (await call('GET', `${ALICE}/credentials`)).json;

/** All of alice's that a worker can see. */
const alice = async () => {
  const credentials = ['key', 'password', 'grant', 'expired'].map((id) => `${ALICE}/credentials/${id}`);
  const opened = [...credentials, MANAGED].map(async (path) => (await call('GET', path)).json);
  return [await list(), ...(await Promise.all(opened))];
};

type Row = [method: string, path: string, body?: unknown, headers?: Record<string, string>];

const refuses = (code: ProblemCode, rows: Row[], members: object = {}) => {
  const named = rows.map(
    (row, index) => [`${index + 1}: ${row[0]} ${row[1]} ${JSON.stringify(row[3] ?? {})}`, row] as const,
  );
  it.each(named)(`${code}, %s`, async (_, row) => {
    expectProblem(await call(...row), code, members);
    expect(await list()).toEqual(before[0]);
  });
};

/** Every way to change one credential, by its id. */
const changeRows = (id: string, headers: Record<string, string> = {}): Row[] =>
  [MINE, `${ALICE}/credentials`].flatMap((path): Row[] => [
    ['PUT', `${path}/${id}`, apiKey(), headers],
    ['PATCH', `${path}/${id}`, { title: 'New' }, headers],
    ['DELETE', `${path}/${id}`, undefined, headers],
  ]);
const added = (given: object, headers: Record<string, string> = {}): Row[] =>
  [MINE, `${ALICE}/credentials`].map((path) => ['POST', path, apiKey(given), headers]);
const edit = (body: object, headers: Record<string, string> = NOW): Row => ['POST', `${ALICE}/edit`, body, headers];

describe('a system credential', () => {
  it.each(systemCredentials)('cannot be created or changed by a user: $provider', async ({ id, provider, type }) => {
    const same = type === 'api_key' ? { provider } : {};
    const edits = [edit({ put: [apiKey({ id })] }), edit({ delete: [id] })];
    const rows = [...changeRows(id), ...changeRows(id, NOW), ...added({ id, ...same }), ...edits];
    const replies = await Promise.all(rows.map((row) => call(...row)));
    for (const reply of replies) expectProblem(reply, 'system_credential');
    expect(await list()).toEqual(before[0]);
  });

  it('is a 404 until it is configured', async () => {
    for (const { id, settings } of systemCredentials) {
      const isConfigured = settings.every((name) => ['openai_api_key', 'groq_api_key'].includes(name));
      expect((await call('GET', `${MINE}/${id}`)).status).toBe(isConfigured ? 200 : 404);
    }
  });
});

describe('a missing thing', () => {
  refuses('credential_not_found', [
    ...[...changeRows('unknown'), ...changeRows('unknown', NOW)],
    ...(['GET', 'DELETE'] as const).map((method): Row => [method, `${ALICE}/managed-credentials/unknown`]),
    ...[MINE, `${ALICE}/credentials`].map((path): Row => ['GET', `${path}/unknown`]),
  ]);
  refuses('credential_not_found', [edit({ put: [apiKey()], delete: ['unknown'] })], { credentialId: 'unknown' });
  const resolve = (body: object): Row => ['POST', `${ALICE}/resolve`, body];
  refuses('url_not_allowed', [
    ['POST', `${ALICE}/resolve`, { provider: 'openai', url: 'https://evil.example/' }],
    ['POST', `${ALICE}/resolve`, { credentialId: 'key', url: 'http://api.openai.com/v1/models' }],
    ['POST', `${ALICE}/resolve`, { credentialId: 'key', url: 'https://api.openai.com@evil.example/' }],
    ['POST', `${ALICE}/resolve`, { provider: 'groq', url: 'https://api.openai.com/' }],
    ['POST', `${ALICE}/oauth-states`, { provider: 'github', scopes: [], callbackUrl: 'https://app.example.com/cb' }],
  ]);
  refuses('not_connected', [
    ...[
      resolve({ provider: 'unknown' }),
      resolve({ credentialId: 'unknown' }),
      resolve({ url: 'https://example.com' }),
    ],
    ...[resolve({ credentialId: 'key', provider: 'groq' }), resolve({ provider: 'anthropic' })],
  ]);
  const consume = (token: string): Row => ['POST', `${ALICE}/oauth-states/consume`, { token, provider: 'github' }];
  refuses('state_invalid', ['', 'x', 'x'.repeat(43), 'x'.repeat(60_000), 'é\0', '__proto__', '\ud800'].map(consume));
});

describe('a contradiction', () => {
  const replaced = (id: string, body: object): Row => ['PUT', `${ALICE}/credentials/${id}`, body];
  refuses('credential_exists', [...added({ id: 'key' }), ...added({ id: 'key', provider: 'groq' }, NOW)]);
  refuses('type_mismatch', [
    ...[
      replaced('key', password()),
      replaced('grant', apiKey({ provider: 'github' })),
      edit({ put: [oauth2({ id: 'key' })] }),
    ],
    ...[MINE].flatMap((path): Row[] => [['PUT', `${path}/grant`, apiKey({ provider: 'github' })]]),
  ]);
  refuses('provider_mismatch', [
    ...[replaced('key', apiKey({ provider: 'groq' })), replaced('grant', oauth2({ provider: 'google' }))],
    ...[edit({ put: [apiKey(), apiKey({ id: 'key', provider: 'groq' })] })],
  ]);
  refuses('scopes_narrowed', [replaced('grant', oauth2({ scopes: ['repo'] }))], { missingScopes: ['user'] });
  const resolve = (body: object): Row => ['POST', `${ALICE}/resolve`, body];
  refuses('reconnect_required', [resolve({ provider: 'old' }), resolve({ credentialId: 'expired' })], {
    reason: 'expired',
  });
  const wider = [resolve({ provider: 'github', scopes: ['gist', 'repo'] })];
  refuses('insufficient_scopes', wider, { missingScopes: ['gist'] });
});

describe('an If-Match that does not hold', () => {
  refuses(
    'version_conflict',
    [
      ...[
        ...changeRows('key', STALE),
        ...changeRows('unknown', STALE),
        ...added({ id: 'key' }, STALE),
        ...added({}, STALE),
      ],
      ...[edit({ put: [apiKey()] }, STALE), edit({ delete: ['unknown'] }, { 'if-match': '"v3"' })],
      ...[{ 'if-match': '"v0"' }, { 'if-match': '"v999999999999999"' }].map(
        (headers): Row => ['PUT', MANAGED, { secret: 's' }, headers],
      ),
      ...[['DELETE', MANAGED, undefined, STALE] satisfies Row, ['DELETE', ALICE, undefined, STALE] satisfies Row],
    ],
    { currentVersion: 2 },
  );

  const malformed = [
    'v2',
    '"2"',
    'W/"v2"',
    '*',
    '"v02"',
    '"v-2"',
    '"v2", "v1"',
    '',
    '"v2',
    '"v1e1"',
    '"v9999999999999999"',
    '"v2" x',
  ];
  refuses(
    'invalid_request',
    malformed.flatMap((tag): Row[] => [
      ['PATCH', `${MINE}/key`, { title: 'New' }, { 'if-match': tag }],
      ['DELETE', ALICE, undefined, { 'if-match': tag }],
      edit({ put: [apiKey()] }, { 'if-match': tag }),
    ]),
  );
  refuses('precondition_required', [edit({ put: [apiKey()] }, {})]);
});

describe('a body', () => {
  const padded = (bytes: number) => JSON.stringify(apiKey()).padEnd(bytes);
  refuses('body_too_large', [
    ['POST', MINE, padded(64 * 1024 + 1), JSON_TYPE],
    ['POST', `${ALICE}/resolve`, `${' '.repeat(64 * 1024)}{"provider": "openai"}`, JSON_TYPE],
    ['POST', MINE, Buffer.alloc(1024 * 1024, '"'), { 'content-type': 'text/plain' }],
  ]);
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'text/json',
    'application/xml',
    'json',
    '',
  ];
  refuses('unsupported_media_type', [
    ...types.map((type): Row => ['POST', MINE, padded(0), { 'content-type': type }]),
    ['POST', MINE, padded(0)],
    ['PATCH', `${MINE}/key`, 'title=New', { 'content-type': 'multipart/form-data; boundary=x' }],
  ]);

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'of 64 KB and of type %s is accepted',
    async (type) => {
      const reply = await keyhold.user('bob').call('POST', MINE, padded(64 * 1024), { 'content-type': type });
      expect(reply.status).toBe(201);
    },
  );

  it('over 6 MB is refused by the gateway', async () => {
    const { status, json } = await call('POST', MINE, Buffer.alloc(6 * 1024 * 1024 + 1, ' '), JSON_TYPE);
    expect([status, Object.keys(json)]).toEqual([413, ['message']]);
  });
});
