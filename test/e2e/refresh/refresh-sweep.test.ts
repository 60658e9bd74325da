// The sweep renews what is in use before anybody has to wait for it, leaves alone what is not, and is stopped by no grant that
// cannot be renewed.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';
import { type Holder, holderOf, tokenIn } from '../../support/providers/refresh-flow.ts';
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

const refreshesOf = ({ tokens }: Holder) => {
  const family = tokens.refreshToken.replace(/\d+$/, '');
  return provider.refreshes.filter(({ form }) => form.refresh_token?.startsWith(family)).length;
};

it('renews a grant in use again and again without a call, and neither an unused nor a dead one stops it', async () => {
  const [used, unused, dead] = [
    await holderOf(keyhold, provider),
    await holderOf(keyhold, provider, { livesMilliseconds: LIFE_SECONDS * 1000 }),
    await holderOf(keyhold, provider),
  ];
  const first = tokenIn(await used.resolve());
  await dead.resolve();
  provider.tokens.revoke(dead.tokens.refreshToken);
  await expect.poll(() => refreshesOf(used), { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await expect.poll(() => refreshesOf(dead), { timeout: 60_000 }).toBe(2);
  expect(tokenIn(await used.resolve())).not.toBe(first);
  expect(refreshesOf(unused)).toBe(0);
  const marked = { status: 'reconnect_required', reason: 'invalid_grant' };
  await expect.poll(() => dead.view(), { timeout: 60_000 }).toMatchObject(marked);
  expect(refreshesOf(dead)).toBe(2);
});
