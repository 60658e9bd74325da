// What a link allows, over HTTP: its presets are filled in and cannot be changed, and only `manage` shows, renames and disconnects.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLink } from '../../support/http/link-in-browser.ts';
import type { Keyhold } from '../../support/http/local-server.ts';
import { connectDemo, makeConnector, refusal, startConnecting } from '../../support/providers/connect-flow.ts';
import { connectByLink } from '../../support/providers/link-flow.ts';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting();
});
afterAll(() => keyhold.stop());

const NOT_ALLOWED = [403, 'link_not_allowed'];
const MISSING = [404, 'credential_not_found'];
const key = { type: 'api_key', provider: 'openai', apiKey: 'sk-1' };
const worker = (userId: string) => makeConnector(keyhold, 'runtime', userId);
const store = (userId: string, id: string, body: object = {}) =>
  keyhold.worker.call('POST', `/v1/users/${userId}/credentials`, { ...key, id, ...body });

describe('a link for one provider', () => {
  it('refuses every other one, on each route', async () => {
    const link = await openLink(keyhold, 'provider', { provider: 'demo' });
    for (const path of ['/connections', '/device-connections']) {
      expect(refusal(await link.call('POST', path, { provider: 'github' }))).toEqual(NOT_ALLOWED);
    }
    for (const path of ['/credentials', '/credentials/check']) {
      expect(refusal(await link.call('POST', path, key))).toEqual(NOT_ALLOWED);
    }
    expect((await link.call('GET', '')).json.providers.map((view: { provider: string }) => view.provider)).toEqual([
      'demo',
    ]);
  });

  it('fills in its scopes, and takes fewer but no others', async () => {
    const scopes = ['openid', 'demo.read'];
    const link = await openLink(keyhold, 'scopes', { provider: 'demo', scopes, manage: true });
    const start = async (body: object) => link.call('POST', '/connections', { provider: 'demo', ...body });
    const asked = ({ json }: { json: { authorizationUrl: string } }) =>
      new URL(json.authorizationUrl).searchParams.get('scope')?.split(' ');
    expect(asked(await start({}))).toEqual(scopes);
    expect(asked(await start({ scopes: [] }))).toEqual(scopes);
    expect(asked(await start({ scopes: ['openid'] }))).toEqual(['openid']);
    expect(refusal(await start({ scopes: ['openid', 'demo.write'] }))).toEqual(NOT_ALLOWED);
    const device = { provider: 'demo', scopes: ['demo.write'] };
    expect(refusal(await link.call('POST', '/device-connections', device))).toEqual(NOT_ALLOWED);
  });

  it('takes no redirect target of the caller', async () => {
    const link = await openLink(keyhold, 'callback');
    const body = { provider: 'demo', callbackUrl: 'https://app.example.com/callback' };
    expect(refusal(await link.call('POST', '/connections', body))).toEqual(NOT_ALLOWED);
  });
});

describe('a link for one credential', () => {
  it('reconnects this one and stores no other', async () => {
    const user = worker('reconnect');
    const { json } = await connectDemo(keyhold, user, { as: 'ada', scopes: ['openid', 'profile'] });
    const link = await openLink(keyhold, 'reconnect', { credentialId: json.id });
    expect((await link.call('GET', '')).json.preset).toMatchObject({ provider: 'demo', credentialId: json.id });
    expect(refusal(await link.call('POST', '/connections', { provider: 'demo', credentialId: 'other' }))).toEqual(
      NOT_ALLOWED,
    );
    expect(refusal(await link.call('POST', '/device-connections', { provider: 'demo' }))).toEqual(NOT_ALLOWED);
    expect(refusal(await link.call('POST', '/credentials', { ...key, provider: 'demo' }))).toEqual(NOT_ALLOWED);
    const again = await connectByLink(keyhold, link, { as: 'ada' });
    expect([again.status, again.json.id]).toEqual([200, json.id]);
    expect(await user.own()).toHaveLength(1);
  });

  it('does not take the account of another person', async () => {
    const user = worker('mismatch');
    const { json } = await connectDemo(keyhold, user, { as: 'ada' });
    const link = await openLink(keyhold, 'mismatch', { credentialId: json.id });
    expect(refusal(await connectByLink(keyhold, link, { as: 'grace' }))).toEqual([409, 'account_mismatch']);
    expect((await link.call('GET', '')).status).toBe(200);
  });
});

describe('a link without manage', () => {
  it('neither renames, disconnects nor names a stored credential', async () => {
    await store('closed', 'mine');
    const link = await openLink(keyhold, 'closed');
    for (const id of ['mine', 'none']) {
      expect(refusal(await link.call('PATCH', `/credentials/${id}`, { title: 'New' }))).toEqual(NOT_ALLOWED);
      expect(refusal(await link.call('DELETE', `/credentials/${id}`))).toEqual(NOT_ALLOWED);
      expect(refusal(await link.call('POST', '/connections', { provider: 'demo', credentialId: id }))).toEqual(
        NOT_ALLOWED,
      );
    }
    expect(await worker('closed').own()).toMatchObject([{ id: 'mine', version: 1 }]);
  });
});

describe('a link with manage', () => {
  it('connects again and again, shows, renames, reconnects and disconnects', async () => {
    const link = await openLink(keyhold, 'manage', { manage: true });
    const ada = await connectByLink(keyhold, link, { as: 'ada', scopes: ['openid', 'profile'] });
    const entered = await link.call('POST', '/credentials', { ...key, id: 'entered' });
    expect([ada.status, entered.status]).toEqual([201, 201]);
    expect((await link.call('GET', '')).json).toMatchObject({
      manage: true,
      credentials: [ada.json, entered.json],
      preset: null,
    });
    const renamed = await link.call('PATCH', '/credentials/entered', { title: 'Mine' });
    expect([renamed.status, renamed.json.title]).toEqual([200, 'Mine']);
    const again = await connectByLink(keyhold, link, { as: 'ada', credentialId: ada.json.id, scopes: ['demo.read'] });
    expect([again.status, again.json.id]).toEqual([200, ada.json.id]);
    const gone = await link.call('DELETE', `/credentials/${ada.json.id}`);
    expect([gone.status, gone.json.deleted]).toEqual([200, true]);
    expect((await link.call('GET', '')).json.credentials).toMatchObject([{ id: 'entered', title: 'Mine' }]);
  });

  it('shows nothing of another user or provider, and changes none of it', async () => {
    await store('narrow', 'demo-key', { provider: 'demo' });
    await store('narrow', 'other-key');
    await store('foreign', 'foreign-key', { provider: 'demo' });
    const link = await openLink(keyhold, 'narrow', { provider: 'demo', manage: true });
    expect((await link.call('GET', '')).json.credentials).toMatchObject([{ id: 'demo-key' }]);
    for (const id of ['other-key', 'foreign-key', 'none', 'x'.repeat(200)]) {
      expect(refusal(await link.call('PATCH', `/credentials/${id}`, { title: 'New' }))).toEqual(MISSING);
      expect(refusal(await link.call('DELETE', `/credentials/${id}`))).toEqual(MISSING);
    }
    expect((await link.call('PATCH', '/credentials/demo-key', { title: 'New' })).status).toBe(200);
    expect(await worker('narrow').own()).toMatchObject([
      { id: 'demo-key', title: 'New' },
      { id: 'other-key', version: 1 },
    ]);
    expect(await worker('foreign').own()).toMatchObject([{ id: 'foreign-key', version: 1 }]);
  });

  it('leaves the operator’s credentials alone', async () => {
    const ollama = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';
    const link = await openLink(keyhold, 'operator', { manage: true });
    expect((await link.call('GET', '')).json.credentials).toEqual([]);
    expect(refusal(await link.call('DELETE', `/credentials/${ollama}`))).toEqual([403, 'system_credential']);
  });
});
