// Every secret of a connection is a canary here: it may appear in the one response or request it belongs in, and nowhere else:
// no other response, no redirect, no output of the server, no event, no file of its folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { type Connector, makeConnector, receiptIn, startConnecting } from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';
import { canary, findCanaries } from '../../support/secrets/canaries.ts';

const RETURN_URL = 'https://app.example.com/connected';
const CALLBACK = 'https://app.example.com/oauth/back';
/** Public text, to prove that the search reaches the rows of the table. */
const SEEN_NAME = 'Ann whom anybody may see';

/** A token of any allowed characters (RFC 6749 appendix A.12). */
const token = () => canary().replace('é', 'e');
const SECRETS = {
  'access token': token(),
  'refresh token': token(),
  'id token': token(),
  'client secret': canary(),
  code: canary(),
  'device code': token(),
};
const canaries = new Map<string, string>(Object.entries(SECRETS));
let made = 0;
/** A secret that the service made: from now on it is searched for too. */
const plant = (kind: string, secret: unknown): string => {
  expect(secret).toMatch(/^[\w-]{43,128}$/);
  canaries.set(`${kind} ${++made}`, secret as string);
  return secret as string;
};

const found = (haystack: string | Uint8Array): string[] => [
  ...new Set(findCanaries(haystack, canaries).map(({ kind }) => kind.replace(/ \d+$/, ''))),
];

const GRANT = {
  access_token: SECRETS['access token'],
  refresh_token: SECRETS['refresh token'],
  id_token: SECRETS['id token'],
  token_type: 'bearer',
  expires_in: 3600,
  account: { id: 'account-1', name: SEEN_NAME },
};
/** A provider that repeats everything it received, and more. */
const LEAKY = {
  error: SECRETS['access token'],
  error_description: JSON.stringify(SECRETS),
  error_uri: `https://acme.example.com/?${new URLSearchParams(SECRETS)}`,
  message: SECRETS['client secret'],
};

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const entry = (name: string, given: object = {}) =>
    provider.entry(name, { clientSecret: SECRETS['client secret'], displayName: name.toUpperCase(), ...given });
  const providers = {
    acme: entry('acme'),
    down: entry('down', { tokenEndpoint: 'http://127.0.0.1:1/token' }),
    // The log names an unusable entry, without its content.
    broken: entry('broken', { sendPkce: SECRETS['client secret'], [SECRETS['access token']]: 1 }),
  };
  keyhold = await startConnecting(providers, {
    ALLOWED_RETURN_URLS: RETURN_URL,
    ALLOWED_CALLBACK_URLS: CALLBACK,
    PROVIDER_TIMEOUT_MS: '500',
    SECRETS_MAX_AGE_SECONDS: '1',
  });
});
beforeEach(() => {
  provider.reset();
  provider.answer('/acme/token', { body: GRANT });
  const device = {
    device_code: SECRETS['device code'],
    user_code: 'ABCD',
    verification_uri: 'https://acme.example.com/',
  };
  provider.answer('/acme/device', { body: device });
});
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

/** Checks that the response contains exactly these canaries, in these headers only. */
const holds = (reply: Reply, body: string[], headers: string[] = []): Reply => {
  expect([reply.status, found(reply.text), found(JSON.stringify(reply.headers))]).toEqual([
    reply.status,
    body,
    headers,
  ]);
  return reply;
};

const start = async (user: Connector, body: Record<string, unknown> = {}): Promise<string> => {
  const reply = await user.start({ provider: 'acme', ...body });
  const state = plant('state', reply.json.state);
  holds(reply, ['state']);
  const url = new URL(reply.json.authorizationUrl);
  expect(found(reply.json.authorizationUrl)).toEqual(['state']);
  expect(url.searchParams.get('state')).toBe(state);
  return state;
};

const park = async (state: string, isRedirected: boolean): Promise<string> => {
  const query = new URLSearchParams({ state, code: SECRETS.code });
  const reply = await keyhold.anonymous.call('GET', `/v1/oauth/callback?${query}`);
  const receipt = plant('receipt', receiptIn(reply));
  if (isRedirected) holds(reply, [], ['state', 'receipt']);
  else holds(reply, ['receipt']);
  return receipt;
};

const plantVerifiers = () => {
  for (const { form } of provider.requests()) if (form.code_verifier) plant('verifier', form.code_verifier);
};

describe('an answer', () => {
  it.each([
    ['with a page', {}],
    ['with a return URL', { returnUrl: RETURN_URL }],
  ])('of a connection %s contains only what belongs in it', async (how, body) => {
    const user = makeConnector(keyhold, 'user', how.replaceAll(' ', '-'));
    const state = await start(user, body);
    const receipt = await park(state, 'returnUrl' in body);
    holds(await keyhold.anonymous.call('GET', `/v1/oauth/callback?state=${state}&code=second`), []);
    holds(await user.complete({ state, receipt: SECRETS.code }), []);
    expect(holds(await user.complete({ state, receipt }), []).status).toBe(201);
    plantVerifiers();
    holds(await user.complete({ state, receipt }), []);
    holds(await keyhold.user(user.userId).call('GET', '/v1/me/credentials'), []);
    holds(await user.resolve({ provider: 'acme' }), ['access token']);
  });

  it("of a connection with the application's own page contains only what belongs in it", async () => {
    const user = makeConnector(keyhold, 'runtime', 'own-page');
    const state = await start(user, { callbackUrl: CALLBACK });
    holds(await user.complete({ state, code: SECRETS.code, iss: 7 }), []);
    expect(holds(await user.complete({ state, code: SECRETS.code }), []).status).toBe(201);
    plantVerifiers();
    holds(await user.complete({ state, code: SECRETS.code }), []);
  });

  it("to a denied connection repeats the state to its return URL, and nothing of the provider's text", async () => {
    const user = makeConnector(keyhold, 'user', 'denied');
    for (const [body, headers] of [[{}, []] as const, [{ returnUrl: RETURN_URL }, ['state']] as const]) {
      const state = await start(user, body);
      const query = new URLSearchParams({ ...LEAKY, state });
      holds(await keyhold.anonymous.call('GET', `/v1/oauth/callback?${query}`), [], [...headers]);
      holds(await user.complete({ state, receipt: SECRETS.code }), []);
    }
  });

  it.each([
    ['an error', { status: 400, body: LEAKY }],
    ['an error with status 200', { body: { ...GRANT, ...LEAKY } }],
    ['a fault', { status: 500, body: JSON.stringify({ ...GRANT, ...LEAKY }) }],
    ['a body that is not JSON', { body: `{"access_token": "${SECRETS['access token']}` }],
    ['a token that cannot be sent', { body: { ...GRANT, access_token: `${SECRETS['access token']}\n` } }],
    [
      'a redirect',
      { status: 302, headers: { location: `/elsewhere?token=${encodeURIComponent(SECRETS['access token'])}` } },
    ],
    ['no answer', { silent: true }],
  ])('after the token endpoint sent %s contains none of it', async (what, reply) => {
    const user = makeConnector(keyhold, 'user', what.replaceAll(' ', '-'));
    const state = await start(user);
    const receipt = await park(state, false);
    provider.answer('/acme/token', reply);
    expect(holds(await user.complete({ state, receipt }), []).status).toBe(502);
    plantVerifiers();
    expect(provider.requests().map(({ path }) => path)).toEqual(['/acme/token']);
  });

  it('after the provider was down contains no secret', async () => {
    const user = makeConnector(keyhold, 'runtime', 'down');
    const state = await start(user, { provider: 'down' });
    const receipt = await park(state, false);
    expect(holds(await user.complete({ state, receipt }), []).status).toBe(502);
  });

  it('of a device connection contains its state, never the device code', async () => {
    const user = makeConnector(keyhold, 'user', 'device');
    const started = await user.startDevice({ provider: 'acme' });
    const state = plant('state', started.json.state);
    holds(started, ['state']);
    expect(holds(await user.poll({ state }), []).json.status).toBe('approved');
    provider.answer('/acme/device', { status: 400, body: LEAKY });
    holds(await user.startDevice({ provider: 'acme' }), []);
    provider.answer('/acme/device', { body: { device_code: SECRETS['device code'], user_code: `${SECRETS.code}\n` } });
    holds(await user.startDevice({ provider: 'acme' }), []);
  });

  it("to a disconnection contains nothing of the provider's text", async () => {
    const user = makeConnector(keyhold, 'user', 'disconnected');
    const state = await start(user);
    const { json } = await user.complete({ state, receipt: await park(state, false) });
    provider.answer('/acme/revoke', { status: 400, body: LEAKY });
    expect(holds(await user.remove(json.id), []).json).toMatchObject({ deleted: true, revoked: false });
    expect(provider.requests('/acme/revoke')).toHaveLength(2);
  });

  it('about the providers contains no client secret', async () => {
    const list = () => keyhold.user('anybody').call('GET', '/v1/providers');
    await expect.poll(async () => (await list()).text, { timeout: 60_000, interval: 200 }).toContain('ACME');
    holds(await list(), []);
    holds(await keyhold.anonymous.call('GET', '/_local/events'), []);
  });
});

describe('after all these requests', () => {
  it('every kind of secret was searched for', () => {
    const kinds = new Set([...canaries.keys()].map((kind) => kind.replace(/ \d+$/, '')));
    expect([...kinds]).toEqual([...Object.keys(SECRETS), 'state', 'receipt', 'verifier']);
    expect(made).toBeGreaterThan(25);
  });

  it('neither the output of the server nor any file of its folder contains one', async () => {
    await keyhold.stop();
    const printed = keyhold.stdout() + keyhold.stderr();
    for (const word of ['provider_rejected', 'POST /v1/me/connections/complete', 'invalid provider entries skipped'])
      expect(printed).toContain(word);
    expect(found(printed)).toEqual([]);
    const files = readdirSync(keyhold.home, { withFileTypes: true }).filter((entry) => entry.isFile());
    const contents = files.map(({ name }) => [name, readFileSync(join(keyhold.home, name))] as const);
    expect(contents.some(([name, bytes]) => name.startsWith('table.db') && bytes.includes(SEEN_NAME))).toBe(true);
    expect(contents.flatMap(([name, bytes]) => found(bytes).map((kind) => [name, kind]))).toEqual([]);
    expect(found(readFileSync(join(keyhold.home, 'secrets', 'oauth-clients.json')))).toContain('client secret');
  });
});
