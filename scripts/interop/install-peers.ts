// Installs the servers and suites written elsewhere into test/interop/peers, apart from the project's own packages, from their lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of the servers and of their packages. */
export const PEERS = resolve(import.meta.dirname, '../../test/interop/peers');

/** The lock file that npm leaves in node_modules lists what is installed. */
const INSTALLED_LOCK = join(PEERS, 'node_modules/.package-lock.json');

const MOST_MILLISECONDS = 300_000;

interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}

const readLock = (path: string): Lock['packages'] => (JSON.parse(readFileSync(path, 'utf8')) as Lock).packages;

const isInstalled = (): boolean => {
  if (!existsSync(INSTALLED_LOCK)) return false;
  const installed = readLock(INSTALLED_LOCK);
  const wanted = Object.entries(readLock(join(PEERS, 'package-lock.json')));
  return wanted.every(([path, { version, optional }]) => !path || optional || installed[path]?.version === version);
};

/** Installs them unless they are installed. No install script of theirs is run. Throws when npm fails. */
export const installPeers = (): void => {
  if (isInstalled()) return;
  console.log('installing the packages of test/interop/peers');
  const args = ['ci', '--prefix', PEERS, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', timeout: MOST_MILLISECONDS });
  if (status !== 0) throw new Error('npm ci of test/interop/peers failed');
};
