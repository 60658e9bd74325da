// Disconnecting and erasing: tokens are revoked first, no answer of the provider prevents the deletion, and the response says
// what was revoked.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import {
  type Connector,
  connect,
  connectDemo,
  makeConnector,
  PLANES,
  startConnecting,
} from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  keyhold = await startConnecting({
    acme: provider.entry('acme'),
    chat: provider.entry('chat', { revocationStyle: 'post_bearer' }),
    mute: provider.entry('mute', { revocationStyle: 'none' }),
  });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

/** The status of the demo provider's userinfo for the resolved token. */
const demoTakes = async (user: Connector): Promise<() => Promise<number>> => {
  const { url } = await user.begin({ provider: 'demo' });
  const { json } = await user.resolve({ provider: 'demo' });
  return async () => (await fetch(new URL('/me', url), { headers: json.headers })).status;
};

describe.each(PLANES)('disconnecting on the %s plane', (plane) => {
  const connector = (name: string) => makeConnector(keyhold, plane, `${name}-${plane}`);

  it('revokes both tokens, and the provider accepts neither afterwards', async () => {
    const user = connector('demo');
    const { json } = await connectDemo(keyhold, user, { as: 'ada' });
    const takes = await demoTakes(user);
    expect(await takes()).toBe(200);
    const removed = await user.remove(json.id);
    expect([removed.status, removed.json.deleted, removed.json.revoked]).toEqual([200, true, true]);
    expect(removed.json.revokedTokens.toSorted()).toEqual(['access_token', 'refresh_token']);
    expect(await takes()).toBe(401);
    expect(await user.own()).toEqual([]);
    expect((await user.remove(json.id)).status).toBe(404);
  });

  it('sends each token once, with the hint of its kind and the client’s own credentials', async () => {
    const user = connector('standard');
    const { json } = await connect(keyhold, user);
    await user.remove(json.id);
    const client = { client_id: 'client-of-acme', client_secret: 'secret-of-acme' };
    expect(provider.requests('/acme/revoke').map(({ form }) => form)).toHaveLength(2);
    expect(provider.requests('/acme/revoke').map(({ form }) => form)).toEqual(
      expect.arrayContaining([
        { ...client, token: 'refresh-1', token_type_hint: 'refresh_token' },
        { ...client, token: 'access-1', token_type_hint: 'access_token' },
      ]),
    );
  });

  it.each([
    ['refuses', { status: 400, body: { error: 'unsupported_token_type' } }],
    ['fails', { status: 503 }],
    ['redirects', { status: 302, headers: { location: '/elsewhere' } }],
  ])('deletes a credential whose provider %s, and answers that it was not revoked', async (how, reply) => {
    const user = connector(how.replaceAll(' ', '-'));
    const { json } = await connect(keyhold, user);
    provider.answer('/acme/revoke', reply);
    const removed = await user.remove(json.id);
    expect([removed.status, removed.json]).toEqual([200, { deleted: true, revoked: false, revokedTokens: [] }]);
    expect(await user.own()).toEqual([]);
    expect(provider.requests('/elsewhere')).toEqual([]);
  });

  it('answers which of two tokens was revoked', async () => {
    const user = connector('half');
    const { json } = await connect(keyhold, user);
    provider.answer('/acme/revoke', ({ form }) => ({ status: form.token === 'access-1' ? 200 : 400 }));
    const removed = await user.remove(json.id);
    expect(removed.json).toEqual({ deleted: true, revoked: false, revokedTokens: ['access_token'] });
  });

  it('revokes in a provider’s own style', async () => {
    const user = connector('style');
    const { json } = await connect(keyhold, user, { provider: 'chat' });
    const removed = await user.remove(json.id);
    expect(removed.json).toEqual({ deleted: true, revoked: true, revokedTokens: ['access_token'] });
    expect(provider.requests('/chat/revoke').map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ['Bearer access-1', ''],
    ]);
  });

  it('answers null when there is no way to revoke', async () => {
    const user = connector('mute');
    const { json } = await connect(keyhold, user, { provider: 'mute' });
    expect((await user.remove(json.id)).json).toEqual({ deleted: true, revoked: null, revokedTokens: [] });
    expect(provider.requests('/mute/revoke')).toEqual([]);
  });
});

describe('a provider that never answers', () => {
  it('does not delay the deletion past its time limit', async () => {
    const user = makeConnector(keyhold, 'user', 'silent');
    const { json } = await connect(keyhold, user);
    provider.answer('/acme/revoke', { silent: true });
    const began = performance.now();
    expect((await user.remove(json.id)).json).toEqual({ deleted: true, revoked: false, revokedTokens: [] });
    expect(performance.now() - began).toBeLessThan(25_000);
  });
});

describe('erasing', () => {
  it('revokes and counts what the user had connected', async () => {
    const user = makeConnector(keyhold, 'user', 'erased');
    await connectDemo(keyhold, user, { as: 'ada' });
    await connect(keyhold, user);
    await connect(keyhold, user, { provider: 'mute' });
    const takes = await demoTakes(user);
    const erased = await user.erase();
    expect([erased.status, erased.json]).toEqual([200, { credentials: 3, managed: 0, revoked: 2 }]);
    expect(await takes()).toBe(401);
    expect(provider.requests('/acme/revoke')).toHaveLength(2);
    expect(await user.own()).toEqual([]);
  });

  it('erases credentials whose provider is down', async () => {
    const user = makeConnector(keyhold, 'user', 'erased-anyway');
    await connect(keyhold, user);
    provider.answer('/acme/revoke', { status: 503 });
    expect((await user.erase()).json).toEqual({ credentials: 1, managed: 0, revoked: 0 });
  });
});
