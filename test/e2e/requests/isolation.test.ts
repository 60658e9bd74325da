// Users are isolated (I1): the id of another user, an unknown id and a malformed id get the same answer, byte for byte, and no
// spelling of an id reaches another user's credential.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

const ALICES = 'alices-credential';
const key = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });

let keyhold: Keyhold;
let stateToken: string;
let before: unknown;

/** All of alice's that a worker can see. */
const alice = async () => {
  const paths = ['credentials', `credentials/${ALICES}`, 'managed-credentials/ayrshare'];
  const replies = await Promise.all(paths.map((path) => keyhold.worker.call('GET', `/v1/users/alice/${path}`)));
  return replies.map((reply) => [reply.status, reply.headers.etag, reply.json]);
};

beforeAll(async () => {
  keyhold = await startKeyhold();
  await keyhold.user('alice').call('POST', '/v1/me/credentials', key({ id: ALICES, apiKey: 'alices-key' }));
  await keyhold.worker.call('PUT', '/v1/users/alice/managed-credentials/ayrshare', { secret: 'alices-managed' });
  const opened = { provider: 'github', scopes: ['repo'] };
  stateToken = (await keyhold.worker.call('POST', '/v1/users/alice/oauth-states', opened)).json.token;
  for (const plane of ['user', 'runtime'] as const) {
    const { caller, path } = PLANES[plane]();
    await caller.call('POST', path, key({ id: 'mallorys-own' }));
  }
  before = await alice();
});
afterAll(async () => {
  await keyhold.stop();
});

/** Alice's id, unknown ids and malformed ids, as path segments. */
const NOT_MALLORYS = [
  ALICES,
  ...['nobodys', 'A', '0', '-', '_', ':', 'x'.repeat(128), '00000000-0000-4000-8000-000000000000', 'constructor'],
  ...['x'.repeat(129), 'x'.repeat(4_000), '%20', `%20${ALICES}`, `${ALICES}%20`, `${ALICES}%00`, '%00', '%0D%0A', '~'],
  ...[
    '%E2%80%AE',
    '%F0%9F%94%91',
    `alice%23${ALICES}`,
    `%40${ALICES}`,
    '*',
    "'",
    '%22',
    '%5C',
    '%2E%2E',
    '%2E',
    '{id}',
  ],
  ...[
    '%252F',
    `alice%252F${ALICES}`,
    `%EF%BB%BF${ALICES}`,
    `${ALICES};`,
    `${ALICES},mallorys-own`,
    '%25',
    '__proto__:!',
  ],
];

/** What differs between any two answers: request id and time. */
const withoutInstance = ({ status, headers, text }: Reply): string => {
  const { date: _, 'apigw-requestid': requestId, ...kept } = headers;
  return JSON.stringify([status, kept, text.replace(`"instance":"${requestId}"`, '"instance":""')]);
};

/** One user per plane, so that both are at version 1. */
const PLANES = {
  user: () => ({ caller: keyhold.user('mallory'), path: '/v1/me/credentials' }),
  runtime: () => ({ caller: keyhold.worker, path: '/v1/users/moriarty/credentials' }),
};
const REQUESTS: [method: string, body?: object, headers?: Record<string, string>][] = [
  ['GET'],
  ['PUT', key({ apiKey: 'mallorys' })],
  ['PATCH', { title: 'Mallory’s' }],
  ['DELETE'],
  ['PUT', key({ apiKey: 'mallorys' }), { 'if-match': '"v1"' }],
  ['PATCH', { title: 'Mallory’s' }, { 'if-match': '"v1"' }],
  ['DELETE', undefined, { 'if-match': '"v1"' }],
];

describe.each(['user', 'runtime'] as const)('on the %s plane', (plane) => {
  it.each(REQUESTS)('%s answers the same 404 to every id of another user', async (method, body, headers) => {
    const { caller, path } = PLANES[plane]();
    const replies = await Promise.all(NOT_MALLORYS.map((id) => caller.call(method, `${path}/${id}`, body, headers)));
    expect(replies.map((reply) => [reply.status, reply.json?.code])).toEqual(
      NOT_MALLORYS.map(() => [404, 'credential_not_found']),
    );
    expect([...new Set(replies.map(withoutInstance))]).toHaveLength(1);
    expect(await alice()).toEqual(before);
  });

  it('lists only credentials of the user, whatever the query', async () => {
    const { caller, path } = PLANES[plane]();
    for (const query of ['', '?userId=alice', '?sub=alice', '?provider=openai&userId=alice', '?user=alice&id=*']) {
      const headers = { 'x-user-id': 'alice', 'x-amzn-oidc-identity': 'alice', cookie: 'sub=alice' };
      const { json } = await caller.call('GET', path + query, undefined, headers);
      const own = json.credentials.filter((view: { source: string }) => view.source === 'user');
      expect(own.map((view: { id: string }) => view.id)).toEqual(['mallorys-own']);
    }
  });

  it('stores and deletes an id that another user has too', async () => {
    const { caller, path } = PLANES[plane]();
    expect((await caller.call('POST', path, key({ id: ALICES, provider: 'groq' }))).status).toBe(201);
    expect((await caller.call('PUT', `${path}/${ALICES}`, key({ provider: 'groq', title: 'Hers' }))).status).toBe(200);
    expect((await caller.call('GET', `${path}/${ALICES}`)).json).toMatchObject({ provider: 'groq', version: 2 });
    expect((await caller.call('DELETE', `${path}/${ALICES}`)).status).toBe(200);
    expect((await caller.call('GET', `${path}/${ALICES}`)).status).toBe(404);
    expect(await alice()).toEqual(before);
  });
});

describe('a user', () => {
  it('is refused on the runtime plane, for any user', async () => {
    for (const path of ['/v1/users/alice/credentials', '/v1/users/mallory/credentials', '/v1/system/credentials']) {
      expect((await keyhold.user('mallory').call('GET', path)).status).toBe(403);
    }
  });

  it.each([{ userId: 'alice' }, { sub: 'alice' }, { user: 'alice' }, { owner: 'alice' }])(
    'cannot name another user in a body: %j',
    async (field) => {
      const reply = await keyhold.user('mallory').call('POST', '/v1/me/credentials', key(field));
      expect(reply.json).toMatchObject({ status: 400, code: 'invalid_request' });
      expect(await alice()).toEqual(before);
    },
  );
});

describe('a worker acting for one user', () => {
  const version = async () => (await keyhold.worker.call('GET', '/v1/users/mallory/credentials')).json.version;
  const edit = async (body: object) =>
    keyhold.worker.call('POST', '/v1/users/mallory/edit', body, { 'if-match': `"v${await version()}"` });

  it('cannot edit a credential of another user', async () => {
    const unknown = await edit({ delete: ['nobodys'] });
    const foreign = await edit({ delete: [ALICES] });
    expect(foreign.json).toMatchObject({ status: 404, code: 'credential_not_found' });
    expect(withoutInstance(foreign).replace(ALICES, 'nobodys').replace(/"\d+"/, '')).toBe(
      withoutInstance(unknown).replace(/"\d+"/, ''),
    );
    expect((await edit({ put: [key({ id: ALICES })] })).status).toBe(200);
    expect((await edit({ delete: [ALICES] })).status).toBe(200);
    expect(await alice()).toEqual(before);
  });

  it.each([ALICES, 'nobodys'])('cannot resolve %s', async (credentialId) => {
    const { json } = await keyhold.worker.call('POST', '/v1/users/mallory/resolve', { credentialId });
    expect(json).toMatchObject({ status: 404, code: 'not_connected' });
  });

  it('sees no managed key of another user', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { json } = await keyhold.worker.call(method, '/v1/users/mallory/managed-credentials/ayrshare');
      expect(json).toMatchObject({ status: 404, code: 'credential_not_found' });
    }
    expect(await alice()).toEqual(before);
  });

  it('cannot consume a state of another user, and leaves it usable', async () => {
    const consume = (user: string, given: object = {}) =>
      keyhold.worker.call('POST', `/v1/users/${user}/oauth-states/consume`, {
        token: stateToken,
        provider: 'github',
        ...given,
      });
    const refused = [await consume('mallory'), await consume('alice', { provider: 'google' })];
    const unknown = await consume('alice', { token: 'x'.repeat(43) });
    expect(refused.map(withoutInstance)).toEqual([withoutInstance(unknown), withoutInstance(unknown)]);
    expect(unknown.json).toMatchObject({ status: 400, code: 'state_invalid' });
    expect((await consume('alice')).status).toBe(200);
  });

  it('erases no other user', async () => {
    expect((await keyhold.worker.call('DELETE', '/v1/users/mallory')).status).toBe(200);
    expect(await alice()).toEqual(before);
  });
});
