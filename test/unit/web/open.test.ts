// Opening the page: where it starts, and how it finishes a connection that came back from a provider.
import { describe, expect, it } from 'vitest';
import { hasList, open } from '../../../web/app/flows/open.ts';
import { fakeAccount, fakeProviders } from '../../support/browser/fake-providers.ts';
import { fakeApp, link, NO_PRESET, ok, refused } from './fake-app.ts';
import { memoryStorage } from './memory-storage.ts';

const only = (name: string) => fakeProviders.filter(({ provider }) => provider === name);

describe('the page', () => {
  it('needs a link', async () => {
    const page = fakeApp({}, { hash: '' });
    await open(page.app);
    expect([page.view(), page.calls]).toEqual([{ kind: 'stopped', problem: { code: 'no_link' } }, []]);
  });

  it.each([
    ['the list', {}, 'list', true],
    ['the only provider', { providers: only('slack') }, 'provider', false],
    ['the list where accounts are managed', { providers: only('slack'), manage: true, credentials: [] }, 'list', true],
    ['the chosen provider', { preset: { ...NO_PRESET, provider: 'slack' } }, 'provider', false],
  ])('starts with %s', async (_, given, kind, list) => {
    const page = fakeApp({ readLink: link(given) });
    await open(page.app);
    expect([page.view().kind, hasList(page.app.get())]).toEqual([kind, list]);
  });

  it('starts with the account to reconnect, and shows no account of the operator', async () => {
    const credentials = [fakeAccount(), fakeAccount({ id: 'system', source: 'system' })];
    const preset = { ...NO_PRESET, provider: 'github', credentialId: 'github-1' };
    const page = fakeApp({ readLink: link({ manage: true, credentials, preset }) });
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'provider', account: { id: 'github-1' } });
    expect(page.app.get().accounts.map(({ id }) => id)).toEqual(['github-1']);
  });

  it('starts with an account to reconnect that it does not show, by signing in only', async () => {
    const preset = { ...NO_PRESET, provider: 'github', credentialId: 'unseen' };
    const page = fakeApp({ readLink: link({ preset }) });
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'provider', account: { id: 'unseen', type: 'oauth2' } });
  });

  it('stops at a link that is used up, and says again what this tab connected by it', async () => {
    const page = fakeApp({ readLink: refused('link_invalid') });
    await open(page.app);
    expect(page.view()).toEqual({ kind: 'stopped', problem: { code: 'link_invalid' } });
    page.app.ports.session.keepFinished({ displayName: 'GitHub', accountName: 'Ada', returnUrl: null });
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'connected', displayName: 'GitHub', canGoOn: false });
  });
});

const comeBack = (query: string, answers: Parameters<typeof fakeApp>[0]) => {
  const storage = memoryStorage();
  fakeApp({}, { storage }).app.ports.session.keepFlow('s1', { provider: 'github' });
  return fakeApp({ readLink: link(), ...answers }, { storage, hash: '', search: `?state=s1&${query}` });
};

describe('coming back from a provider', () => {
  it('completes the connection', async () => {
    const page = comeBack('receipt=r1', { complete: ok(fakeAccount()) });
    await open(page.app);
    expect(page.calls.at(-1)).toEqual(['complete', { state: 's1', receipt: 'r1' }]);
    expect(page.view()).toEqual({
      ...{ kind: 'connected', displayName: 'GitHub', accountName: 'ada-lovelace', canGoOn: false },
      returnUrl: 'https://app.example.com/settings',
    });
    expect(page.app.ports.session.callback).toBeNull();
  });

  it.each([
    ['error=access_denied', 'connection_denied'],
    ['error=server_error', 'refused_by_provider'],
  ])('with %s says who refused', async (query, code) => {
    const page = comeBack(query, {});
    await open(page.app);
    expect(page.view()).toMatchObject({ kind: 'provider', problem: { code } });
  });

  it.each(['state_invalid', 'provider_rejected', 'account_mismatch'])(
    'says %s and offers to start again',
    async (code) => {
      const page = comeBack('receipt=r1', { complete: refused(code) });
      await open(page.app);
      expect(page.view()).toMatchObject({ kind: 'provider', provider: { provider: 'github' }, problem: { code } });
      expect(page.app.ports.session.callback).toBeNull();
    },
  );

  it.each(['offline', 'unavailable', 'store_busy', 'timed_out', 'too_many_requests'])(
    'keeps the receipt after %s, and the next attempt completes',
    async (code) => {
      const page = comeBack('receipt=r1', { complete: [refused(code), ok(fakeAccount())] });
      await open(page.app);
      expect(page.view()).toEqual({ kind: 'stopped', problem: { code } });
      await open(page.app);
      expect(page.view().kind).toBe('connected');
    },
  );

  it('completes nothing that was not started in this tab', async () => {
    const page = fakeApp({ readLink: link() }, { search: '?state=foreign&receipt=r1' });
    await open(page.app);
    expect(page.view()).toEqual({ kind: 'list', problem: { code: 'state_invalid' } });
    expect(page.calls.map(([name]) => name)).toEqual(['readLink']);
  });
});
