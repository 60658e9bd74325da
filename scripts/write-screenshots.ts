// `npm run screenshots`: pictures of the connect page for the documentation, from Chromium and a link plane without a server.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../test/support/browser/chromium.ts';
import {
  BASE,
  type FakeLinkPlane,
  KEYS,
  makeLinkPlane,
  openLink,
  problem,
  serveFake,
} from '../test/support/browser/fake-link-plane.ts';
import { fakeAccounts, fakeProviders, fakeServers } from '../test/support/browser/fake-providers.ts';

interface Shot {
  name: string;
  plane: FakeLinkPlane;
  /** From the opened link to what is shown. */
  steps?(page: Page): Promise<void>;
  scheme?: 'light' | 'dark';
  width?: number;
}

/** The same picture on every machine, with a face as narrow as most system fonts. */
const FONT = 'body{font-family:"Liberation Sans",Arial,sans-serif}';

const folder = process.argv[2] ?? join(import.meta.dirname, '../docs/pictures');
const button = (name: string) => (page: Page) => page.getByRole('button', { name }).click();
const preset = (provider: string) =>
  makeLinkPlane({
    preset: { ...{ provider, mcpServerUrl: null, credentialId: null }, ...{ scopes: null, variables: null } },
  });

const enterKey = (key: string) => async (page: Page) => {
  await button('Enter an API key')(page);
  await page.getByLabel('API key', { exact: true }).fill(key);
  await button('Check and save')(page);
};

/** A server that takes no application which it does not know. */
const refuseServer = () => {
  const plane = preset('mcp');
  const why = { step: 'registration', reason: 'registration_unsupported' };
  plane.instead.set('POST /connections', problem(502, 'server_not_connectable', why));
  return plane;
};

/** Few enough to be seen at a glance. */
const FEW = fakeProviders.filter(({ provider }) => ['github', 'google', 'mcp', 'openai', 'slack'].includes(provider));
const MANAGED = [...fakeAccounts, ...fakeServers.slice(0, 1)];

const shots: readonly Shot[] = [
  { name: 'accounts', plane: makeLinkPlane({ manage: true, providers: FEW }, fakeAccounts.slice(0, 2)) },
  { name: 'list', plane: makeLinkPlane() },
  { name: 'provider', plane: preset('github') },
  {
    name: 'device',
    plane: preset('github'),
    steps: async (page) => {
      await button('Use a code on another device')(page);
      await page.getByText('WDJB-MJHT').first().waitFor();
    },
  },
  {
    name: 'key',
    plane: preset('openai'),
    steps: async (page) => {
      await enterKey(KEYS.invalid)(page);
      await page.getByText('did not accept').waitFor();
    },
  },
  {
    name: 'connected',
    plane: preset('github'),
    steps: async (page) => {
      await enterKey(KEYS.valid)(page);
      await page.getByText('GitHub is connected').waitFor();
    },
  },
  {
    name: 'server',
    plane: refuseServer(),
    steps: async (page) => {
      await page.getByLabel('Address of the server (URL)').fill('https://mcp.notes.example/mcp');
      await button('Continue')(page);
      await page.getByText('does not accept').waitFor();
    },
  },
  { name: 'used', plane: { ...makeLinkPlane(), isSpent: true } },
  { name: 'manage-dark', plane: makeLinkPlane({ manage: true, providers: FEW }, MANAGED), scheme: 'dark' },
  { name: 'manage-360', plane: makeLinkPlane({ manage: true, providers: FEW }, MANAGED), width: 360 },
];

mkdirSync(folder, { recursive: true });
const browser = await launchChromium();
for (const { name, plane, steps, scheme = 'light', width = 640 } of shots) {
  const context = await browser.newContext({
    viewport: { width, height: 720 },
    colorScheme: scheme,
    deviceScaleFactor: 1.5,
    reducedMotion: 'reduce',
    // For the font below: the policy of the page allows no other style.
    bypassCSP: true,
  });
  await serveFake(context, plane);
  const page = await context.newPage();
  await openLink(page);
  await page.addStyleTag({ content: FONT });
  await steps?.(page);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await context.close();
}
await browser.close();
console.log(`${shots.length} pictures of ${BASE}/connect in ${folder}`);
