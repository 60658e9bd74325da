// Import and export over HTTP: documents of all four types, broken ones of each kind, and a move from one user to another.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import {
  AUTOGPT_IDS,
  autogptApiKey,
  autogptDocument,
  autogptGrant,
  autogptHost,
  autogptPassword,
  autogptState,
  LATER_SECONDS,
} from '../../support/moving/autogpt.ts';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold({ env: { ALLOWED_CALLBACK_URLS: 'https://app.example/callback' } });
});
afterAll(() => keyhold.stop());

const ids = AUTOGPT_IDS.map(({ id }) => id);
let users = 0;
const newUser = () => `/v1/users/mover-${++users}`;

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply> =>
  keyhold.worker.call(method, path, body, headers);

const importInto = (user: string, document: unknown, format = 'autogpt', headers?: Record<string, string>) =>
  call('POST', `${user}/import`, { format, document }, headers);

const listOwn = async (user: string) =>
  (await call('GET', `${user}/credentials`)).json.credentials.filter(
    ({ source }: { source: string }) => source === 'user',
  );

const exportAll = async (user: string) => {
  const pages = [];
  let next: string | null = '';
  while (next !== null) {
    const { status, json } = await call('GET', `${user}/export${next && `?after=${next}`}`);
    expect(status).toBe(200);
    pages.push(json);
    next = json.next;
  }
  return pages;
};

describe('a document of AutoGPT', () => {
  it('imports with ids, titles, scopes and expiries, and resolves', async () => {
    const user = newUser();
    const { status, json } = await importInto(user, autogptDocument());
    expect([status, json]).toEqual([200, { imported: [...ids, 'managed/ayrshare'], skipped: [] }]);
    expect(await listOwn(user)).toMatchObject([
      { id: ids[0], type: 'api_key', title: 'My key' },
      {
        ...{ id: ids[1], type: 'oauth2', title: null, username: 'alice-at-github', scopes: ['repo', 'user:email'] },
        expiresAt: new Date(LATER_SECONDS * 1000).toISOString(),
      },
      { id: ids[2], type: 'user_password', title: 'Mail' },
      { id: ids[3], type: 'host_scoped', host: '*.internal.example:8443' },
    ]);
    const resolved = await call('POST', `${user}/resolve`, { provider: 'github', scopes: ['repo'] });
    expect(resolved.json).toMatchObject({ headers: { authorization: 'Bearer gho_alice' }, stale: false });
    expect((await call('GET', `${user}/credentials/${ids[1]}`)).json.metadata).toEqual({ team: 7 });
    expect((await call('GET', `${user}/managed-credentials/ayrshare`)).json).toEqual({ secret: 'profile-alice' });
  });

  it('imports once: a repetition changes nothing, and what is stored is never overwritten', async () => {
    const user = newUser();
    await importInto(user, autogptDocument());
    const before = await exportAll(user);
    const changed = autogptDocument({
      credentials: [autogptApiKey({ api_key: 'other', title: 'Other' }), autogptGrant({ scopes: [] })],
      managed_credentials: { ayrshare_profile_key: 'other' },
    });
    for (const document of [autogptDocument(), changed]) {
      const { json } = await importInto(user, document);
      expect(json.imported).toEqual([]);
      expect(new Set(json.skipped.map(({ reason }: { reason: string }) => reason))).toEqual(new Set(['exists']));
    }
    expect(await exportAll(user)).toEqual(before);
    expect((await call('GET', `${user}/credentials`)).headers.etag).toBe('"v1"');
  });

  it('skips what is broken with a reason each, and stores the rest', async () => {
    const user = newUser();
    const document = autogptDocument({
      credentials: [
        autogptApiKey({ id: '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a' }),
        autogptApiKey({ id: 'masked', api_key: '**********' }),
        autogptApiKey({ id: 'line-break', api_key: 'a\nb' }),
        autogptGrant({ id: 'no-token', access_token: undefined }),
        autogptGrant({ id: 'deprecated', provider: 'ProviderName.NOTION', access_token_expires_at: null }),
        autogptPassword({ id: 'colon', username: 'a:b' }),
        autogptHost({ id: 'url', host: 'https://a.example' }),
        autogptHost({ id: 'injection', headers: { a: 'b\r\nc: d' } }),
        autogptApiKey({ id: 'time', expires_at: 'soon' }),
        { type: 'certificate', id: 'unknown' },
        'text',
        autogptApiKey({ id: 'good' }),
        autogptApiKey({ id: 'good', api_key: 'second' }),
      ],
      oauth_states: [autogptState({ expires_at: 1_600_000_000 }), autogptState({ code_verifier: null })],
    });
    const { status, json } = await importInto(user, document);
    expect(status).toBe(200);
    expect(json).toEqual({
      imported: ['deprecated', 'good', 'managed/ayrshare'],
      skipped: [
        { id: '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a', reason: 'system_credential' },
        { id: 'masked', reason: 'masked_secret' },
        { id: 'line-break', reason: 'invalid_secret' },
        { id: 'no-token', reason: 'invalid_secret' },
        { id: 'colon', reason: 'invalid_secret' },
        { id: 'url', reason: 'invalid_host' },
        { id: 'injection', reason: 'invalid_secret' },
        { id: 'time', reason: 'invalid_time' },
        { id: 'unknown', reason: 'invalid_type' },
        { id: 'credential/10', reason: 'invalid_entry' },
        { id: 'good', reason: 'duplicate_id' },
        { id: 'state/0', reason: 'expired_state' },
        { id: 'state/1', reason: 'invalid_state' },
      ],
    });
    expect(await listOwn(user)).toMatchObject([{ id: 'deprecated', provider: 'notion' }, { id: 'good' }]);
  });

  it('brings an open flow, which is consumed here once', async () => {
    const user = newUser();
    const expires_at = Math.floor(Date.now() / 1000) + 300;
    const state = autogptState({ expires_at, callback_url: 'https://app.example/callback' });
    expect((await importInto(user, { oauth_states: [state] })).json.imported).toEqual(['state/0']);
    const consume = () =>
      call('POST', `${user}/oauth-states/consume`, { token: state.token, provider: state.provider });
    expect((await consume()).json).toMatchObject({ codeVerifier: 'v'.repeat(128), callbackUrl: state.callback_url });
    expectProblem(await consume(), 'state_invalid');
    expect((await importInto(user, { oauth_states: [state] })).json.skipped[0].reason).toBe('exists');
  });
});

describe('an export', () => {
  it('is imported as the same user: pages, order and whole secrets', async () => {
    const [from, to] = [newUser(), newUser()];
    const keys = Array.from({ length: 230 }, (_, index) => autogptApiKey({ id: `k${index}`, title: `Key ${index}` }));
    const document = autogptDocument({ credentials: [autogptGrant(), ...keys, autogptHost(), autogptPassword()] });
    expect((await importInto(from, document)).json.imported).toHaveLength(234);
    const pages = await exportAll(from);
    expect(pages.map(({ credentials, managed }) => [credentials.length, managed.length])).toEqual([
      [100, 0],
      [100, 0],
      [33, 1],
    ]);
    expect(pages[0].credentials[0].secret).toEqual({
      ...{ accessToken: 'gho_alice', refreshToken: 'ghr_alice', metadata: { team: 7 } },
    });
    for (const page of pages) expect((await importInto(to, page, 'keyhold')).json.skipped).toEqual([]);
    expect((await exportAll(to)).map(({ credentials, managed }) => ({ credentials, managed }))).toEqual(
      pages.map(({ credentials, managed }) => ({ credentials, managed })),
    );
    const untouched = ({ id, title, createdAt, updatedAt }: Record<string, unknown>) => [
      id,
      title,
      createdAt,
      updatedAt,
    ];
    expect((await listOwn(to)).map(untouched)).toEqual((await listOwn(from)).map(untouched));
  });

  it('answers the version and never a cacheable body', async () => {
    const user = newUser();
    await importInto(user, autogptDocument());
    const { headers } = await call('GET', `${user}/export`);
    expect(headers).toMatchObject({ etag: '"v1"', 'cache-control': 'no-store' });
  });

  it('refuses an `after` of no page', async () => {
    expectProblem(await call('GET', `${newUser()}/export?after=x`), 'invalid_request');
  });

  it('is for workers only', async () => {
    expect((await keyhold.user('mover-1').call('GET', '/v1/users/mover-1/export')).status).toBe(403);
    expect((await keyhold.user('mover-1').call('GET', '/v1/me/export')).status).toBe(404);
  });
});

describe('a request to import', () => {
  it.each([
    ['no format', { document: {} }],
    ['another format', { format: 'nango', document: {} }],
    ['no document', { format: 'autogpt' }],
    ['a document that is text', { format: 'autogpt', document: '{}' }],
    ['an unknown field', { format: 'autogpt', document: {}, dryRun: true }],
    ['credentials that are no list', { format: 'autogpt', document: { credentials: {} } }],
    ['10,001 entries', { format: 'keyhold', document: { credentials: Array(10_001).fill(0) } }],
  ])('with %s is a 400 that stores nothing', async (_, body) => {
    const user = newUser();
    expectProblem(await call('POST', `${user}/import`, body), 'invalid_request');
    expect(await listOwn(user)).toEqual([]);
  });

  it('may have 4 MB, and not a byte more', async () => {
    const user = newUser();
    const body = (bytes: number) => {
      const text = JSON.stringify({ format: 'keyhold', document: { padding: '' } });
      return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
    };
    const headers = { 'content-type': 'application/json' };
    expect((await call('POST', `${user}/import`, body(4_194_304), headers)).status).toBe(200);
    expectProblem(await call('POST', `${user}/import`, body(4_194_305), headers), 'body_too_large');
    const tooLarge = await call('POST', `${user}/import`, body(7_000_000), headers);
    expect([tooLarge.status, tooLarge.json]).toEqual([413, { message: expect.any(String) }]);
  });

  it('may be larger than others: those still end at 64 KB', async () => {
    const credential = { type: 'api_key', provider: 'p', apiKey: 'k', title: 'x'.repeat(70_000) };
    expectProblem(await call('POST', `${newUser()}/credentials`, credential), 'body_too_large');
  });

  it('stands under If-Match', async () => {
    const user = newUser();
    const first = await importInto(user, autogptDocument(), 'autogpt', { 'if-match': '"v0"' });
    expect([first.status, first.headers.etag]).toEqual([200, '"v1"']);
    const late = await importInto(user, autogptDocument(), 'autogpt', { 'if-match': '"v0"' });
    expectProblem(late, 'version_conflict', { currentVersion: 1 });
  });

  it('answers each of 10,000 broken entries', async () => {
    const { status, json } = await importInto(newUser(), { credentials: Array(10_000).fill(0) });
    expect([status, json.skipped.length]).toEqual([200, 10_000]);
  });
});
