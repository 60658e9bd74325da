// When new tokens replace a stored credential, and what of it is kept.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { connect, makeConnector, receiptFor, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  keyhold = await startConnecting({ acme: provider.entry('acme') });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

let users = 0;
const newUser = () => makeConnector(keyhold, users % 2 ? 'user' : 'runtime', `merging-${++users}`);

describe('a second connection', () => {
  /** Deleting revokes the stored tokens, which shows what was stored. */
  const storedTokens = async (user: ReturnType<typeof newUser>, id: string) => {
    await user.remove(id);
    return provider
      .requests('/acme/revoke')
      .map(({ form }) => form.token)
      .toSorted();
  };

  it('without a refresh token keeps the stored one', async () => {
    const user = newUser();
    const first = await connect(keyhold, user);
    provider.grants('acme', { access_token: 'access-2', refresh_token: undefined });
    const second = await connect(keyhold, user);
    expect([second.status, second.json.id]).toEqual([200, first.json.id]);
    expect(await storedTokens(user, first.json.id)).toEqual(['access-2', 'refresh-1']);
  });

  it('with a refresh token replaces both tokens', async () => {
    const user = newUser();
    const first = await connect(keyhold, user);
    provider.grants('acme', { access_token: 'access-2', refresh_token: 'refresh-2' });
    await connect(keyhold, user);
    expect(await storedTokens(user, first.json.id)).toEqual(['access-2', 'refresh-2']);
  });

  it.each([
    ['with fewer scopes', { scope: 'read' }, {}],
    ['of another account', { account: { id: 'account-2' } }, {}],
    ['of an unknown account', { account: undefined }, {}],
    ['with fewer scopes, for a named credential', { scope: 'read' }, { named: true }],
  ])('%s is stored beside the first', async (_, fields, { named = false }: { named?: boolean }) => {
    const user = newUser();
    const first = await connect(keyhold, user);
    provider.grants('acme', fields);
    const second = await connect(keyhold, user, named ? { credentialId: first.json.id } : {});
    expect(second.status).toBe(201);
    expect((await user.own()).map(({ id }) => id)).toEqual([first.json.id, second.json.id]);
    expect((await user.own())[0]).toEqual(first.json);
  });

  it('of an unknown account replaces a named credential, keeping neither its name nor its refresh token', async () => {
    const user = newUser();
    const first = await connect(keyhold, user);
    provider.grants('acme', { access_token: 'access-2', refresh_token: undefined, account: undefined });
    const second = await connect(keyhold, user, { credentialId: first.json.id });
    expect([second.status, second.json.id, second.json.username]).toEqual([200, first.json.id, null]);
    expect(await storedTokens(user, first.json.id)).toEqual(['access-2']);
  });

  it('with fewer scopes replaces a named credential that is dead', async () => {
    const user = newUser();
    provider.grants('acme', { expires_in: 1, refresh_token: undefined });
    const first = await connect(keyhold, user);
    await expect.poll(async () => (await user.own())[0].status, { timeout: 20_000 }).toBe('reconnect_required');
    provider.grants('acme', { access_token: 'access-2', scope: 'read' });
    const second = await connect(keyhold, user, { credentialId: first.json.id });
    expect([second.status, second.json.id, second.json.status]).toEqual([200, first.json.id, 'active']);
    expect(second.json.scopes).toEqual(['read']);
    expect(await user.own()).toHaveLength(1);
  });

  it('of an account whose id has more digits than a number keeps is told from its neighbour', async () => {
    const user = newUser();
    const grantOf = (id: string) =>
      provider.answer('/acme/token', { body: `{"access_token":"a","token_type":"bearer","account":{"id":${id}}}` });
    grantOf('90071992547409930001');
    const first = await connect(keyhold, user);
    grantOf('90071992547409930002');
    const second = await connect(keyhold, user);
    grantOf('90071992547409930001');
    const third = await connect(keyhold, user);
    expect([first.status, second.status, third.status, third.json.id]).toEqual([201, 201, 200, first.json.id]);
  });

  it('for a credential that was deleted meanwhile is not stored', async () => {
    const user = newUser();
    const { json } = await connect(keyhold, user);
    const { state } = await user.begin({ credentialId: json.id });
    const receipt = await receiptFor(keyhold, { state, code: 'code-2' });
    await user.remove(json.id);
    expect(refusal(await user.complete({ state, receipt }))).toEqual([400, 'not_upgradable']);
    expect(await user.own()).toEqual([]);
  });

  it('for the same account, many times at once, makes one credential', async () => {
    const user = newUser();
    const started = await Promise.all(Array.from({ length: 8 }, () => user.begin()));
    const brought = await Promise.all(
      started.map(async ({ state }) => ({ state, receipt: await receiptFor(keyhold, { state, code: 'code-1' }) })),
    );
    const replies = await Promise.all(brought.map(user.complete));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([...Array(7).fill(200), 201]);
    expect(await user.own()).toHaveLength(1);
  });
});
