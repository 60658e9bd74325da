// Providers that say in their own words that a grant is dead, as the catalogue or an operator's record knows them.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import { makeHolder, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const OWN = {
  deadGrant: [
    { status: 422, path: 'fault.code', equals: 17 },
    { path: 'state', equals: 'revoked' },
  ],
};
const NAMES = ['discord', 'google', 'microsoft', 'reddit', 'twitter'];

let provider: RefreshingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider();
  const known = Object.fromEntries(NAMES.map((name) => [name, provider.entry()]));
  keyhold = await startConnecting({ ...known, acme: provider.entry(), own: provider.entry(OWN) }, WITHOUT_SWEEP);
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const refused = async (name: string, reply: ScriptedReply) => {
  const holder = await makeHolder(keyhold, provider, { provider: name });
  provider.answer(reply);
  return { holder, answer: await holder.resolve() };
};

const bad = (body: object, status = 400): ScriptedReply => ({ status, body });

describe('a refresh refused in the words of the provider', () => {
  it.each<[string, ScriptedReply, string]>([
    ['reddit', bad({ message: 'Bad Request', error: 400 }), '400'],
    ['google', bad({ error: 'admin_policy_enforced' }), 'admin_policy_enforced'],
    ['microsoft', bad({ error: 'interaction_required' }), 'interaction_required'],
    [
      'discord',
      bad({ error: 'invalid_request', error_description: 'Invalid "refresh_token" in request.' }),
      'invalid_request',
    ],
    [
      'twitter',
      bad({ error: 'invalid_request', error_description: 'Value passed for the token was invalid.' }),
      'invalid_request',
    ],
    ['own', bad({ fault: { code: 17 }, code: 'GONE' }, 422), 'GONE'],
    ['own', { body: { state: 'revoked', error_code: 'E9' } }, 'E9'],
  ])('is reconnect_required, with the word: %s', async (name, reply, providerError) => {
    const { holder, answer } = await refused(name, reply);
    expectProblem(answer, 'reconnect_required', { reason: 'invalid_grant', providerError });
    expect((await holder.resolve()).json).not.toHaveProperty('providerError');
    expect(provider.refreshes).toHaveLength(1);
  });

  it.each<[string, ScriptedReply, string | undefined]>([
    ['acme', bad({ error: 'interaction_required' }), 'interaction_required'],
    ['own', bad({ fault: { code: 18 } }, 422), undefined],
    ['twitter', bad({ error: 'invalid_request', error_description: 'Something else.' }), 'invalid_request'],
  ])('marks nothing in words that the record does not know: %s', async (name, reply, providerError) => {
    const { holder, answer } = await refused(name, reply);
    expectProblem(answer, 'refresh_unavailable', providerError === undefined ? {} : { providerError });
    expect(await holder.view()).toMatchObject({ status: 'active', reason: null });
  });

  it('does not answer a word that repeats what was sent', async () => {
    const holder = await makeHolder(keyhold, provider);
    provider.answer(bad({ error: holder.tokens.refreshToken }));
    const answer = await holder.resolve();
    expectProblem(answer, 'refresh_unavailable');
    expect(answer.text).not.toContain(holder.tokens.refreshToken);
  });
});

describe('a refusal after an answer that was lost', () => {
  it.each<[string, ScriptedReply]>([
    ['a connection that ended', { fault: 'reset halfway' }],
    ['a grant that cannot be read', { body: { token_type: 'bearer' } }],
    ['an unknown content coding', { headers: { 'content-encoding': 'aes128gcm' }, body: 'x' }],
  ])('is uncertain_refresh: %s', async (_, lost) => {
    const { holder, answer } = await refused('acme', lost);
    expectProblem(answer, 'refresh_unavailable');
    provider.answer(bad({ error: 'invalid_grant' }));
    await expect.poll(async () => (await holder.resolve()).json.reason, { timeout: 60_000 }).toBe('uncertain_refresh');
    expect(provider.refreshes).toHaveLength(2);
  });

  it('is a new token all the same where the provider grants once more', async () => {
    const { holder } = await refused('acme', { fault: 'reset halfway' });
    provider.answer(null);
    await expect.poll(async () => (await holder.resolve()).status, { timeout: 60_000 }).toBe(200);
  });

  it('is no such thing after a refusal that came', async () => {
    const { holder } = await refused('acme', bad({ error: 'slow_down' }, 503));
    provider.answer(bad({ error: 'invalid_grant' }));
    await expect.poll(async () => (await holder.resolve()).json.reason, { timeout: 60_000 }).toBe('invalid_grant');
  });
});

describe('a compressed answer', () => {
  it('is read', async () => {
    const holder = await makeHolder(keyhold, provider);
    const body = gzipSync(
      JSON.stringify({ access_token: 'packed', refresh_token: 'r', expires_at: '2099-01-01T00:00:00Z' }),
    );
    provider.answer({ headers: { 'content-encoding': 'gzip' }, body });
    const { status, json } = await holder.resolve();
    expect([status, json.credential?.secret.accessToken, json.stale]).toEqual([200, 'packed', false]);
    expect(json.expiresAt).toMatch(/^2098-12-31T23:59:|^2099-01-01T00:00:00/);
  });
});

describe('the provider’s word about a code', () => {
  it.each(['user', 'runtime'] as const)('is answered to workers only: %s', async (plane) => {
    const user = makeConnector(keyhold, plane, `code-${plane}`);
    const { state } = await user.begin({ provider: 'acme' });
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    provider.answer(bad({ error: 'redirect_uri_mismatch' }));
    const answer = await user.complete({ state, receipt });
    expectProblem(answer, 'provider_rejected', plane === 'runtime' ? { providerError: 'redirect_uri_mismatch' } : {});
  });
});
