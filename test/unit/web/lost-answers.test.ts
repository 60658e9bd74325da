// Requests of the page whose answer was lost, and keys whose former one could not be removed: nothing is stored twice, and nothing is said
// to have worked, or to have failed, that may not have.
import { describe, expect, it } from 'vitest';
import { connectByCode } from '../../../web/app/flows/device.ts';
import { openForm, submitForm } from '../../../web/app/flows/key.ts';
import { open } from '../../../web/app/flows/open.ts';
import { removeLeftovers } from '../../../web/app/flows/replace.ts';
import type { FormView, LeftoverView } from '../../../web/app/logic/model.ts';
import { fakeAccount, fakeProviders } from '../../support/browser/fake-providers.ts';
import { fakeApp, link, ok, refused } from './fake-app.ts';
import { memoryStorage } from './memory-storage.ts';

const target = (name: string) => {
  const provider = fakeProviders.find((each) => each.provider === name);
  if (!provider) throw new Error(`no ${name}`);
  return { provider, account: null };
};

type Answers = Parameters<typeof fakeApp>[0];
type Page = ReturnType<typeof fakeApp>;

const check = ok({ result: 'valid' as const, account: { id: '1', name: 'Ada' } });
const key = fakeAccount({ id: 'k', type: 'api_key', provider: 'openai', username: null });
const old = fakeAccount({ id: 'old', type: 'api_key', provider: 'openai', title: 'Old', username: null });
const entry = { ...target('openai'), type: 'api_key' };

const openPage = async (answers: Answers, manage: boolean): Promise<Page> => {
  const page = fakeApp({ readLink: link({ manage, credentials: manage ? [old] : null }), check, ...answers });
  await open(page.app);
  return page;
};

/** Submits the form that is on the page, as the view does. */
const submitAgain = (page: Page, apiKey: string): Promise<void> =>
  submitForm(page.app, page.view() as FormView, { apiKey });

const bodies = (page: Page, call: string): unknown[] =>
  page.calls.filter(([name]) => name === call).map(([, body]) => body);
const ids = (page: Page): string[] => page.app.get().accounts.map(({ id }) => id);

const LOST = ['offline', 'unavailable', 'timed_out', 'store_unavailable', 'internal_error', 'unexpected'];

describe('a key whose answer was lost', () => {
  it.each(LOST)('is sent again with the same id, and is stored once: %s', async (code) => {
    const page = await openPage({ store: [refused(code), refused('credential_exists')] }, true);
    await submitForm(page.app, entry, { apiKey: 'sk-1', title: 'Work' });
    expect(page.view()).toMatchObject({ kind: 'form', phase: 'editing', problem: { code: 'maybe_stored' } });
    await submitForm(page.app, page.view() as FormView, { apiKey: 'sk-1', title: 'Work' });
    const [first, second] = bodies(page, 'store');
    expect([second, bodies(page, 'check')]).toEqual([first, [first]]);
    expect(page.view()).toMatchObject({ kind: 'connected', accountName: 'Work' });
    expect(page.app.get().accounts.at(-1)).toMatchObject({ id: 'id-1', provider: 'openai', title: 'Work' });
  });

  it('keeps the wait that the service asked for', async () => {
    const page = await openPage({ store: refused('unavailable', { retryAfterSeconds: 7 }) }, true);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    expect(page.view()).toMatchObject({ problem: { code: 'maybe_stored', retryAfterSeconds: 7 } });
  });

  it.each([
    ['is gone', ok({})],
    ['was never stored', refused('credential_not_found')],
  ])('and that was changed before it was sent again, is removed: it %s', async (_, disconnect) => {
    const page = await openPage({ store: [refused('offline'), ok(key)], disconnect }, true);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    // What the view does when something is typed.
    openForm(page.app, page.view() as FormView);
    await submitAgain(page, 'sk-2');
    expect(bodies(page, 'store')).toMatchObject([
      { apiKey: 'sk-1', id: 'id-1' },
      { apiKey: 'sk-2', id: 'id-2' },
    ]);
    expect(bodies(page, 'disconnect')).toEqual(['id-1']);
    expect([page.view().kind, ids(page)]).toEqual(['connected', ['old', 'k']]);
  });

  it('and whose link is used up, is most likely stored', async () => {
    const page = await openPage({ store: [refused('offline'), refused('link_invalid')] }, false);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    await submitAgain(page, 'sk-1');
    expect(page.view()).toEqual({ kind: 'stopped', problem: { code: 'maybe_connected' } });
  });

  it('removes nothing by a link that stores one only', async () => {
    const page = await openPage({ store: [refused('offline'), ok(key)] }, false);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    await submitAgain(page, 'sk-2');
    expect(page.view().kind).toBe('connected');
  });

  it('is another one in another form', async () => {
    const page = await openPage({ store: ok(key) }, true);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    expect(bodies(page, 'store')).toMatchObject([{ id: 'id-1' }, { id: 'id-2' }]);
  });

  it('is not assumed where the link was refused at once', async () => {
    const page = await openPage({ check: refused('link_invalid') }, false);
    await submitForm(page.app, entry, { apiKey: 'sk-1' });
    expect(page.view()).toMatchObject({ kind: 'form', problem: { code: 'link_invalid' } });
  });
});

describe('a key that replaces one', () => {
  const replace = async (page: Page): Promise<void> =>
    submitForm(page.app, { ...entry, account: old }, { apiKey: 'sk-2' });

  it.each(['store_busy', 'offline', 'link_not_allowed'])(
    'is not said to be connected while the former one is there: %s',
    async (code) => {
      const page = await openPage({ store: ok(key), disconnect: [refused(code), ok({})] }, true);
      await replace(page);
      expect(page.view()).toMatchObject({ kind: 'leftover', ids: ['old'], isBusy: false, problem: { code } });
      expect(page.views.map(({ kind }) => kind)).not.toContain('connected');
      expect(ids(page)).toEqual(['old', 'k']);
      await removeLeftovers(page.app, page.view() as LeftoverView);
      expect([page.view(), ids(page)]).toMatchObject([{ kind: 'connected', accountName: 'Ada' }, ['k']]);
    },
  );

  it('is connected when the former one was gone', async () => {
    const page = await openPage({ store: ok(key), disconnect: refused('credential_not_found') }, true);
    await replace(page);
    expect([page.view().kind, ids(page)]).toEqual(['connected', ['k']]);
  });

  it('removes the former one too where its own answer was lost', async () => {
    const store = [refused('offline'), refused('credential_exists')];
    const page = await openPage({ store, disconnect: ok({}) }, true);
    await replace(page);
    await submitAgain(page, 'sk-2');
    expect([bodies(page, 'disconnect'), ids(page)]).toEqual([['old'], ['id-1']]);
  });
});

describe('a link that is used up after a lost answer', () => {
  it('was most likely used up by the connection that was being completed', async () => {
    const storage = memoryStorage();
    fakeApp({}, { storage }).app.ports.session.keepFlow('s1', { provider: 'github' });
    const answers = { readLink: [link(), refused('link_invalid')], complete: refused('offline') };
    const page = fakeApp(answers, { storage, hash: '', search: '?state=s1&receipt=r1' });
    await open(page.app);
    await open(page.app);
    expect(page.view()).toEqual({ kind: 'stopped', problem: { code: 'maybe_connected' } });
  });

  it('was not, when nothing was completed yet', async () => {
    const storage = memoryStorage();
    fakeApp({}, { storage }).app.ports.session.keepFlow('s1', { provider: 'github' });
    const given = { storage, hash: '', search: '?state=s1&receipt=r1' };
    const page = fakeApp({ readLink: refused('link_invalid') }, given);
    await open(page.app);
    expect(page.view()).toEqual({ kind: 'stopped', problem: { code: 'link_invalid' } });
  });

  const started = ok({
    ...{ state: 's1', userCode: 'AB-CD', verificationUri: 'https://github.com/device', interval: 5 },
    expiresAt: '2030-01-01T00:10:00.000Z',
  });
  const pending = ok({ status: 'pending' as const, credential: null });

  it.each([
    ['was most likely used up by the poll of a code', [refused('offline'), refused('link_invalid')], 'stopped'],
    ['is refused when the answer before was none', [pending, refused('link_invalid')], 'provider'],
    ['is refused when nothing was done before', [refused('store_busy'), refused('link_invalid')], 'provider'],
  ])('%s', async (_, pollDevice, kind) => {
    const page = fakeApp({ startDevice: started, pollDevice });
    await connectByCode(page.app, target('github'));
    const code = kind === 'stopped' ? 'maybe_connected' : 'link_invalid';
    expect(page.view()).toMatchObject({ kind, problem: { code } });
  });
});
