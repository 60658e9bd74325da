// A provider that issues no new token: a valid token is served, otherwise the caller gets Retry-After, and only a rejected token
// marks its credential. Two servers share the table, and with it the back-off.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { makeConnector, receiptFor } from '../../support/providers/connect-flow.ts';
import type { ScriptedReply } from '../../support/providers/provider-stub.ts';
import {
  GRANT,
  makeHolder,
  makeNearlyExpired,
  maxCallsWithBackOff,
  startTogether,
  tokenIn,
} from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

let provider: RefreshingProvider;
let keyhold: Keyhold;
let other: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider();
  const env = { PROVIDER_TIMEOUT_MS: '500', SECRETS_MAX_AGE_SECONDS: '300' };
  [keyhold, other] = (await startTogether(2, { acme: provider.entry() }, env)) as [Keyhold, Keyhold];
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await Promise.all([keyhold.stop(), other.stop()]);
  provider.close();
});

const ACTIVE = { status: 'active', reason: null, version: 1 };
const retryAfter = ({ headers }: Reply) => Number(headers['retry-after']);

const TRANSIENT: [string, ScriptedReply][] = [
  ['503', { status: 503 }],
  ['500 with an error that means something else', { status: 500, body: { error: 'invalid_grant' } }],
  ['429', { status: 429, body: { error: 'rate_limit' } }],
  ['temporarily_unavailable', { status: 400, body: { error: 'temporarily_unavailable' } }],
  ['a reset connection', { fault: 'reset' }],
  ['no answer', { fault: 'silent' }],
  ['half an answer', { fault: 'slow' }],
  ['a page', { body: '<html>maintenance</html>', headers: { 'content-type': 'text/html' } }],
  ['a grant without a token', { body: { token_type: 'bearer' } }],
];

describe.each(TRANSIENT)('a provider that answers with %s', (_, reply) => {
  it('leaves a valid token served as stale, and marks nothing', async () => {
    const holder = await makeNearlyExpired(keyhold, provider);
    provider.answer(reply);
    for (const at of [keyhold, other, keyhold]) {
      const resolved = await holder.resolve({}, at);
      expect([resolved.status, tokenIn(resolved), resolved.json.stale]).toEqual([200, holder.tokens.accessToken, true]);
    }
    expect(await holder.view()).toMatchObject(ACTIVE);
  });

  it('is not called by any process during the back-off, and works at once after it', async () => {
    const holder = await makeHolder(keyhold, provider);
    provider.answer(reply);
    const startedAt = Date.now();
    const first = await holder.resolve();
    const others = await Promise.all([keyhold, other, other].map((at) => holder.resolve({}, at)));
    for (const refused of [first, ...others]) {
      expectProblem(refused, 'refresh_unavailable');
      expect(retryAfter(refused)).toBeGreaterThanOrEqual(1);
    }
    const calls = provider.refreshes.length;
    expect(calls).toBeLessThanOrEqual(maxCallsWithBackOff((Date.now() - startedAt) / 1_000));
    expect(await holder.view()).toMatchObject(ACTIVE);
    provider.answer(null);
    await expect.poll(async () => (await holder.resolve({}, other)).status, { timeout: 60_000 }).toBe(200);
    expect(provider.refreshes).toHaveLength(calls + 1);
  });
});

describe('Retry-After of a provider', () => {
  it.each([
    ['30', 30],
    ['3600', 60],
  ])('of %s seconds is respected by every process, up to a minute', async (said, seconds) => {
    const holder = await makeHolder(keyhold, provider);
    provider.answer({ status: 503, headers: { 'retry-after': said } });
    const first = await holder.resolve();
    provider.answer(null);
    const second = await holder.resolve({}, other);
    expect([first.status, second.status]).toEqual([503, 503]);
    for (const refused of [first, second]) {
      expect(retryAfter(refused)).toBeLessThanOrEqual(seconds);
      // More than the longest back-off the service chooses itself.
      expect(retryAfter(refused)).toBeGreaterThan(15);
    }
    expect(provider.refreshes).toHaveLength(1);
  });
});

const DEAD: [string, ScriptedReply][] = [
  ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }],
  ['bad_refresh_token in a good status', { status: 200, body: { error: 'bad_refresh_token' } }],
];

describe.each(DEAD)('a provider that answers with %s', (_, reply) => {
  const dead = async () => {
    const holder = await makeHolder(keyhold, provider);
    provider.answer(reply);
    const refused = await holder.resolve();
    provider.answer(null);
    return { holder, refused };
  };

  it('marks the credential with the reason, and the rejected token is never sent again', async () => {
    const { holder, refused } = await dead();
    expectProblem(refused, 'reconnect_required', { reason: 'invalid_grant' });
    for (const at of [other, keyhold]) {
      expectProblem(await holder.resolve({}, at), 'reconnect_required', { reason: 'invalid_grant' });
    }
    expect(provider.refreshes.map(({ form }) => form.refresh_token)).toEqual([holder.tokens.refreshToken]);
    expect(await holder.view()).toMatchObject({ status: 'reconnect_required', reason: 'invalid_grant', version: 2 });
  });

  it('is cleared by a replacement', async () => {
    const { holder } = await dead();
    const next = provider.tokens.signIn('strict');
    expect((await holder.replace(holder.body(next))).status).toBe(200);
    expect(await holder.view()).toMatchObject({ status: 'active', reason: null });
    const resolved = await holder.resolve({}, other);
    expect(provider.tokens.works(tokenIn(resolved) ?? '')).toBe(true);
    expect(provider.refreshes.at(-1)?.form.refresh_token).toBe(next.refreshToken);
  });

  it('is cleared when the user reconnects', async () => {
    const { holder } = await dead();
    const user = makeConnector(keyhold, 'user', holder.userId);
    const { state } = await user.begin({ credentialId: GRANT });
    const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
    expect((await user.complete({ state, receipt })).json).toMatchObject({ id: GRANT, status: 'active', reason: null });
    const resolved = await holder.resolve({}, other);
    expect([resolved.status, resolved.json.stale]).toEqual([200, false]);
    expect(provider.refreshes).toHaveLength(1);
  });
});

describe('a client that the provider rejects', () => {
  const clients = () => join(keyhold.home, 'secrets', 'oauth-clients.json');

  it('marks no credential, and valid tokens are served', async () => {
    const [expired, valid] = [await makeHolder(keyhold, provider), await makeNearlyExpired(keyhold, provider)];
    provider.takes('another secret');
    expectProblem(await expired.resolve(), 'refresh_unavailable');
    expect((await valid.resolve()).json).toMatchObject({ stale: true });
    for (const holder of [expired, valid]) expect(await holder.view()).toMatchObject(ACTIVE);
  });

  it('is read again past the cache after its secret was rotated, and the call succeeds', async () => {
    const [warm, holder] = [await makeHolder(keyhold, provider), await makeHolder(keyhold, provider)];
    await warm.resolve();
    const before = readFileSync(clients(), 'utf8');
    writeFileSync(clients(), JSON.stringify({ acme: provider.entry({ clientSecret: 'rotated' }) }));
    provider.takes('rotated');
    const reply = await holder.resolve();
    writeFileSync(clients(), before);
    expect([reply.status, reply.json.stale]).toEqual([200, false]);
    expect(provider.refreshes.map(({ form }) => form.client_secret).slice(1)).toEqual(['secret-of-acme', 'rotated']);
  });
});
