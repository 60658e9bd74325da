// Measures `keyhold import` of a large file: seconds, peak memory, and whether two kills and a resumption had a second effect. The
// service is a stand-in that stores ids alone, so the figures are those of the command. USERS is the number of users.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startImportStub } from '../../support/cli/import-stub.ts';
import { printFigure } from '../../support/run/figure.ts';

const USERS = Number(process.env.USERS ?? 100_000);
/** After so many users each of the two kills comes. */
const KILLED_AFTER = [0.2, 0.5].map((share) => Math.floor(USERS * share));
const POLL_MILLISECONDS = 20;

const main = resolve(import.meta.dirname, '../../../cli/keyhold.mjs');
const folder = mkdtempSync(join(tmpdir(), 'keyhold-import-'));
const file = join(folder, 'users.jsonl');

/** A user of AutoGPT with a key and a grant. */
const writeUsers = (): void => {
  const output = openSync(file, 'w');
  for (let user = 0; user < USERS; user++) {
    const key = { id: `k${user}`, type: 'api_key', provider: 'openai', title: 'Key', api_key: `sk-example-${user}` };
    const grant = {
      id: `g${user}`,
      type: 'oauth2',
      provider: 'github',
      title: 'Work',
      access_token: 'a',
      refresh_token: 'r',
    };
    const document = { credentials: [key, { ...grant, scopes: ['repo'], metadata: {} }], oauth_states: [] };
    writeSync(output, `${JSON.stringify({ userId: `user-${user}`, format: 'autogpt', document })}\n`);
  }
  closeSync(output);
};

/** The most memory that the process has had, in MB; null where the system does not tell. */
const readPeak = ({ pid }: ChildProcess): number | null => {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
};

const stub = await startImportStub();
let peak: number | null = null;

/** Runs the command until it ends, or until `users` have been taken and it is killed. */
const run = async (users: number): Promise<number | null> => {
  const child = spawn(process.execPath, [main, 'import', file, '--url', stub.url], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak ?? 0, readPeak(child) ?? 0) || null;
    if (stub.stored.size >= users) child.kill('SIGKILL');
    await Promise.race([ended, sleep(POLL_MILLISECONDS)]);
  }
  return child.exitCode;
};

writeUsers();
const startedAt = performance.now();
for (const users of KILLED_AFTER) await run(users);
const exitCode = await run(Number.POSITIVE_INFINITY);
const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
const credentials = [...stub.stored.values()].reduce((total, ids) => total + ids.size, 0);
const repeated = stub.requests() - USERS;
stub.close();
rmSync(folder, { recursive: true });

// What was under way at a kill is sent again, and is skipped because it exists: its ids are stored once.
const isComplete = exitCode === 0 && stub.stored.size === USERS && credentials === 2 * USERS;
printFigure('import', {
  users: USERS,
  credentials,
  seconds,
  peakMegabytes: peak === null ? 'not known' : Math.round(peak),
  repeated,
});
console.log(isComplete ? 'complete, each credential once' : `NOT complete: exit code ${exitCode}`);
process.exit(isComplete ? 0 : 1);
