// The sweep renews credentials in use before they expire, skips unused ones, and continues past credentials that cannot be
// renewed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';
import { type Holder, makeHolder, tokenIn } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

const LIFE_SECONDS = 4;

let provider: RefreshingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider({ expiresInSeconds: LIFE_SECONDS });
  keyhold = await startConnecting({ acme: provider.entry() }, { SWEEP_SECONDS: '1' });
});
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

const countRefreshes = ({ tokens }: Holder) => {
  const family = tokens.refreshToken.replace(/\d+$/, '');
  return provider.refreshes.filter(({ form }) => form.refresh_token?.startsWith(family)).length;
};

it('renews a credential in use repeatedly without a call, and is stopped by neither an unused nor a rejected one', async () => {
  const [used, unused, dead] = [
    await makeHolder(keyhold, provider),
    await makeHolder(keyhold, provider, { livesMilliseconds: LIFE_SECONDS * 1000 }),
    await makeHolder(keyhold, provider),
  ];
  const first = tokenIn(await used.resolve());
  await dead.resolve();
  provider.tokens.revoke(dead.tokens.refreshToken);
  await expect.poll(() => countRefreshes(used), { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await expect.poll(() => countRefreshes(dead), { timeout: 60_000 }).toBe(2);
  expect(tokenIn(await used.resolve())).not.toBe(first);
  expect(countRefreshes(unused)).toBe(0);
  const marked = { status: 'reconnect_required', reason: 'invalid_grant' };
  await expect.poll(() => dead.view(), { timeout: 60_000 }).toMatchObject(marked);
  expect(countRefreshes(dead)).toBe(2);
});
