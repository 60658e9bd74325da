// Starting Keyhold or its tests on an older Node prints one line that says what to do, never a stack trace.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const CHECK = resolve('scripts/require-node.mjs');

/** Runs the check in a process with another version or platform in `process`. */
const run = (overrides: { version?: string; platform?: string }, args: string[] = []) => {
  const { version = process.versions.node, platform = process.platform } = overrides;
  const preload =
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });` +
    `Object.defineProperty(process, 'version', { value: 'v${version}' });` +
    `Object.defineProperty(process, 'platform', { value: '${platform}' });`;
  const imported = `data:text/javascript,${encodeURIComponent(preload)}`;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', imported, CHECK, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, lines: stderr.split('\n').filter(Boolean) };
};

describe('the check before npm start and npm test', () => {
  it('prints nothing on the Node of this repository', () => {
    expect(run({}, ['--tests'])).toEqual({ status: 0, stdout: '', lines: [] });
  });

  it.each([
    ['linux', /^keyhold: Node 24 or newer is needed, this is v20\.20\.2: run "npm ci" without --omit=optional/],
    ['darwin', /^keyhold: Node 24 or newer is needed, this is v20\.20\.2: install it from https:\/\/nodejs\.org/],
  ])('refuses an older Node on %s in one line that says what to do', (platform, expected) => {
    const { status, lines } = run({ version: '20.20.2', platform });
    expect([status, lines]).toEqual([1, [expect.stringMatching(expected)]]);
  });
});
