// Rotation under load of the customer key, the system keys and an OAuth client's secret: no call fails, the new value is served
// once the cache expires, and a malformed secret changes nothing (D7, D8).
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { type LoadedCall, type SteadyLoad, startLoad } from '../../support/http/steady-load.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';
import { type RotatingKms, startRotatingKms } from '../../support/secrets/rotating-kms.ts';

const MAX_AGE_SECONDS = 1;
/** A hang limit. */
const SHOWS_WITHIN = { timeout: 60_000, interval: 50 };
/** Long enough that a stored token is valid throughout the test. */
const TOKEN_SECONDS = 300;

const home = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'keyhold-rotation-'));
const secretFile = (name: string) => join(home, 'secrets', `${name}.json`);
const setSystemKey = (value: string) =>
  writeFileSync(secretFile('system-keys'), JSON.stringify({ groq_api_key: value }));
const setClientSecret = (clientSecret: string) =>
  writeFileSync(secretFile('oauth-clients'), JSON.stringify({ acme: provider.entry('acme', { clientSecret }) }));
/** Writes half a JSON document, as an interrupted editor would. */
const halfWrite = (name: string) => writeFileSync(secretFile(name), '{"groq_api_key": "gsk-ha');

let kms: RotatingKms;
let provider: MisbehavingProvider;
let keyhold: Keyhold;

const start = () =>
  startKeyhold({
    home,
    env: {
      AWS_ENDPOINT_URL_KMS: kms.endpoint,
      KMS_KEY_ID: kms.keyArn,
      SECRETS_MAX_AGE_SECONDS: String(MAX_AGE_SECONDS),
    },
  });

beforeAll(async () => {
  mkdirSync(join(home, 'secrets'));
  kms = await startRotatingKms(home);
  provider = await startMisbehavingProvider();
  setSystemKey('gsk-0');
  setClientSecret('client-secret-0');
  keyhold = await start();
});
afterAll(async () => {
  await keyhold.stop();
  kms.close();
  provider.close();
});

const expectNoFault = (calls: readonly LoadedCall[]) => {
  expect(calls.filter(({ reply }) => reply.status >= 300).map(({ lane, reply }) => [lane, reply.text])).toEqual([]);
};

const resolve = (user: string, body: object) => keyhold.worker.call('POST', `/v1/users/${user}/resolve`, body);

describe('the customer key, rotated under load', () => {
  const stored: string[] = [];
  const opened = async (id: string) =>
    (await keyhold.worker.call('GET', `/v1/users/alice/credentials/${id}`)).json?.secret;

  const add = (lane: string) => async (round: number) => {
    const id = `${lane}-${round}`;
    const body = { type: 'api_key', provider: 'openai', id, apiKey: `secret of ${id}` };
    const reply = await keyhold.worker.call('POST', '/v1/users/alice/credentials', body);
    if (reply.status === 201) stored.push(id);
    return reply;
  };

  it('fails no call', async () => {
    const load = startLoad({
      one: add('one'),
      two: add('two'),
      reader: () => resolve('alice', { provider: 'openai', credentialId: stored[0] ?? 'one-0' }),
    });
    for (let rotation = 1; rotation <= 2; rotation++) {
      const enough = stored.length + 10;
      await expect.poll(() => stored.length, SHOWS_WITHIN).toBeGreaterThan(enough);
      await kms.rotate();
    }
    const enough = stored.length + 10;
    await expect.poll(() => stored.length, SHOWS_WITHIN).toBeGreaterThan(enough);
    await load.stop();
    // The reader may have called before the first credential was stored.
    expectNoFault(load.calls.filter(({ reply }) => reply.json?.code !== 'not_connected'));
  });

  it('leaves everything sealed before, between and after readable by a new process', async () => {
    await keyhold.stop();
    keyhold = await start();
    for (const id of stored) expect(await opened(id)).toEqual({ apiKey: `secret of ${id}` });
  });
});

describe('a system key, rotated under load', () => {
  const valueIn = ({ reply }: LoadedCall): string => reply.json.credential.secret.apiKey;

  it('is served after it is written, never partly, and the old one never again', async () => {
    const users = ['u1', 'u2', 'u3'];
    const load = startLoad(Object.fromEntries(users.map((user) => [user, () => resolve(user, { provider: 'groq' })])));
    const latest = () =>
      users.map((user) => {
        const call = load.calls.findLast(({ lane }) => lane === user);
        return call && valueIn(call);
      });
    const served = (value: string) => users.map(() => value);
    await expect.poll(latest, SHOWS_WITHIN).toEqual(served('gsk-0'));
    for (let rotation = 1; rotation <= 3; rotation++) {
      halfWrite('system-keys');
      await sleep(1.5 * MAX_AGE_SECONDS * 1000);
      expect(latest()).toEqual(served(`gsk-${rotation - 1}`));
      setSystemKey(`gsk-${rotation}`);
      await expect.poll(latest, SHOWS_WITHIN).toEqual(served(`gsk-${rotation}`));
    }
    await load.stop();
    expectNoFault(load.calls);
    for (const user of users) {
      const values = load.calls.filter(({ lane }) => lane === user).map(valueIn);
      expect(values).toEqual(values.toSorted());
      expect(new Set(values)).toEqual(new Set(['gsk-0', 'gsk-1', 'gsk-2', 'gsk-3']));
    }
  });
});

describe("a client's secret, rotated under load", () => {
  const users = ['r1', 'r2', 'r3', 'r4'];
  let taken: string;
  let load: SteadyLoad;

  beforeEach(async () => {
    taken = 'client-secret-0';
    let given = 0;
    provider.answer('/acme/token', ({ form }) => {
      if (form.client_secret !== taken) return { status: 401, body: { error: 'invalid_client' } };
      given++;
      const tokens = { access_token: `access-${given}`, refresh_token: `refresh-${given}` };
      return { body: { ...tokens, token_type: 'bearer', expires_in: TOKEN_SECONDS } };
    });
    const accessTokenExpiresAt = new Date(Date.now() + TOKEN_SECONDS * 1000).toISOString();
    const grant = { type: 'oauth2', provider: 'acme', accessToken: 'access-0', refreshToken: 'refresh-0', scopes: [] };
    for (const user of users) {
      const path = `/v1/users/${user}/credentials`;
      const { status } = await keyhold.worker.call('POST', path, { ...grant, accessTokenExpiresAt });
      expect(status).toBe(201);
    }
  });

  /** Asks for nearly the whole lifetime, so that the token is renewed after a second and stays valid long after. */
  const renewing = { provider: 'acme', minTtlSeconds: TOKEN_SECONDS - 1 };
  const exchangesWith = (secret: string) =>
    provider.requests('/acme/token').filter(({ form }) => form.client_secret === secret).length;
  const freshAgain = () => users.map((user) => load.calls.findLast(({ lane }) => lane === user)?.reply.json.stale);

  it('fails no call, and uses the new secret once it is written', async () => {
    load = startLoad(Object.fromEntries(users.map((user) => [user, () => resolve(user, renewing)])));
    await expect.poll(() => exchangesWith('client-secret-0'), SHOWS_WITHIN).toBeGreaterThan(users.length);
    halfWrite('oauth-clients');
    await sleep(1.5 * MAX_AGE_SECONDS * 1000);
    taken = 'client-secret-1';
    // Long enough that a refresh with the old secret was rejected.
    await sleep(1.5 * MAX_AGE_SECONDS * 1000);
    setClientSecret('client-secret-1');
    await expect.poll(() => exchangesWith('client-secret-1'), SHOWS_WITHIN).toBeGreaterThan(users.length);
    await expect.poll(freshAgain, SHOWS_WITHIN).toEqual(users.map(() => false));
    await load.stop();
    expectNoFault(load.calls);
    const views = await Promise.all(
      users.map((user) => keyhold.worker.call('GET', `/v1/users/${user}/credentials?provider=acme`)),
    );
    for (const { json } of views) expect(json.credentials).toMatchObject([{ status: 'active' }]);
  });
});
