// Providers as they really are: each is connected by its own habits, and then called from the answer of resolve alone.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  type Connector,
  comeBack,
  makeConnector,
  PLANES,
  receiptFor,
  receiptIn,
  refusal,
  startConnecting,
} from '../../support/providers/connect-flow.ts';

interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  form: Record<string, string>;
}

type Answer = (request: Seen) => unknown;

/** A server at loopback that answers by path; what it has no answer for is a 404. */
const startStub = async () => {
  const answers = new Map<string, Answer>();
  const requests: Seen[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const seen = { method, path: url, headers, form };
    requests.push(seen);
    const answer = answers.get(url.split('?')[0] ?? '');
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ? answer(seen) : {}));
  };
  const server: Server = createServer((request, response) => void serve(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, answers, requests, close: () => server.close() };
};
type Stub = Awaited<ReturnType<typeof startStub>>;

let login: Stub;
let instance: Stub;
let other: Stub;
let keyhold: Keyhold;

const entry = (name: string, fields: object = {}) => ({
  clientId: `client-of-${name}`,
  clientSecret: `secret-of-${name}`,
  authorizationEndpoint: `${login.url}/${name}/authorize`,
  tokenEndpoint: `${login.url}/${name}/token`,
  ...fields,
});

const INSTANCE = { name: 'instanceUrl', from: 'token_reply', path: 'instance_url' };

beforeAll(async () => {
  [login, instance, other] = await Promise.all([startStub(), startStub(), startStub()]);
  keyhold = await startConnecting({
    salesforce: entry('salesforce', { apiBaseUrl: '{instanceUrl}', keeps: [INSTANCE] }),
    quickbooks: entry('quickbooks', {
      apiBaseUrl: `${instance.url}/v3/company/{realmId}`,
      keeps: [{ name: 'realmId', from: 'callback', path: 'realmId', pattern: '\\d{1,20}' }],
    }),
    slack: entry('slack', {
      apiBaseUrl: `${instance.url}/api`,
      revocationStyle: 'post_bearer',
      revocationEndpoint: `${login.url}/slack/revoke`,
      keeps: [
        { name: 'teamId', from: 'token_reply', path: 'team.id' },
        { name: 'botUserId', from: 'token_reply', path: 'bot_user_id' },
        { name: 'botToken', from: 'token_reply', path: 'access_token', secret: true },
        { name: 'webhookUrl', from: 'token_reply', path: 'incoming_webhook.url', secret: true },
      ],
    }),
    zoho: entry('zoho', {
      authorizationEndpoint: `${login.url}/zoho-{domain}/authorize`,
      tokenEndpoint: `${login.url}/zoho-{domain}/token`,
      apiBaseUrl: '{apiDomain}',
      templateVariables: { domain: { pattern: 'us|eu', default: 'us' } },
      callbackTenant: { param: 'location', variable: 'domain' },
      keeps: [{ name: 'apiDomain', from: 'token_reply', path: 'api_domain' }],
    }),
    sites: entry('sites', {
      identityEndpoint: `${login.url}/me`,
      identityIdPath: 'id',
      tenantsEndpoint: `${login.url}/sites`,
      apiBaseUrl: `${instance.url}/ex/{cloudId}`,
      keeps: [
        { name: 'cloudId', from: 'tenants', path: '0.id' },
        { name: 'cloudIds', from: 'tenants', path: '*.id' },
        { name: 'region', from: 'identity', path: 'region' },
      ],
    }),
    listed: entry('listed', {
      identityEndpoint: `${login.url}/sites`,
      identityIdPath: '0.id',
      keeps: [{ name: 'first', from: 'identity', path: '0.id' }],
    }),
  });
});
afterAll(async () => {
  await keyhold.stop();
  for (const stub of [login, instance, other]) stub.close();
});

let tokens = 0;
/** The token endpoint answers with these fields besides a new token. */
const grants = (name: string, fields: (request: Seen) => object) =>
  login.answers.set(`/${name}/token`, (request) => {
    tokens += 1;
    const token = { access_token: `token-${tokens}`, refresh_token: `refresh-${tokens}`, expires_in: 3_600 };
    return { ...token, ...fields(request) };
  });

beforeEach(() => {
  for (const stub of [login, instance, other]) {
    stub.requests.length = 0;
    stub.answers.clear();
  }
  // The API echoes who called it.
  for (const path of [
    '/services/data',
    '/v3/company/4620816365/companyinfo',
    '/api/auth.test',
    '/crm/Leads',
    '/ex/site-1/myself',
  ])
    for (const stub of [instance, other])
      stub.answers.set(path, ({ headers }) => ({ authorization: headers.authorization }));
});

let users = 0;
const newUser = () => makeConnector(keyhold, PLANES[users % 2] ?? 'user', `caller-${++users}`);

/** Connects; the browser comes back with these parameters besides code and state. */
const connectWith = async (user: Connector, provider: string, back: Record<string, string> = {}): Promise<Reply> => {
  const { state } = await user.begin({ provider });
  return user.complete({ state, receipt: await receiptFor(keyhold, { state, code: `code-${state}`, ...back }) });
};

/** Replaces the access token by one that has expired, so that the next use refreshes. */
const expire = async (user: Connector, provider: string): Promise<void> => {
  const [{ id, scopes }] = await user.own();
  const expired = { accessToken: 'old', accessTokenExpiresAt: '2020-01-01T00:00:00.000Z', scopes };
  const path = `/v1/users/${user.userId}/credentials/${id}`;
  const { status } = await keyhold.worker.call('PUT', path, { type: 'oauth2', provider, ...expired });
  expect(status).toBe(200);
};

/** Calls the API with what resolve answers, and nothing else. */
const call = async (user: Connector, provider: string, path: string) => {
  const { status, json, text: body } = await user.resolve({ provider });
  expect([status, status === 200 ? '' : body]).toEqual([200, '']);
  const response = await fetch(json.baseUrl + path, { headers: json.headers });
  return { status: response.status, body: await response.json(), resolved: json };
};

describe('Salesforce', () => {
  it('is called at the instance that the token reply names, and a refresh moves it', async () => {
    grants('salesforce', () => ({ instance_url: instance.url }));
    const user = newUser();
    const connected = await connectWith(user, 'salesforce');
    expect([connected.status, connected.json.data]).toEqual([201, { instanceUrl: instance.url }]);
    const first = await call(user, 'salesforce', '/services/data');
    expect([first.status, first.body]).toEqual([200, { authorization: first.resolved.headers.authorization }]);
    grants('salesforce', () => ({ instance_url: `${other.url}/` }));
    await expire(user, 'salesforce');
    expect((await call(user, 'salesforce', '/services/data')).resolved.baseUrl).toBe(other.url);
    expect(other.requests[0]?.path).toBe('/services/data');
    expect((await user.own())[0].data).toEqual({ instanceUrl: other.url });
  });

  it('keeps the instance through a refresh that names a hostile one, or none', async () => {
    grants('salesforce', () => ({ instance_url: instance.url }));
    const user = newUser();
    await connectWith(user, 'salesforce');
    for (const fields of [{ instance_url: 'https://10.0.0.1' }, {}, { instance_url: `${other.url}/evil` }]) {
      grants('salesforce', () => fields);
      await expire(user, 'salesforce');
      const { resolved } = await call(user, 'salesforce', '/services/data');
      expect([resolved.baseUrl, resolved.credential.data]).toEqual([instance.url, { instanceUrl: instance.url }]);
    }
  });

  it.each([
    'https://10.0.0.1',
    'https://169.254.169.254',
    'http://example.com',
    'https://na1.example.com/path',
    'https://user@na1.example.com',
    'https://na1.example.com?x=1',
    'ftp://na1.example.com',
    'https://na1',
    'na1.example.com',
    '../..',
  ])('of a hostile instance %s stores nothing', async (hostile) => {
    grants('salesforce', () => ({ instance_url: hostile }));
    const user = newUser();
    expect(refusal(await connectWith(user, 'salesforce'))).toEqual([502, 'provider_rejected']);
    expect(await user.own()).toEqual([]);
  });

  it('answers its token for no URL outside the instance', async () => {
    grants('salesforce', () => ({ instance_url: instance.url }));
    const user = newUser();
    await connectWith(user, 'salesforce');
    expect((await user.resolve({ provider: 'salesforce', url: `${instance.url}/services` })).status).toBe(200);
    const elsewhere = await user.resolve({ provider: 'salesforce', url: `${other.url}/services` });
    expect(refusal(elsewhere)).toEqual([400, 'url_not_allowed']);
  });
});

describe('QuickBooks', () => {
  it('is called for the company that the callback names', async () => {
    grants('quickbooks', () => ({}));
    const user = newUser();
    const { json } = await connectWith(user, 'quickbooks', { realmId: '4620816365' });
    expect(json.data).toEqual({ realmId: '4620816365' });
    const { status, body, resolved } = await call(user, 'quickbooks', '/companyinfo');
    expect([status, body]).toEqual([200, { authorization: resolved.headers.authorization }]);
    expect(resolved.baseUrl).toBe(`${instance.url}/v3/company/4620816365`);
  });

  it.each(['../../admin', 'a', '1/2', '1?x=y', '%2e%2e', '1'.repeat(21)])('takes no company %s', async (realmId) => {
    grants('quickbooks', () => ({}));
    const user = newUser();
    expect(refusal(await connectWith(user, 'quickbooks', { realmId }))).toEqual([400, 'state_invalid']);
    expect([await user.own(), login.requests]).toEqual([[], []]);
  });

  it('takes the parameter once only', async () => {
    const { state } = await newUser().begin({ provider: 'quickbooks' });
    const back = [
      ['state', state],
      ['code', 'c'],
      ['realmId', '1'],
      ['realmId', '2'],
    ] as [string, string][];
    expect(receiptIn(await comeBack(keyhold, back))).toBeUndefined();
  });
});

describe('Slack', () => {
  const reply = (fields: object = {}) => ({
    ok: true,
    access_token: 'xoxb-bot',
    refresh_token: undefined,
    expires_in: undefined,
    team: { id: 'T1', name: 'Team' },
    bot_user_id: 'B1',
    authed_user: { id: 'U1', access_token: 'xoxp-user', token_type: 'user', scope: 'chat:write' },
    incoming_webhook: { url: 'https://hooks.example.com/services/T/B/canary', channel: '#general' },
    ...fields,
  });

  it('is called as the user, and gives team and bot to all, its token and webhook to workers only', async () => {
    grants('slack', () => reply());
    const user = newUser();
    const { json, text: view } = await connectWith(user, 'slack');
    expect(json.data).toEqual({ teamId: 'T1', botUserId: 'B1' });
    expect(view).not.toMatch(/canary|xoxb|xoxp/);
    const { body, resolved } = await call(user, 'slack', '/auth.test');
    expect(body).toEqual({ authorization: 'Bearer xoxp-user' });
    expect(resolved.credential.secret).toEqual({
      accessToken: 'xoxp-user',
      data: { botToken: 'xoxb-bot', webhookUrl: 'https://hooks.example.com/services/T/B/canary' },
    });
    const seen = await keyhold.user(user.userId).call('GET', '/v1/me/credentials');
    expect(seen.text).not.toMatch(/canary|xoxb|xoxp/);
  });

  it('without a webhook has none', async () => {
    grants('slack', () => reply({ incoming_webhook: undefined, access_token: undefined }));
    const user = newUser();
    await connectWith(user, 'slack');
    expect((await user.resolve({ provider: 'slack' })).json.credential.secret).toEqual({ accessToken: 'xoxp-user' });
  });
});

describe('a data centre that the callback names', () => {
  it.each([
    ['eu', '/zoho-eu/token'],
    ['us', '/zoho-us/token'],
  ])('%s gets the code, the refresh and the calls', async (location, path) => {
    for (const name of ['zoho-eu', 'zoho-us']) grants(name, () => ({ api_domain: instance.url }));
    const user = newUser();
    const { json } = await connectWith(user, 'zoho', { location });
    expect(json.data).toEqual({ domain: location, apiDomain: instance.url });
    await expire(user, 'zoho');
    expect((await call(user, 'zoho', '/crm/Leads')).status).toBe(200);
    const asked = login.requests.map((request) => [request.path, request.form.grant_type]);
    expect(asked).toEqual([
      [path, 'authorization_code'],
      [path, 'refresh_token'],
    ]);
  });

  it('that is none of the record’s gets nothing, and the state stays usable', async () => {
    grants('zoho-us', () => ({}));
    const user = newUser();
    const { state } = await user.begin({ provider: 'zoho' });
    const receipt = await receiptFor(keyhold, { state, code: 'c', location: 'evil.example.com/' });
    expect(refusal(await user.complete({ state, receipt }))).toEqual([400, 'state_invalid']);
    expect(login.requests).toEqual([]);
  });
});

describe('what is asked for after connecting', () => {
  it('is kept of a list, with the account of another endpoint', async () => {
    grants('sites', () => ({}));
    login.answers.set('/me', () => ({ id: 'account-1', region: 'eu' }));
    login.answers.set('/sites', () => [{ id: 'site-1' }, { id: 'site-2' }]);
    const user = newUser();
    const { json } = await connectWith(user, 'sites');
    expect(json.data).toEqual({ region: 'eu', cloudId: 'site-1', cloudIds: 'site-1,site-2' });
    expect((await call(user, 'sites', '/myself')).status).toBe(200);
  });

  it('is left out when the endpoint fails, and kept from before when the same account connects again', async () => {
    grants('sites', () => ({}));
    login.answers.set('/me', () => ({ id: 'account-1' }));
    const user = newUser();
    expect((await connectWith(user, 'sites')).json.data).toBeNull();
    login.answers.set('/sites', () => [{ id: 'site-1' }]);
    expect((await connectWith(user, 'sites')).json.data).toMatchObject({ cloudId: 'site-1' });
    login.answers.delete('/sites');
    const again = await connectWith(user, 'sites');
    expect([again.status, again.json.data.cloudId]).toEqual([200, 'site-1']);
  });

  it('names the account in a list, too', async () => {
    grants('listed', () => ({}));
    login.answers.set('/sites', () => [{ id: 'org-1' }]);
    const user = newUser();
    expect((await connectWith(user, 'listed')).json.data).toEqual({ first: 'org-1' });
    // The account is known, so connecting it again merges.
    expect((await connectWith(user, 'listed')).status).toBe(200);
  });
});

describe('the metadata of a connection', () => {
  it('is answered to workers, and to nobody else', async () => {
    grants('listed', () => ({}));
    const user = newUser();
    const { state } = await user.begin({ provider: 'listed', metadata: { plan: 'metadata-canary' } });
    const done = await user.complete({ state, receipt: await receiptFor(keyhold, { state, code: 'c' }) });
    expect(done.text).not.toContain('canary');
    const { credential } = (await user.resolve({ provider: 'listed' })).json;
    expect(credential.metadata).toEqual({ plan: 'metadata-canary' });
    const one = await keyhold.worker.call('GET', `/v1/users/${user.userId}/credentials/${credential.id}`);
    expect(one.json.metadata).toEqual({ plan: 'metadata-canary' });
  });
});
