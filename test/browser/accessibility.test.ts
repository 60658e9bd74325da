// Every view without a violation that axe finds, light and dark, wide and at 360 px; with the keyboard alone; and nothing wider than the
// screen.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium } from '../support/browser/chromium.ts';
import {
  type FakeLinkPlane,
  KEYS,
  makeLinkPlane,
  openLink,
  problem,
  serveFake,
} from '../support/browser/fake-link-plane.ts';
import { fakeAccounts, fakeServers } from '../support/browser/fake-providers.ts';
import { isProof } from '../support/run/proof.ts';
import { press, seeHeading, useChromium } from './browser-page.ts';

const preset = (provider: string, mcpServerUrl: string | null = null): FakeLinkPlane =>
  makeLinkPlane({ preset: { provider, mcpServerUrl, credentialId: null, scopes: null, variables: null } });
const managed = () => makeLinkPlane({ manage: true }, [...fakeAccounts, ...fakeServers]);

type Steps = (page: Page) => Promise<unknown>;
const stay: Steps = async () => {};

const refuseKey: Steps = async (page) => {
  await press(page, 'Enter an API key');
  await page.getByLabel('API key', { exact: true }).fill(KEYS.invalid);
  await press(page, 'Check and save');
  await page.getByRole('alert').waitFor();
};

const refuseServer: Steps = async (page) => {
  await page.getByLabel('Address of the server (URL)').fill('https://tools.example/mcp');
  await press(page, 'Continue');
  await page.getByRole('alert').waitFor();
};

const views: [string, () => FakeLinkPlane, Steps][] = [
  ['list', () => makeLinkPlane(), stay],
  ['accounts', managed, stay],
  ['rename', managed, (page) => press(page, 'Rename Work')],
  ['disconnect', managed, (page) => press(page, 'Disconnect Work')],
  ['provider', () => preset('github'), stay],
  ['variables', () => preset('shopify'), stay],
  ['refused key', () => preset('openai'), refuseKey],
  [
    'code',
    () => preset('github'),
    async (page) => {
      await press(page, 'Use a code on another device');
      await page.locator('.code').waitFor();
    },
  ],
  [
    'key that replaces one',
    () => {
      const plane = managed();
      plane.instead.set('DELETE /credentials/openai-1', problem(503, 'store_busy'));
      return plane;
    },
    async (page) => {
      await press(page, 'Replace OpenAI key');
      await page.getByLabel('API key', { exact: true }).fill(KEYS.valid);
      await press(page, 'Check and save');
      await page.getByRole('alert').waitFor();
    },
  ],
  ['server', () => preset('mcp', `https://${'long.'.repeat(12)}example/mcp`), stay],
  [
    'refused server',
    () => {
      const plane = preset('mcp');
      const why = { step: 'authorization_server_metadata', reason: 'no_authorization_server' };
      plane.instead.set('POST /connections', problem(502, 'server_not_connectable', why));
      return plane;
    },
    refuseServer,
  ],
  ['used link', () => ({ ...makeLinkPlane(), isSpent: true }), stay],
];

const nameAll = (some: typeof views) => ({ some, names: some.map(([name]) => name) });
const halves = [0, 1].map((parity) => nameAll(views.filter((_, index) => index % 2 === parity)));
const LIGHT_NARROW = { scheme: 'light' as const, width: 360 };
const DARK_WIDE = { scheme: 'dark' as const, width: 640 };
const LOOKS = [
  LIGHT_NARROW,
  DARK_WIDE,
  { scheme: 'light' as const, width: 640 },
  { scheme: 'dark' as const, width: 360 },
];
/** `npm test` plays each view in one look, and `npm run proof` in all. */
const looks = isProof
  ? LOOKS.flatMap((look) => halves.map((half) => ({ ...look, ...half })))
  : halves.map((half, index) => ({ ...(index === 0 ? LIGHT_NARROW : DARK_WIDE), ...half }));

describe.skipIf(!hasChromium)('the views', () => {
  const chromium = useChromium();

  const visit = async (plane: FakeLinkPlane, options = {}): Promise<Page> => {
    const { context, page } = await chromium.open(options);
    await serveFake(context, plane);
    await openLink(page);
    return page;
  };

  const findViolations = async (page: Page): Promise<string[]> => {
    await page.evaluate(axe.source);
    const found = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as axe.AxeResults;
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
  };

  it.each(looks)('have no violation in $scheme at $width px, and fit: $names', async ({ scheme, width, some }) => {
    const { context, page } = await chromium.open({ colorScheme: scheme, viewport: { width, height: 720 } });
    for (const [name, makePlane, steps] of some) {
      await context.unrouteAll();
      await serveFake(context, makePlane());
      await page.goto('about:blank');
      await openLink(page);
      await steps(page);
      expect([name, await findViolations(page)]).toEqual([name, []]);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([name, overflow]).toEqual([name, 0]);
    }
  });

  it('would be found with a violation', async () => {
    const page = await visit(makeLinkPlane());
    await page.evaluate('document.querySelector("h1").style.color = "#ccc"');
    expect((await findViolations(page)).map((each) => each.split(':')[0])).toEqual(['color-contrast']);
  });

  it('can be used with the keyboard alone, and each new view takes the focus', async () => {
    const page = await visit(makeLinkPlane());
    const focused = () => page.evaluate('document.activeElement.textContent || document.activeElement.id');
    expect(await focused()).toBe('Connect an account');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('search');
    await page.keyboard.type('openai');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Connect OpenAI');
    expect(await focused()).toBe('Connect OpenAI');
  });

  it('give the focus back to where an edit began', async () => {
    const page = await visit(managed());
    const focused = () =>
      page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');
    await press(page, 'Rename Work');
    expect(await page.evaluate('document.activeElement.value')).toBe('Work');
    await press(page, 'Cancel');
    await expect.poll(focused).toBe('Rename Work');
    await press(page, 'Disconnect Work');
    await press(page, 'Yes, disconnect');
    await expect.poll(focused).toBe('Connected accounts');
  });

  it('say to a screen reader what is under way', async () => {
    const plane = preset('github');
    const page = await visit(plane);
    await press(page, 'Use a code on another device');
    await expect
      .poll(() => page.locator('body > #page > p[role=status]').innerText())
      .toBe('Your code is WDJB-MJHT. Waiting for you to approve.');
  });
});
