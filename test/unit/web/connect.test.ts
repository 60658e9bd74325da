// Connecting: in the browser, by a code, and by a key; and what is done to connected accounts.
import { describe, expect, it } from 'vitest';
import { disconnect, edit, rename } from '../../../web/app/flows/accounts.ts';
import { connectInBrowser } from '../../../web/app/flows/connect.ts';
import { connectByCode } from '../../../web/app/flows/device.ts';
import { openForm, storeAnyway, submitForm } from '../../../web/app/flows/key.ts';
import { open } from '../../../web/app/flows/open.ts';
import type { FormView } from '../../../web/app/logic/model.ts';
import { fakeAccount, fakeProviders } from '../../support/browser/fake-providers.ts';
import { fakeApp, link, NO_PRESET, ok, refused } from './fake-app.ts';

const target = (name: string, account = null as ReturnType<typeof fakeAccount> | null) => {
  const provider = fakeProviders.find((each) => each.provider === name);
  if (!provider) throw new Error(`no ${name}`);
  return { provider, account };
};

const started = (url: string) => ok({ state: 's1', authorizationUrl: url });

describe('connecting in the browser', () => {
  it('remembers the flow and goes to the provider', async () => {
    const page = fakeApp({ connect: started('https://github.com/login') });
    await connectInBrowser(page.app, target('github'), {});
    expect(page.calls).toEqual([['connect', { provider: 'github', returnUrl: 'https://k.example.com/connect' }]]);
    expect(page.leave).toHaveBeenCalledExactlyOnceWith('https://github.com/login');
    expect(page.app.ports.session.readFlow('s1')).toEqual({ provider: 'github' });
  });

  it('sends the scopes and variables of the back end, and what was typed', async () => {
    const preset = { ...NO_PRESET, scopes: ['read'], variables: { shop: 'theirs' } };
    const page = fakeApp({ readLink: link({ preset }), connect: started('https://a.example.com') });
    await open(page.app);
    await connectInBrowser(page.app, target('shopify'), { 'variables.shop': ' mine ' });
    expect(page.calls.at(-1)?.[1]).toMatchObject({ scopes: ['read'], variables: { shop: 'mine' } });
  });

  it('reconnects an account with the permissions that it has', async () => {
    const page = fakeApp({ connect: started('https://a.example.com') });
    await connectInBrowser(page.app, target('github', fakeAccount()), {});
    expect(page.calls[0]?.[1]).toMatchObject({ credentialId: 'github-1', scopes: ['repo'] });
  });

  it('opens no address that is not of the web', async () => {
    const page = fakeApp({ connect: started('javascript:alert(1)') });
    await connectInBrowser(page.app, target('github'), {});
    expect(page.view()).toMatchObject({ kind: 'provider', problem: { code: 'unsafe_address' } });
    expect(page.leave).not.toHaveBeenCalled();
  });

  it('says why it cannot start', async () => {
    const page = fakeApp({ connect: refused('too_many_open_states') });
    await connectInBrowser(page.app, target('github'), {});
    expect(page.view()).toMatchObject({ kind: 'provider', isBusy: false, problem: { code: 'too_many_open_states' } });
  });
});

const device = (seconds = 600) =>
  ok({
    ...{ state: 's1', userCode: 'AB-CD', verificationUri: 'https://github.com/device', interval: 5 },
    expiresAt: new Date(1_893_456_000_000 + seconds * 1000).toISOString(),
  });
const polled = (status: 'pending' | 'slow_down' | 'approved' | 'denied' | 'expired') =>
  ok({ status, credential: status === 'approved' ? fakeAccount() : null });

describe('connecting by a code', () => {
  it('asks until it is approved, and more slowly when it is told to', async () => {
    const pollDevice = [polled('pending'), polled('slow_down'), polled('approved')];
    const page = fakeApp({ startDevice: device(), pollDevice });
    await connectByCode(page.app, target('github'));
    expect(page.waits).toEqual([5000, 5000, 10_000]);
    expect(page.view()).toMatchObject({ kind: 'connected', displayName: 'GitHub' });
  });

  it.each([
    ['denied', 'connection_denied'],
    ['expired', 'code_expired'],
  ] as const)('ends when it is %s', async (status, code) => {
    const page = fakeApp({ startDevice: device(), pollDevice: polled(status) });
    await connectByCode(page.app, target('github'));
    expect(page.view()).toMatchObject({ kind: 'provider', problem: { code } });
  });

  it('goes on without a network, waits as long as it is told to, and says so', async () => {
    const busy = refused('store_busy', { retryAfterSeconds: 30 });
    const page = fakeApp({ startDevice: device(), pollDevice: [busy, refused('offline'), polled('approved')] });
    await connectByCode(page.app, target('github'));
    expect(page.waits).toEqual([5000, 30_000, 30_000]);
    expect(page.views.filter((view) => view.kind === 'device' && view.isOffline)).toHaveLength(2);
  });

  it.each([-3600, 12])('is not ended by the clock of the browser: %i seconds left', async (seconds) => {
    const pollDevice = [
      polled('pending'),
      refused('offline'),
      refused('offline'),
      polled('pending'),
      polled('approved'),
    ];
    const page = fakeApp({ startDevice: device(seconds), pollDevice });
    await connectByCode(page.app, target('github'));
    expect([page.waits.length, page.view()]).toMatchObject([5, { kind: 'connected' }]);
  });

  it('stops asking when the person leaves', async () => {
    const page = fakeApp({ startDevice: device(), pollDevice: polled('pending') });
    page.app.subscribe(({ view }) => {
      if (view.kind === 'device' && page.waits.length === 2) page.app.show({ kind: 'list', problem: null });
    });
    await connectByCode(page.app, target('github'));
    expect(page.view().kind).toBe('list');
  });
});

const check = (result: 'valid' | 'invalid' | 'unknown') => ok({ result, account: { id: '1', name: 'Ada' } });
const entry = (name = 'openai') => ({ ...target(name), type: 'api_key' });
const key = fakeAccount({ id: 'k', type: 'api_key', provider: 'openai', username: null });

describe('entering a key', () => {
  it('stores one that the provider takes', async () => {
    const page = fakeApp({ check: check('valid'), store: ok(key) });
    await submitForm(page.app, entry(), { apiKey: 'sk-1' });
    expect(page.calls.map(([name]) => name)).toEqual(['check', 'store']);
    expect(page.view()).toMatchObject({ kind: 'connected', accountName: 'Ada' });
  });

  it('stores nothing that the provider refuses', async () => {
    const page = fakeApp({ check: check('invalid') });
    await submitForm(page.app, entry(), { apiKey: 'sk-1' });
    expect(page.view()).toMatchObject({ kind: 'form', phase: 'editing', problem: { code: 'key_refused' } });
  });

  it('leaves it to the person when the check cannot tell', async () => {
    const page = fakeApp({ check: check('unknown'), store: ok(key) });
    await submitForm(page.app, entry(), { apiKey: 'sk-1' });
    expect(page.view()).toMatchObject({ kind: 'form', phase: 'unknown' });
    await storeAnyway(page.app, page.view() as FormView);
    expect(page.calls.at(-1)).toEqual(['store', { type: 'api_key', provider: 'openai', apiKey: 'sk-1', id: 'id-1' }]);
    expect(page.view().kind).toBe('connected');
  });

  it('stores at once where the provider has no check', async () => {
    const page = fakeApp({ store: ok(key) });
    await submitForm(page.app, { ...target('smtp'), type: 'user_password' }, { username: 'a', password: 'b' });
    expect(page.view().kind).toBe('connected');
  });

  it('stores nothing for a person who went back during the check', async () => {
    const page = fakeApp({ check: check('valid') });
    const submitted = submitForm(page.app, entry(), { apiKey: 'sk-1' });
    page.app.show({ kind: 'list', problem: null });
    await submitted;
    expect(page.view().kind).toBe('list');
  });

  it.each(['invalid_request', 'credential_limit', 'store_busy'])('keeps the form after %s', async (code) => {
    const page = fakeApp({ check: check('valid'), store: refused(code) });
    openForm(page.app, entry());
    await submitForm(page.app, entry(), { apiKey: 'sk-1' });
    expect(page.view()).toMatchObject({ kind: 'form', phase: 'editing', problem: { code } });
  });

  it('deletes the key that it replaces once the new one is stored, and not before', async () => {
    const page = fakeApp({ check: check('valid'), store: ok(key), disconnect: ok({}) });
    await submitForm(page.app, { ...entry(), account: fakeAccount({ id: 'old' }) }, { apiKey: 'sk-2' });
    expect(page.calls.map(([name]) => name)).toEqual(['check', 'store', 'disconnect']);
    const failing = fakeApp({ check: check('valid'), store: refused('offline') });
    await submitForm(failing.app, { ...entry(), account: fakeAccount({ id: 'old' }) }, { apiKey: 'sk-2' });
    expect(failing.calls.map(([name]) => name)).toEqual(['check', 'store']);
  });
});

describe('a connected account', () => {
  const managed = async (answers: Parameters<typeof fakeApp>[0]) => {
    const page = fakeApp({ readLink: link({ manage: true, credentials: [fakeAccount(), key] }), ...answers });
    await open(page.app);
    return page;
  };

  it('gets another name', async () => {
    const page = await managed({ rename: ok(fakeAccount({ title: 'Work' })) });
    edit(page.app, { id: 'github-1', action: 'rename' });
    await rename(page.app, fakeAccount(), ' Work ');
    expect(page.app.get()).toMatchObject({
      editing: null,
      notice: 'Renamed to Work.',
      accounts: [{ title: 'Work' }, {}],
    });
  });

  it.each([
    ['now', ok({})],
    ['already', refused('credential_not_found')],
  ])('that is gone %s leaves the list', async (_, answer) => {
    const page = await managed({ disconnect: answer });
    await disconnect(page.app, fakeAccount(), 'Work');
    expect(page.app.get().accounts.map(({ id }) => id)).toEqual(['k']);
    expect(page.app.get().notice).toBe('Work is disconnected.');
  });

  it('stays when disconnecting it fails, and the question says why', async () => {
    const page = await managed({ disconnect: refused('store_busy') });
    await disconnect(page.app, fakeAccount(), 'Work');
    expect(page.app.get()).toMatchObject({ editing: { isBusy: false, problem: { code: 'store_busy' } } });
    expect(page.app.get().accounts).toHaveLength(2);
  });

  it('that is reconnected replaces the former one in the list', async () => {
    const page = await managed({ check: check('valid'), store: ok({ ...key, title: 'New' }) });
    await submitForm(page.app, entry(), { apiKey: 'sk-1' });
    expect(page.app.get().accounts.map(({ title }) => title)).toEqual([null, 'New']);
    expect(page.view()).toMatchObject({ kind: 'connected', canGoOn: true });
  });
});
