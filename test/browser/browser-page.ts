// A page in Chromium for each test of a suite, in a browser of its own context: no cookie or storage of another test.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchChromium } from '../support/browser/chromium.ts';

/** A hang limit; no test depends on speed. */
const HANG_MILLISECONDS = 60_000;

/** Opens another context: another browser for cookies and storage. What its pages report as errors is in `errors`. */
export interface Contexts {
  open(options?: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page }>;
  /** Errors of the pages: exceptions, and what a policy forbade. */
  errors: string[];
}

const watch = (page: Page, errors: string[]): void => {
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedTypes/i.test(message.text())) errors.push(message.text());
  });
};

/** Chromium for the tests of a file. */
export const useChromium = (): Contexts => {
  let browser: Browser;
  const errors: string[] = [];
  const opened: BrowserContext[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
    errors.length = 0;
  });
  afterAll(() => browser.close());
  return {
    errors,
    open: async (options = {}) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      context.setDefaultTimeout(HANG_MILLISECONDS);
      opened.push(context);
      const page = await context.newPage();
      watch(page, errors);
      return { context, page };
    },
  };
};

/** The heading that is shown. */
export const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

/** Presses a button by its whole name. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Waits for a heading. */
export const seeHeading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
