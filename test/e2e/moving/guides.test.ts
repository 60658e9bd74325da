// The commands of the guides for moving in: each block that can run on the local server is run as it stands.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

const run = promisify(execFile);

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold();
});
afterAll(() => keyhold.stop());

const readBlocks = (guide: string, language: string): string[] =>
  [
    ...readFileSync(`docs/guides/${guide}.md`, 'utf8').matchAll(
      new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'),
    ),
  ].map(([, block = '']) => block);

/** In an empty folder, with this Node for `npx node`. */
const runBlock = async (block: string): Promise<{ folder: string; stdout: string }> => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'guide-'));
  const command = block
    .replaceAll('http://127.0.0.1:3000', keyhold.url)
    .replaceAll('npx node scripts/', `'${process.execPath}' '${resolve('scripts')}'/`);
  const { stdout } = await run('bash', ['-c', command], { cwd: folder });
  return { folder, stdout };
};

const importLine = async (line: string, format: string) => {
  const { userId, document } = JSON.parse(line);
  return keyhold.worker.call('POST', `/v1/users/${userId}/import`, { format, document });
};

describe('the guide from AutoGPT', () => {
  it('shows a line that is imported as it stands', async () => {
    const [line = ''] = readBlocks('moving-from-autogpt', 'json');
    const { json } = await importLine(line, 'autogpt');
    expect(json).toEqual({ imported: ['0f8b9f6e-2b7d-4a63-9c39-5a1a3f0f7c11', 'managed/ayrshare'], skipped: [] });
  });

  it('shows a command with the answers that it names', async () => {
    const [block = '', ...others] = readBlocks('moving-from-autogpt', 'sh');
    expect(others).toEqual([]);
    expect((await runBlock(block)).stdout).toBe('{"imported":["moved-1"],"skipped":[]}');
    expect((await runBlock(block)).stdout).toBe('{"imported":[],"skipped":[{"id":"moved-1","reason":"exists"}]}');
  });
});

describe('the guide from Nango', () => {
  it('shows commands that make lines to import', async () => {
    const [block = '', ...others] = readBlocks('moving-from-nango', 'sh');
    expect(others).toEqual([]);
    const { folder } = await runBlock(block);
    const { json } = await importLine(readFileSync(join(folder, 'users.jsonl'), 'utf8'), 'keyhold');
    expect(json).toEqual({ imported: ['github-prod:c-1'], skipped: [] });
  });
});
