// The connect page in Chromium on the local server: the real link plane, the demo provider's own pages, and a provider that checks keys.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser/chromium.ts';
import type { Keyhold } from '../support/http/local-server.ts';
import { makeConnector, startConnecting } from '../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../support/providers/misbehaving-provider.ts';
import { press, seeHeading, useChromium } from './browser-page.ts';

describe.skipIf(!hasChromium)('the connect page on the local server', () => {
  const chromium = useChromium();
  let provider: MisbehavingProvider;
  let keyhold: Keyhold;

  beforeAll(async () => {
    provider = await startMisbehavingProvider();
    // A provider whose keys the catalogue lists, with the address of the stub in place of its own.
    const openai = provider.entry('openai', {
      displayName: 'OpenAI',
      apiBaseUrl: `${provider.url}/openai`,
      verification: { method: 'GET', path: '/me' },
    });
    keyhold = await startConnecting({ openai }, { CONNECT_PAGE_NAME: 'Acme' });
  });
  beforeEach(() => provider.reset());
  afterAll(async () => {
    await keyhold?.stop();
    provider?.close();
  });

  const makeLink = async (user: string, body: object = {}): Promise<string> => {
    const { status, json, text } = await keyhold.worker.call('POST', `/v1/users/${user}/connect-links`, body);
    expect([status, status === 201 ? '' : text]).toEqual([201, '']);
    return json.url;
  };

  const visit = async (url: string): Promise<Page> => {
    const { page } = await chromium.open();
    await page.goto(url);
    return page;
  };

  const own = async (user: string): Promise<unknown[]> => makeConnector(keyhold, 'runtime', user).own();

  const enterKey = async (page: Page, key: string): Promise<void> => {
    await press(page, 'Enter an API key');
    await page.getByLabel('API key', { exact: true }).fill(key);
    await press(page, 'Check and save');
  };

  it('connects the demo account, shows the way back, and is then used up', async () => {
    const url = await makeLink('oauth', { provider: 'demo', returnUrl: `${keyhold.url}/_local/demo` });
    const page = await visit(url);
    await press(page, 'Sign in with Demo');
    await press(page, 'Allow, as Ada Lovelace');
    await seeHeading(page, 'Demo is connected');
    expect([page.url(), chromium.errors]).toEqual([`${keyhold.url}/connect`, []]);
    expect(await own('oauth')).toEqual([expect.objectContaining({ provider: 'demo', username: 'Ada Lovelace' })]);
    await page.getByRole('link', { name: 'Back to Acme' }).click();
    await seeHeading(page, 'Demo application');
    const { page: other } = await chromium.open();
    await other.goto(url);
    await seeHeading(other, 'This link cannot be used any more');
  });

  it('says that the person refused, stores nothing, and can be tried again', async () => {
    const page = await visit(await makeLink('denied', { provider: 'demo' }));
    await press(page, 'Sign in with Demo');
    await press(page, 'Deny');
    await page.getByRole('alert').getByText('You did not allow access').waitFor();
    expect(await own('denied')).toEqual([]);
    await press(page, 'Sign in with Demo');
    await press(page, 'Allow, as Grace Hopper');
    await page.getByText('Grace Hopper').waitFor();
  });

  it('connects by a code that is entered on another device', async () => {
    const page = await visit(await makeLink('device', { provider: 'demo' }));
    await press(page, 'Use a code on another device');
    const address = await page.getByRole('link', { name: /device/ }).getAttribute('href');
    const { page: phone } = await chromium.open();
    await phone.goto(address ?? '');
    await phone.locator('button[type=submit]').first().click();
    await phone.getByRole('button', { name: 'Allow, as Ada Lovelace' }).click();
    await seeHeading(page, 'Demo is connected');
    expect(await own('device')).toHaveLength(1);
  });

  it('stores a key that works, and none that the provider refuses', async () => {
    const page = await visit(await makeLink('key', { provider: 'openai' }));
    provider.answer('/openai/me', { status: 401 });
    await enterKey(page, 'sk-wrong');
    await page.getByRole('alert').getByText('The provider did not accept this').waitFor();
    expect(await own('key')).toEqual([]);
    provider.answer('/openai/me', { body: { id: 1 } });
    await page.getByLabel('API key', { exact: true }).fill('sk-right');
    await press(page, 'Check and save');
    await seeHeading(page, 'OpenAI is connected');
    expect(await own('key')).toHaveLength(1);
  });

  it('leaves a key that cannot be checked to the person', async () => {
    const page = await visit(await makeLink('unknown', { provider: 'openai' }));
    provider.answer('/openai/me', { status: 500 });
    await enterKey(page, 'sk-maybe');
    await press(page, 'Save anyway');
    await seeHeading(page, 'OpenAI is connected');
    expect(await own('unknown')).toHaveLength(1);
  });

  it('shows a key that could never be sent as wrong at its field', async () => {
    const page = await visit(await makeLink('unsendable', { provider: 'openai' }));
    await enterKey(page, 'sk-\u200bhidden');
    await page.locator('.field-error').waitFor();
    expect(await own('unsendable')).toEqual([]);
  });

  it('renames, reconnects and disconnects an account, and finds a provider in the whole catalogue', async () => {
    const page = await visit(await makeLink('manage', { manage: true }));
    await page.getByLabel('Search providers').fill('demo');
    await press(page, 'Demo');
    await press(page, 'Sign in with Demo');
    await press(page, 'Allow, as Ada Lovelace');
    await press(page, 'See all accounts');
    await press(page, 'Rename Ada Lovelace');
    await page.getByLabel('New name for Ada Lovelace').fill('Work');
    await press(page, 'Save');
    await press(page, 'Reconnect Work');
    await press(page, 'Sign in with Demo');
    // The session at the provider may have answered at once.
    const allow = page.getByRole('button', { name: 'Allow, as Ada Lovelace' });
    await allow.or(page.getByText('Demo is connected')).first().waitFor();
    if (await allow.isVisible()) await allow.click();
    await seeHeading(page, 'Demo is connected');
    expect(await own('manage')).toEqual([expect.objectContaining({ title: 'Work', username: 'Ada Lovelace' })]);
    await press(page, 'See all accounts');
    await press(page, 'Disconnect Work');
    await press(page, 'Yes, disconnect');
    await page.locator('.notice').getByText('Work is disconnected.').waitFor();
    expect(await own('manage')).toEqual([]);
  });

  it('refuses a link that another browser has opened', async () => {
    const url = await makeLink('browsers');
    const first = await visit(url);
    await seeHeading(first, 'Connect an account');
    const second = await visit(url);
    await seeHeading(second, 'This link cannot be used any more');
    await first.reload();
    await seeHeading(first, 'Connect an account');
  });

  it('keeps its link when it is loaded again before the first answer arrives', async () => {
    const { page } = await chromium.open();
    await page.route('**/v1/link', async (route) => {
      const headers = await route.request().allHeaders();
      const { status } = await keyhold.anonymous.call('GET', '/v1/link', undefined, {
        ...{ authorization: headers.authorization ?? '', cookie: headers.cookie ?? '' },
      });
      expect(status).toBe(200);
      await route.abort();
    });
    await page.goto(await makeLink('reloaded'));
    await seeHeading(page, 'No connection');
    await page.unrouteAll();
    await page.reload();
    await seeHeading(page, 'Connect an account');
  });

  it('is opened by the printed address, and from the demo application, for the user one names', async () => {
    const [printed] = /^http.*\/_local\/connect\?user=alice$/m.exec(keyhold.stdout()) ?? [];
    const page = await visit(printed ?? '');
    await seeHeading(page, 'Your accounts');
    expect(page.url()).toBe(`${keyhold.url}/connect`);
    await page.goto(`${keyhold.url}/_local/demo`);
    await page.getByLabel('You are signed in as').fill('Zoë/1');
    await press(page, 'Open the connect page');
    await seeHeading(page, 'Your accounts');
    await page.getByLabel('Search providers').fill('demo');
    await press(page, 'Demo');
    await press(page, 'Sign in with Demo');
    await press(page, 'Allow, as Grace Hopper');
    await page.getByRole('link', { name: 'Back to Acme' }).click();
    await seeHeading(page, 'Demo application');
    const { json } = await keyhold.user('Zoë/1').call('GET', '/v1/me/credentials');
    expect(json.credentials).toContainEqual(expect.objectContaining({ username: 'Grace Hopper' }));
  });

  it('opens only what API Gateway would answer: no path below the page', async () => {
    const { status, headers } = await keyhold.anonymous.call('GET', '/connect', undefined, {
      'accept-encoding': 'gzip',
    });
    expect([status, headers['content-encoding']]).toEqual([200, 'gzip']);
    expect((await keyhold.anonymous.call('GET', '/connect/x')).status).toBe(404);
  });
});
