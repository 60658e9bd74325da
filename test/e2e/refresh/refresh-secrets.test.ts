// Every secret of a refresh is a canary, with metrics on: the access token appears only in the answer to resolve, the refresh
// token and the client secret only in requests to the provider, even when the provider echoes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { GRANT, type Holder, makeHolder } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';
import { canary, findCanaries } from '../../support/secrets/canaries.ts';

/** A public value, to prove that the search reads the file that holds the rows. */
const SEEN_TITLE = 'Mine';

/** The characters of a token (RFC 6749 appendix A.12). */
const token = () => canary().replace('é', 'e');
const SECRETS = {
  'access token': token(),
  'new access token': token(),
  'refresh token': token(),
  'new refresh token': token(),
  'client secret': canary(),
  'id token': token(),
};
const canaries = new Map<string, string>(Object.entries(SECRETS));
const found = (haystack: string | Uint8Array): string[] => findCanaries(haystack, canaries).map(({ kind }) => kind);

const GRANTED: ScriptedReply = {
  body: {
    access_token: SECRETS['new access token'],
    refresh_token: SECRETS['new refresh token'],
    id_token: SECRETS['id token'],
    token_type: 'bearer',
    expires_in: 3600,
  },
};
/** A reply that echoes the request and the tokens it would have issued. */
const LEAKY = {
  error_description: JSON.stringify(SECRETS),
  error_uri: `https://acme.example.com/?${new URLSearchParams(SECRETS)}`,
  message: SECRETS['client secret'],
  access_token: SECRETS['new access token'],
  refresh_token: SECRETS['new refresh token'],
};
const leaking = (error: string, status = 400): ScriptedReply => ({ status, body: { ...LEAKY, error } });

let provider: RefreshingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider();
  const entry = provider.entry({ clientSecret: SECRETS['client secret'] });
  const env = { METRICS_NAMESPACE: 'Keyhold', PROVIDER_TIMEOUT_MS: '500', SWEEP_SECONDS: '1' };
  keyhold = await startConnecting({ acme: entry, gone: { ...entry, tokenEndpoint: 'http://127.0.0.1:1/token' } }, env);
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

/** A user whose stored tokens are the canaries, expired by default. */
const planted = async (given: { livesMilliseconds?: number; provider?: string } = {}): Promise<Holder> => {
  const holder = await makeHolder(keyhold, provider, given);
  const tokens = { accessToken: SECRETS['access token'], refreshToken: SECRETS['refresh token'] };
  holds(await holder.replace(holder.body(tokens)), []);
  return holder;
};

/** Asserts that the answer contains exactly these canaries, and its headers none. */
const holds = (reply: Reply, body: string[]): Reply => {
  const { status, text, headers } = reply;
  expect([status, found(text), found(JSON.stringify(headers))]).toEqual([status, body, []]);
  return reply;
};

const checkViews = async ({ userId }: Holder): Promise<void> => {
  const [user, { worker }] = [keyhold.user(userId), keyhold];
  for (const path of ['/v1/me/credentials', `/v1/me/credentials/${GRANT}`]) holds(await user.call('GET', path), []);
  holds(await worker.call('GET', `/v1/users/${userId}/credentials`), []);
};

describe('the answer', () => {
  it('to a successful refresh contains only the new access token, and views contain no secret', async () => {
    provider.answer(GRANTED);
    const holder = await planted();
    expect(holds(await holder.resolve(), ['new access token']).status).toBe(200);
    expect(provider.refreshes[0]?.form.refresh_token).toBe(SECRETS['refresh token']);
    holds(await keyhold.worker.call('GET', `/v1/users/${holder.userId}/credentials/${GRANT}`), ['new access token']);
    await checkViews(holder);
  });

  it.each<[string, ScriptedReply, number]>([
    ['a dead grant', leaking('invalid_grant'), 409],
    ['a dead grant in a good status', leaking('bad_refresh_token', 200), 409],
    ['a client it does not take', leaking('invalid_client', 401), 503],
    ['another refusal', leaking('invalid_request'), 503],
    ['an error that is a token', leaking(SECRETS['refresh token']), 503],
    ['a fault', { status: 500, body: JSON.stringify({ ...LEAKY, trace: SECRETS }) }, 503],
    ['something that is no JSON', { body: `{"access_token": "${SECRETS['new access token']}` }, 503],
    ['a token that cannot be sent', { body: { access_token: `${SECRETS['new access token']}\n` } }, 503],
    [
      'a redirect',
      { status: 302, headers: { location: `/elsewhere?token=${encodeURIComponent(SECRETS['refresh token'])}` } },
      503,
    ],
    ['no answer', { fault: 'silent' }, 503],
    ['half an answer', { fault: 'reset halfway' }, 503],
  ])('to a refresh that gets %s contains no secret', async (_, reply, status) => {
    provider.answer(reply);
    const holder = await planted();
    expect(holds(await holder.resolve(), []).status).toBe(status);
    holds(await holder.resolve(), []);
    await checkViews(holder);
  });

  it('to a refresh at an unreachable provider contains no secret', async () => {
    const holder = await planted({ provider: 'gone' });
    expect(holds(await holder.resolve(), []).status).toBe(503);
    holds(await keyhold.worker.call('GET', `/v1/users/${holder.userId}/credentials/${GRANT}`), ['access token']);
  });

  it('to a deletion contains nothing from the provider', async () => {
    provider.answer(GRANTED);
    const holder = await planted();
    await holder.resolve();
    holds(await holder.remove(), []);
    expect(provider.revoked).toEqual(
      expect.arrayContaining([SECRETS['new access token'], SECRETS['new refresh token']]),
    );
  });
});

describe('after all of that', () => {
  it('the sweep has renewed, failed and marked credentials', async () => {
    const brief = { ...GRANTED, body: { ...(GRANTED.body as object), expires_in: 2 } };
    const swept = async (then: ScriptedReply): Promise<Holder> => {
      provider.answer(brief);
      const holder = await planted();
      await holder.resolve();
      provider.answer(then);
      const asked = provider.refreshes.length;
      await expect.poll(() => provider.refreshes.length, { timeout: 60_000 }).toBeGreaterThan(asked);
      return holder;
    };
    await swept(brief);
    await swept(leaking('temporarily_unavailable'));
    const dead = await swept(leaking('invalid_grant'));
    await expect.poll(async () => (await dead.view()).status, { timeout: 60_000 }).toBe('reconnect_required');
  });

  it('neither output, metrics nor files of the server contain a secret', async () => {
    holds(await keyhold.anonymous.call('GET', '/_local/events'), []);
    await keyhold.stop();
    const printed = keyhold.stdout() + keyhold.stderr();
    for (const word of ['Refreshes', 'Resolves', 'OperatorFaults', 'dead_grant', 'refresh_unavailable', 'sweep ended'])
      expect(printed).toContain(word);
    expect(found(printed)).toEqual([]);
    const files = readdirSync(keyhold.home, { withFileTypes: true }).filter((entry) => entry.isFile());
    const contents = files.map(({ name }) => [name, readFileSync(join(keyhold.home, name))] as const);
    expect(contents.some(([name, bytes]) => name.startsWith('table.db') && bytes.includes(SEEN_TITLE))).toBe(true);
    expect(contents.flatMap(([name, bytes]) => found(bytes).map((kind) => [name, kind]))).toEqual([]);
    expect(found(readFileSync(join(keyhold.home, 'secrets', 'oauth-clients.json')))).toEqual(['client secret']);
  });
});
