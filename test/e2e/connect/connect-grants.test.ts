// How token requests are sent and replies are read: each provider has its own format, and no part of a reply is trusted before
// it is checked.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { connect, makeConnector, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const ODD_SECRET = 'a:b+c%d e/f~é"';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const { url } = provider;
  keyhold = await startConnecting({
    acme: provider.entry('acme'),
    json: provider.entry('json', { tokenRequestFormat: 'json', extraTokenParams: { audience: 'api' } }),
    raw: provider.entry('raw', { clientAuth: 'client_secret_basic_raw', clientSecret: ODD_SECRET }),
    basic: provider.entry('basic', { clientAuth: 'client_secret_basic', clientSecret: ODD_SECRET }),
    open: provider.entry('open', { clientSecret: undefined }),
    nested: provider.entry('nested', { tokenReplyPath: 'authed_user', identityIdPath: 'authed_user.id' }),
    timeless: provider.entry('timeless', { accessTokenLifetimeSeconds: null }),
    daily: provider.entry('daily', { accessTokenLifetimeSeconds: 86_400 }),
    asked: provider.entry('asked', {
      identityEndpoint: `${url}/asked/me`,
      identityIdPath: 'data.id',
      identityNamePath: 'data.name',
    }),
  });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

let users = 0;
const newUser = () => makeConnector(keyhold, users % 2 ? 'user' : 'runtime', `grants-${++users}`);
const sent = (name: string) => {
  const [request] = provider.requests(`/${name}/token`);
  if (!request) throw new Error('nothing was sent');
  return request;
};

describe('a token request', () => {
  it('is JSON when the record says so', async () => {
    await connect(keyhold, newUser(), { provider: 'json' });
    const { headers, body } = sent('json');
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({
      ...{ grant_type: 'authorization_code', code: 'code-1', audience: 'api' },
      ...{ client_id: 'client-of-json', client_secret: 'secret-of-json' },
    });
  });

  it.each([
    ['raw', `client-of-raw:${ODD_SECRET}`],
    ['basic', `client-of-basic:${new URLSearchParams([['', ODD_SECRET]]).toString().slice(1)}`],
  ])('has the client credentials of %s exactly in its header, and not in its body', async (name, pair) => {
    await connect(keyhold, newUser(), { provider: name });
    const { headers, form } = sent(name);
    expect(headers.authorization).toBe(`Basic ${Buffer.from(pair).toString('base64')}`);
    expect(form).not.toHaveProperty('client_secret');
  });

  it('of a client without a secret has only its id', async () => {
    await connect(keyhold, newUser(), { provider: 'open' });
    expect([sent('open').form.client_id, sent('open').form.client_secret]).toEqual(['client-of-open', undefined]);
    expect(sent('open').headers.authorization).toBeUndefined();
  });
});

const LIFETIMES: [name: string, expiresIn: unknown, seconds: number | null][] = [
  ['acme', 1_800, 1_800],
  ['acme', '1800', 1_800],
  ['acme', 90.7, 90],
  ...[undefined, null, 0, -1, '', '-5', 'soon', '1e3', 1e308, [60], {}, true].map((odd): [string, unknown, number] => [
    'acme',
    odd,
    3_600,
  ]),
  ['daily', undefined, 86_400],
  ['daily', -1, 86_400],
  ['timeless', undefined, null],
  ['timeless', 60, 60],
];

describe('a token reply', () => {
  it.each([
    [
      'as a form',
      'acme',
      'access_token=form-token&scope=read%2Cadmin&token_type=bearer',
      'form-token',
      ['read', 'admin'],
    ],
    [
      'nested',
      'nested',
      { access_token: 'bot', authed_user: { id: 'U1', access_token: 'mine', scope: 'a' } },
      'mine',
      ['a'],
    ],
    [
      'with status 201 and no token type',
      'acme',
      { access_token: 'no-type', scope: ['x', 'y'] },
      'no-type',
      ['x', 'y'],
    ],
    [
      'with an unusual token type',
      'acme',
      { access_token: 'odd', token_type: 'authed_user', scope: 'a' },
      'odd',
      ['a'],
    ],
  ])('is read %s', async (_, name, body, accessToken, scopes) => {
    provider.answer(`/${name}/token`, { status: 201, body });
    const user = newUser();
    const { status, json } = await connect(keyhold, user, { provider: name });
    expect([status, json.scopes]).toEqual([201, scopes]);
    expect((await user.resolve({ provider: name })).json.headers).toEqual({ authorization: `Bearer ${accessToken}` });
  });

  it.each([
    ['commas', 'read,write', ['read', 'write']],
    ['commas and spaces, twice and too many', ' read,, write  read ', ['read', 'write']],
    ['nothing', '', []],
    ['fewer than requested', 'read', ['read']],
    ['no scope at all', undefined, ['read', 'write', 'extra']],
    ['null', null, ['read', 'write', 'extra']],
    ['a value that is not a string', 7, ['read', 'write', 'extra']],
  ])('with %s as scopes is stored with the scopes granted', async (_, scope, expected) => {
    provider.grants('acme', { scope });
    const { json } = await connect(keyhold, newUser(), { scopes: ['read', 'write', 'extra'] });
    expect(json.scopes).toEqual(expected);
  });

  it('with fewer scopes than requested is stored as such, and resolve names the missing ones', async () => {
    provider.grants('acme', { scope: 'read' });
    const user = newUser();
    await connect(keyhold, user, { scopes: ['read', 'write', 'admin'] });
    const short = await user.resolve({ provider: 'acme', scopes: ['read', 'write', 'admin'] });
    expect(refusal(short)).toEqual([409, 'insufficient_scopes']);
    expect(short.json.missingScopes).toEqual(['write', 'admin']);
    expect((await user.resolve({ provider: 'acme', scopes: ['read'] })).status).toBe(200);
  });

  it.each(LIFETIMES)('of %s with expires_in %j is valid for %j seconds', async (name, expiresIn, seconds) => {
    const startedAt = Date.now();
    provider.grants(name, { expires_in: expiresIn });
    const { status, json } = await connect(keyhold, newUser(), { provider: name });
    expect(status).toBe(201);
    if (seconds === null) return expect(json.expiresAt).toBeNull();
    const expiresAt = Date.parse(json.expiresAt);
    expect(expiresAt).toBeGreaterThanOrEqual(startedAt + seconds * 1000 - 1_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + seconds * 1000 + 1_000);
  });

  it('without a refresh token and a lifetime does not expire', async () => {
    provider.grants('acme', { refresh_token: undefined, expires_in: undefined });
    expect((await connect(keyhold, newUser())).json.expiresAt).toBeNull();
  });

  it.each([
    ['names it', { body: { data: { id: 7, name: 'Ann\u202e\u0000 B' } } }, 'Ann B'],
    ['is down', { status: 503 }, null],
    ['does not answer JSON', { body: '<html>' }, null],
    ['redirects', { status: 302, headers: { location: '/elsewhere' } }, null],
  ])('is stored with or without the account, when the identity endpoint %s', async (_, reply, username) => {
    provider.answer('/asked/me', reply);
    const { status, json } = await connect(keyhold, newUser(), { provider: 'asked' });
    expect([status, json.username]).toEqual([201, username]);
    expect(provider.requests('/asked/me').map(({ headers }) => headers.authorization)).toEqual(['Bearer access-1']);
    expect(provider.requests('/elsewhere')).toEqual([]);
  });
});
