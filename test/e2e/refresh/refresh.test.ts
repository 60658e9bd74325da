// Refreshing as an application sees it: when a refresh happens, its answer, what stays unchanged, and what is never shown.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';
import {
  GRANT,
  type Holder,
  makeHolder,
  makeNearlyExpired,
  tokenIn,
  WITHOUT_SWEEP,
} from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

let provider: RefreshingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider();
  const providers = { acme: provider.entry(), still: provider.entry({ rotatesRefreshTokens: false }) };
  keyhold = await startConnecting(providers, WITHOUT_SWEEP);
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const HOUR = 3_600_000;
const sent = () => provider.refreshes.map(({ form }) => form.refresh_token);
/** The token was issued for an hour at some time since `startedAt`; the service may count whole seconds. */
const expectOneHour = (expiresAt: string, startedAt: number) => {
  expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(startedAt + HOUR - 1_000);
  expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + HOUR);
};

describe('resolve', () => {
  it('of a fresh token calls no provider', async () => {
    const holder = await makeHolder(keyhold, provider, { livesMilliseconds: HOUR });
    const reply = await holder.resolve();
    expect([reply.status, tokenIn(reply), reply.json.stale]).toEqual([200, holder.tokens.accessToken, false]);
    expect(sent()).toEqual([]);
  });

  it('of a token without expiry calls no provider', async () => {
    const holder = await makeHolder(keyhold, provider);
    await holder.replace(holder.body({ accessTokenExpiresAt: undefined }));
    expect(tokenIn(await holder.resolve())).toBe(holder.tokens.accessToken);
    expect(sent()).toEqual([]);
  });

  it('of an expired token calls the provider once and answers the new token', async () => {
    const startedAt = Date.now();
    const holder = await makeHolder(keyhold, provider);
    const reply = await holder.resolve();
    const token = tokenIn(reply) as string;
    expect(provider.tokens.works(token)).toBe(true);
    expect(token).not.toBe(holder.tokens.accessToken);
    expect(reply.json).toMatchObject({ stale: false, headers: { authorization: `Bearer ${token}` } });
    expectOneHour(reply.json.expiresAt, startedAt);
    expect(tokenIn(await holder.resolve())).toBe(token);
    expect(sent()).toEqual([holder.tokens.refreshToken]);
  });

  it('of a token with less than minTtlSeconds left calls the provider once', async () => {
    const holder = await makeNearlyExpired(keyhold, provider);
    // A caller waits only shortly for a refresh while its token is valid, and then gets that token.
    const resolveOnce = async () => {
      const reply = await holder.resolve();
      return { isOld: tokenIn(reply) === holder.tokens.accessToken, stale: reply.json.stale };
    };
    await expect.poll(resolveOnce, { timeout: 60_000 }).toEqual({ isOld: false, stale: false });
    expect(sent()).toHaveLength(1);
  });

  it('sends the rotated refresh token next time, and the same one when none was returned', async () => {
    provider.grants({ expires_in: 4 });
    const [rotating, still] = [
      await makeHolder(keyhold, provider),
      await makeHolder(keyhold, provider, { kind: 'static', provider: 'still' }),
    ];
    for (const holder of [rotating, still]) {
      const first = tokenIn(await holder.resolve());
      await expect.poll(async () => tokenIn(await holder.resolve()), { timeout: 60_000 }).not.toBe(first);
    }
    const { refreshToken } = still.tokens;
    expect(sent().slice(-2)).toEqual([refreshToken, refreshToken]);
    expect(new Set(sent()).size).toBe(sent().length - 1);
  });

  it('assumes a lifetime of one hour when the provider returns none', async () => {
    provider.grants({ expires_in: undefined });
    const startedAt = Date.now();
    const reply = await (await makeHolder(keyhold, provider)).resolve();
    expectOneHour(reply.json.expiresAt, startedAt);
  });

  it('without a refresh token answers stale until expiry, then reconnect_required, and calls no provider', async () => {
    const holder = await makeHolder(keyhold, provider);
    await holder.remove();
    const bare = (lives: number) =>
      holder.body({ refreshToken: undefined, accessTokenExpiresAt: new Date(Date.now() + lives) });
    await keyhold.worker.call('POST', `/v1/users/${holder.userId}/credentials`, bare(60_000));
    await expect
      .poll(async () => (await holder.resolve({ minTtlSeconds: 59 })).json.stale, { timeout: 50_000 })
      .toBe(true);
    await holder.replace(bare(1_000));
    await expect.poll(async () => (await holder.resolve()).json.reason, { timeout: 60_000 }).toBe('no_refresh_token');
    expect(sent()).toEqual([]);
  });
});

describe('a refresh', () => {
  const refreshed = async (fields: Record<string, unknown> = {}): Promise<{ holder: Holder; before: object }> => {
    provider.grants(fields);
    const holder = await makeHolder(keyhold, provider);
    const before = await holder.view();
    expect((await holder.resolve()).status).toBe(200);
    return { holder, before };
  };

  it('changes only version and expiry in the view of the credential', async () => {
    const startedAt = Date.now();
    const { holder, before } = await refreshed();
    const after = await holder.view();
    expect(after).toEqual({ ...before, version: 2, expiresAt: after.expiresAt, status: 'active', reason: null });
    expectOneHour(after.expiresAt, startedAt);
  });

  it('does not change the user version', async () => {
    const { holder } = await refreshed();
    const { json, headers } = await keyhold.user(holder.userId).call('GET', '/v1/me/credentials');
    expect([json.version, headers.etag]).toEqual([1, '"v1"']);
  });

  it.each([
    ['says nothing of scopes', undefined, ['read', 'write']],
    ['names none', '', ['read', 'write']],
    ['names others', 'read admin', ['read', 'admin']],
  ])('leaves these scopes when the provider %s', async (_, scope, held) => {
    const { holder } = await refreshed({ scope });
    expect((await holder.view()).scopes).toEqual(held);
  });

  it('that narrowed the scopes reports the missing ones', async () => {
    provider.grants({ scope: 'read' });
    const holder = await makeHolder(keyhold, provider);
    const reply = await holder.resolve({ scopes: ['write'] });
    expect([reply.status, reply.json]).toMatchObject([409, { code: 'insufficient_scopes', missingScopes: ['write'] }]);
  });

  it('keeps refresh tokens out of every answer and log line', async () => {
    const { holder } = await refreshed();
    const { worker } = keyhold;
    const answers = await Promise.all([
      holder.resolve(),
      worker.call('GET', `/v1/users/${holder.userId}/credentials/${GRANT}`),
      worker.call('GET', `/v1/users/${holder.userId}/credentials`),
      keyhold.user(holder.userId).call('GET', '/v1/me/credentials'),
    ]);
    const seen = [
      ...answers.map(({ text, headers }) => text + JSON.stringify(headers)),
      keyhold.stdout(),
      keyhold.stderr(),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const text of seen) expect(text).not.toMatch(/refresh-f\d/);
  });
});
