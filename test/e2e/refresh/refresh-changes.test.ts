// Changes to a credential during its refresh win: the caller gets the current credential, and no earlier token is stored
// again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import { GRANT, type Holder, makeHolder, tokenIn, WITHOUT_SWEEP } from '../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';

let provider: RefreshingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startRefreshingProvider();
  keyhold = await startConnecting({ acme: provider.entry() }, WITHOUT_SWEEP);
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

/** Makes the change after the provider issued tokens and before it answers. */
const during = async (change: (holder: Holder) => Promise<unknown>): Promise<{ holder: Holder; reply: Reply }> => {
  const holder = await makeHolder(keyhold, provider);
  const answer = provider.hold();
  const resolving = holder.resolve();
  await expect.poll(() => provider.refreshes.length, { timeout: 60_000, interval: 10 }).toBe(1);
  await change(holder).finally(answer);
  return { holder, reply: await resolving };
};

const readSecret = async ({ userId }: Holder) =>
  (await keyhold.worker.call('GET', `/v1/users/${userId}/credentials/${GRANT}`)).json.secret;

/** The family name that all tokens of one sign-in share. */
const readFamily = ({ tokens }: Holder) => tokens.refreshToken.split('-')[1] as string;

const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
const again = (holder: Holder) =>
  holder.body({ accessToken: 'access-again', refreshToken: 'refresh-again', accessTokenExpiresAt: IN_AN_HOUR });

describe('during a refresh', () => {
  it('a replacement wins, and the caller gets the new token', async () => {
    const { holder, reply } = await during((holder) => holder.replace(again(holder)));
    expect([reply.status, tokenIn(reply)]).toEqual([200, 'access-again']);
    expect(await readSecret(holder)).toEqual({ accessToken: 'access-again' });
    expect(await holder.view()).toMatchObject({ version: 2 });
  });

  it('a replacement that keeps the refresh token wins, and gets the rotated one', async () => {
    // Fresh for the waiting caller; a second later no longer for one that asks for 399 s.
    const accessTokenExpiresAt = new Date(Date.now() + 400_000).toISOString();
    const { holder, reply } = await during((holder) =>
      holder.replace(holder.body({ accessToken: 'access-again', refreshToken: undefined, accessTokenExpiresAt })),
    );
    expect([reply.status, tokenIn(reply)]).toEqual([200, 'access-again']);
    await expect
      .poll(async () => tokenIn(await holder.resolve({ minTtlSeconds: 399 })) ?? '', { timeout: 60_000 })
      .toMatch(/^access-f/);
    expect(await holder.view()).toMatchObject({ status: 'active', reason: null });
    expect(provider.tokens.exchanges.slice(-2).map(({ granted }) => granted)).toEqual([true, true]);
  });

  it('a reconnection wins, and the caller gets the new token', async () => {
    const { holder, reply } = await during(async ({ userId }) => {
      const user = makeConnector(keyhold, 'user', userId);
      const { state } = await user.begin({ credentialId: GRANT });
      const receipt = await receiptFor(keyhold, { state, code: 'code-1' });
      expect((await user.complete({ state, receipt })).status).toBe(200);
    });
    expect(reply.status).toBe(200);
    expect(tokenIn(reply)).toMatch(/^access-f\d+-\d+$/);
    expect(tokenIn(reply)?.split('-')[1]).not.toBe(readFamily(holder));
    expect(await readSecret(holder)).toEqual({ accessToken: tokenIn(reply) });
  });

  it('a deletion wins, and the tokens issued too late are revoked', async () => {
    const { holder, reply } = await during((holder) => holder.remove());
    expectProblem(reply, 'not_connected');
    expect((await keyhold.user(holder.userId).call('GET', `/v1/me/credentials/${GRANT}`)).status).toBe(404);
    expect(provider.revoked).toEqual(expect.arrayContaining(Object.values(holder.tokens)));
    expect(provider.revoked).toHaveLength(4);
  });

  it('a deletion and a new credential with the same id win, and its tokens are not revoked', async () => {
    const { holder, reply } = await during(async (holder) => {
      await holder.remove();
      await keyhold.worker.call('POST', `/v1/users/${holder.userId}/credentials`, again(holder));
    });
    expect([reply.status, tokenIn(reply)]).toEqual([200, 'access-again']);
    expect(await holder.view()).toMatchObject({ version: 1, status: 'active' });
    expect(provider.revoked.filter((token) => token.endsWith('-again'))).toEqual([]);
  });

  it('an erasure of the user wins, and no row is written back', async () => {
    const { holder, reply } = await during((holder) => holder.erase());
    expectProblem(reply, 'not_connected');
    expect(provider.revoked).toHaveLength(4);
    const { json } = await keyhold.worker.call('GET', `/v1/users/${holder.userId}/credentials`);
    expect(json.credentials.filter((view: { source: string }) => view.source === 'user')).toEqual([]);
  });

  it('a new title is kept together with the new token', async () => {
    const { holder, reply } = await during(({ userId }) =>
      keyhold.user(userId).call('PATCH', `/v1/me/credentials/${GRANT}`, { title: 'Renamed' }),
    );
    expect(reply.status).toBe(200);
    expect(await readSecret(holder)).toEqual({ accessToken: tokenIn(reply) });
    expect(await holder.view()).toMatchObject({ title: 'Renamed', version: 3 });
  });

  it('an edit at the earlier version and the refresh both succeed', async () => {
    const { holder, reply } = await during(({ userId }) => {
      const put = [{ type: 'api_key', provider: 'openai', id: 'key', apiKey: 'k' }];
      return keyhold.worker.call('POST', `/v1/users/${userId}/edit`, { put, delete: [] }, { 'if-match': '"v1"' });
    });
    expect(await readSecret(holder)).toEqual({ accessToken: tokenIn(reply) });
    expect((await keyhold.user(holder.userId).call('GET', '/v1/me/credentials')).json.version).toBe(2);
  });
});
