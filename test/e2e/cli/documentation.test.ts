// The commands of docs/cli.md, pasted into a shell in their order beside a running server; and its tables, against the command itself.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { exitMeanings } from '../../../cli/exit-codes.ts';
import { routes } from '../../../lib/http/routes/routes.ts';
import { readBlocks } from '../../support/client/marked-blocks.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

const DOCUMENT = 'docs/cli.md';
const main = resolve('cli/keyhold.mjs');
/** In place of npx, which would search for the package. */
const NPX = `npx() { shift; "${process.execPath}" "${main}" "$@"; }`;

const hasImport = routes.some(({ path }) => path.endsWith('/import'));
if (!hasImport) console.warn('this service has no import: the commands of docs/cli.md are not run');

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold();
});
afterAll(() => keyhold.stop());

describe('docs/cli.md', () => {
  it.skipIf(!hasImport)('has commands that all succeed', async () => {
    const script = ['set -e', NPX, ...readBlocks(DOCUMENT, 'sh')].join('\n');
    const env = { PATH: process.env.PATH, KEYHOLD_URL: keyhold.url, KEYHOLD_HOME: keyhold.home };
    const cwd = mkdtempSync(join(tmpdir(), 'keyhold-cli-guide-'));
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { env, cwd });
    expect(stdout).toContain('demo');
    expect(stdout).toMatch(/^work +openai +api_key/m);
    expect(stdout).toContain('header authorization  (hidden)');
    expect(stdout).toContain('"authorization": "Bearer sk-example"');
    expect(stdout).toMatch(/^credentials +1$/m);
  });

  it('names every command and every exit code', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    for (const { name, parameters } of commands) expect(text).toContain(`| \`${[name, ...parameters].join(' ')}\` |`);
    for (const [code, meaning] of exitMeanings) expect(text).toContain(`| ${code} | ${meaning} |`);
  });

  it('shows no command that does not exist', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const shown = [...text.matchAll(/^npx keyhold (\w[\w-]*(?: (?:check|erase))?)/gm)].map(([, name = '']) => name);
    const known = new Set(commands.map(({ name }) => name));
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.filter((name) => !known.has(name) && !known.has(name.split(' ')[0] ?? ''))).toEqual([]);
  });
});
