// What the page shows in each state, in Chromium, with a link plane that needs no server.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser/chromium.ts';
import {
  BASE,
  type FakeLinkPlane,
  KEYS,
  makeLinkPlane,
  openLink,
  problem,
  serveFake,
} from '../support/browser/fake-link-plane.ts';
import { fakeAccounts } from '../support/browser/fake-providers.ts';
import { heading, press, seeHeading, useChromium } from './browser-page.ts';

const UUID = /^[0-9a-f-]{36}$/;

const preset = (provider: string, more: object = {}) =>
  makeLinkPlane({
    ...{ preset: { provider, mcpServerUrl: null, credentialId: null, scopes: null, variables: null } },
    ...more,
  });

describe.skipIf(!hasChromium)('the connect page', () => {
  const chromium = useChromium();

  const visit = async (plane: FakeLinkPlane): Promise<Page> => {
    const { context, page } = await chromium.open();
    await serveFake(context, plane);
    await openLink(page);
    return page;
  };

  const enterKey = async (page: Page, key: string): Promise<void> => {
    await page.getByLabel('API key', { exact: true }).fill(key);
    await press(page, 'Check and save');
  };

  it('takes the token out of the address, and forbids nothing that it needs', async () => {
    const page = await visit(makeLinkPlane());
    expect([page.url(), await heading(page)]).toEqual([`${BASE}/connect`, 'Connect an account']);
    expect(await page.evaluate('history.length')).toBe(2);
    expect(chromium.errors).toEqual([]);
  });

  it('is the same after it is loaded again', async () => {
    const page = await visit(makeLinkPlane());
    await page.reload();
    await seeHeading(page, 'Connect an account');
  });

  it('finds a provider by what is typed', async () => {
    const page = await visit(makeLinkPlane());
    await page.getByLabel('Search providers').fill('git');
    expect(await page.locator('.provider').allInnerTexts()).toEqual([expect.stringContaining('GitHub')]);
    expect(await page.locator('.search [role=status]').innerText()).toBe('1 provider found');
    await page.getByLabel('Search providers').fill('nothing');
    await page.getByText('No provider matches “nothing”.').waitFor();
  });

  it('connects by signing in, and shows the way back', async () => {
    const page = await visit(makeLinkPlane());
    await press(page, 'Slack');
    await press(page, 'Sign in with Slack');
    await page.getByRole('link', { name: 'Allow' }).click();
    await seeHeading(page, 'Slack is connected');
    expect(page.url()).toBe(`${BASE}/connect`);
    await page.getByText('as Ada Lovelace').waitFor();
    await page.reload();
    await seeHeading(page, 'Slack is connected');
    await page.getByRole('link', { name: 'Back to Keyhold' }).click();
    await seeHeading(page, 'The application');
  });

  it.each([
    ['Deny', 'You did not allow access'],
    ['Break', 'The provider refused the connection'],
  ])('says who refused after %s', async (link, title) => {
    const page = await visit(preset('slack'));
    await press(page, 'Sign in with Slack');
    await page.getByRole('link', { name: link }).click();
    expect(await page.getByRole('alert').innerText()).toContain(title);
    await page.getByRole('button', { name: 'Sign in with Slack' }).waitFor();
  });

  it('can be used after the back button of the browser', async () => {
    const page = await visit(preset('slack'));
    await press(page, 'Sign in with Slack');
    await page.getByRole('link', { name: 'Allow' }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in with Slack' }).waitFor();
  });

  it('finishes a connection that had no network at first', async () => {
    const plane = preset('slack');
    plane.instead.set('POST /connections/complete', 'offline');
    const page = await visit(plane);
    await press(page, 'Sign in with Slack');
    await page.getByRole('link', { name: 'Allow' }).click();
    await seeHeading(page, 'No connection');
    plane.instead.clear();
    await press(page, 'Try again');
    await seeHeading(page, 'Slack is connected');
  });

  it('completes nothing for a crafted address', async () => {
    const plane = makeLinkPlane();
    const page = await visit(plane);
    await page.goto(`${BASE}/connect?state=foreign&receipt=slack%20x`);
    await page.getByRole('alert').waitFor();
    expect(plane.requests.filter(({ key }) => key.endsWith('complete'))).toEqual([]);
  });

  it('shows a code, and that it is connected once it was approved', async () => {
    const plane = preset('github');
    const page = await visit(plane);
    await press(page, 'Use a code on another device');
    await page.getByText('Waiting for you to approve at GitHub…', { exact: true }).waitFor();
    expect(await page.locator('.code').innerText()).toBe('WDJB-MJHT');
    expect(await page.getByRole('progressbar').count()).toBe(1);
    expect(await page.getByRole('link', { name: /github.com/ }).getAttribute('rel')).toBe('noopener noreferrer');
    plane.polls = ['approved'];
    await seeHeading(page, 'GitHub is connected');
  });

  it.each([
    ['denied', 'You did not allow access'],
    ['expired', 'The code has expired'],
  ])('says that a code was %s', async (status, title) => {
    const plane = preset('github');
    plane.polls = [status];
    const page = await visit(plane);
    await press(page, 'Use a code on another device');
    await page.getByRole('alert').getByText(title).waitFor();
  });

  it('stores a key that the provider takes', async () => {
    const plane = preset('openai');
    const page = await visit(plane);
    await press(page, 'Enter an API key');
    await page.getByLabel('Name for this account').fill('Work');
    await enterKey(page, KEYS.valid);
    await seeHeading(page, 'OpenAI is connected');
    expect(plane.requests.at(-1)?.body).toEqual({
      ...{ type: 'api_key', provider: 'openai', apiKey: KEYS.valid, title: 'Work', id: expect.stringMatching(UUID) },
    });
  });

  it('stores nothing that the provider refuses, and hides the key until it is shown', async () => {
    const plane = preset('openai');
    const page = await visit(plane);
    await press(page, 'Enter an API key');
    await enterKey(page, KEYS.invalid);
    await page.getByRole('alert').getByText('The provider did not accept this').waitFor();
    expect(plane.requests.map(({ key }) => key)).not.toContain('POST /credentials');
    const input = page.getByLabel('API key', { exact: true });
    expect(await input.getAttribute('type')).toBe('password');
    await press(page, 'Show API key');
    expect([await input.getAttribute('type'), await input.inputValue()]).toEqual(['text', KEYS.invalid]);
  });

  it('lets the person store a key that could not be checked', async () => {
    const page = await visit(preset('openai'));
    await press(page, 'Enter an API key');
    await enterKey(page, KEYS.unknown);
    await press(page, 'Save anyway');
    await seeHeading(page, 'OpenAI is connected');
  });

  it('says at a field what is wrong with it', async () => {
    const plane = preset('openai');
    const errors = [{ pointer: '#/apiKey', detail: 'has a line break at character 7' }];
    plane.instead.set('POST /credentials/check', problem(400, 'invalid_request', { errors }));
    const page = await visit(plane);
    await press(page, 'Enter an API key');
    await enterKey(page, 'x');
    await page.getByText('has a line break at character 7').waitFor();
    expect(await page.getByLabel('API key', { exact: true }).getAttribute('aria-invalid')).toBe('true');
  });

  it('renames, reconnects, replaces and disconnects accounts', async () => {
    const plane = makeLinkPlane({ manage: true }, fakeAccounts);
    const page = await visit(plane);
    await page.getByText('Access was withdrawn at the provider, or it ran out.').waitFor();
    await press(page, 'Rename Work');
    await page.getByLabel('New name for Work').fill('Private');
    await press(page, 'Save');
    await press(page, 'Disconnect Private');
    await press(page, 'Keep it');
    await press(page, 'Disconnect Private');
    await press(page, 'Yes, disconnect');
    await page.locator('.notice').getByText('Private is disconnected.').waitFor();
    await press(page, 'Reconnect Analytical Engines');
    await press(page, 'Sign in with Slack');
    await page.getByRole('link', { name: 'Allow' }).click();
    await press(page, 'See all accounts');
    await press(page, 'Replace OpenAI key');
    await enterKey(page, KEYS.valid);
    await seeHeading(page, 'OpenAI is connected');
    expect(plane.accounts.map(({ id, status }) => [id, status])).toEqual([
      ['slack-1', 'active'],
      [expect.stringMatching(UUID), 'active'],
    ]);
  });

  it('says that a key that was replaced is still there, until it is removed', async () => {
    const plane = makeLinkPlane({ manage: true }, fakeAccounts);
    plane.instead.set('DELETE /credentials/openai-1', problem(503, 'store_busy'));
    const page = await visit(plane);
    await press(page, 'Replace OpenAI key');
    await enterKey(page, KEYS.valid);
    await page.getByRole('alert').getByText('The service is busy').waitFor();
    expect(await heading(page)).toBe('OpenAI is saved');
    plane.instead.clear();
    await press(page, 'Remove the former one');
    await seeHeading(page, 'OpenAI is connected');
    expect(plane.accounts.map(({ id }) => id)).not.toContain('openai-1');
  });

  it('stores a key once whose answer was lost', async () => {
    const plane = makeLinkPlane({ manage: true });
    const page = await visit(plane);
    await press(page, 'OpenAI');
    await press(page, 'Enter an API key');
    plane.instead.set('POST /credentials', 'offline');
    await enterKey(page, KEYS.valid);
    await page.getByRole('alert').getByText('It is not certain whether this was saved').waitFor();
    plane.instead.set('POST /credentials', problem(409, 'credential_exists'));
    await press(page, 'Check and save');
    await seeHeading(page, 'OpenAI is connected');
    const sent = plane.requests.filter(({ key }) => key === 'POST /credentials').map(({ body }) => body.id);
    expect(sent).toEqual([expect.stringMatching(UUID), sent[0]]);
  });

  it.each([
    [problem(401, 'link_invalid'), 'This link cannot be used any more', false],
    [problem(503, 'store_unavailable'), 'The service does not answer at the moment', true],
    [{ status: 429, json: { message: 'Too Many Requests' } }, 'Too many requests', true],
    ['offline', 'No connection', true],
  ] as const)('stops with words when the link cannot be read: %j', async (answer, title, canRetry) => {
    const plane = makeLinkPlane();
    plane.instead.set('GET ', answer);
    const page = await visit(plane);
    await seeHeading(page, title);
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(canRetry ? 1 : 0);
    plane.instead.clear();
    if (!canRetry) return;
    await press(page, 'Try again');
    await seeHeading(page, 'Connect an account');
  });

  it('needs a link', async () => {
    const { context, page } = await chromium.open();
    await serveFake(context, makeLinkPlane());
    await openLink(page, '');
    await seeHeading(page, 'Open your link again');
  });

  it('opens another link in the same tab', async () => {
    const page = await visit(makeLinkPlane());
    await page.goto(`${BASE}/connect#another`);
    await seeHeading(page, 'This link cannot be used any more');
  });
});
