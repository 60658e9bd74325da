// Chromium for the browser suite. Where there is none, the suite says so and is skipped: CI installs it (.ci/run).
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where distributions and vendors install it. The headless shell, the same engine without a window, takes a fifth less CPU. */
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const findChromium = (): string | undefined => process.env.CHROMIUM_PATH || PLACES.find((path) => existsSync(path));

const executablePath = findChromium();

/** Whether the suite can run. */
export const hasChromium = executablePath !== undefined;

if (!hasChromium)
  console.warn('\nSKIPPED: the browser suite. There is no Chromium here: install it, or set CHROMIUM_PATH.\n');

/** Starts it. The sandbox is off: it cannot be set up in most containers, and only pages of this repository are opened. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox', '--disable-gpu'] });
