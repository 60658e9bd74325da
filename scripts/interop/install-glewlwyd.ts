// Unpacks the Debian packages of glewlwyd, and of the libraries that only it needs, into a folder beside the npm
// packages of test/interop/peers. Nothing is installed on the machine, so that no rights are needed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEERS } from './install-peers.ts';

const FOLDER = join(PEERS, 'node_modules/.glewlwyd');
/** Written last: the version that is unpacked. */
const VERSION = join(FOLDER, 'version');
const MOST_MILLISECONDS = 60_000;

/** glewlwyd itself, and what it loads that a small Debian lacks. */
const PACKAGES = [
  'glewlwyd',
  'glewlwyd-common',
  'libcbor0.8',
  'libconfig9',
  'libhoel1.4',
  'libiddawc1.1',
  'libjansson4',
  'libldap-2.5-0',
  'libmariadb3',
  'libmicrohttpd12',
  'liboath0',
  'liborcania2.3',
  'libpq5',
  'librhonabwy1.1',
  'libulfius2.7',
  'libyder2.0',
];

/** Answers what it printed; null: it failed, or is not on this machine. */
const run = (command: string, args: readonly string[]): string | null => {
  const { status, stdout } = spawnSync(command, args, { cwd: FOLDER, encoding: 'utf8', timeout: MOST_MILLISECONDS });
  return status === 0 ? stdout : null;
};

const unpack = (): boolean => {
  if (run('apt-get', ['download', ...PACKAGES]) === null) return false;
  const archives = readdirSync(FOLDER).filter((name) => name.endsWith('.deb'));
  const isUnpacked = archives.every((archive) => run('dpkg-deb', ['-x', archive, '.']) !== null);
  for (const archive of archives) rmSync(join(FOLDER, archive));
  const version = archives.find((name) => name.startsWith('glewlwyd_'))?.split('_')[1];
  if (!isUnpacked || version === undefined) return false;
  writeFileSync(VERSION, version);
  return true;
};

/** Unpacks them unless they are; false where that cannot be done: no Debian 12, or no network. */
export const installGlewlwyd = (): boolean => {
  if (existsSync(VERSION)) return true;
  console.log('unpacking the Debian packages of glewlwyd');
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  return unpack();
};
