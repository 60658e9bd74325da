// KEYHOLD_HOME: its files are created once, whole, and readable by their owner only.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHome, readOrCreate } from '../../../local/home.ts';
import { temporaryFolder } from './temporary-folder.ts';

const readMode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('readOrCreate', () => {
  it('returns the same text to all that create the file together', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'key');
    const made = await Promise.all(Array.from({ length: 20 }, (_, index) => readOrCreate(path, () => `key ${index}`)));
    expect(new Set(made).size).toBe(1);
    expect(await readdir(folder)).toEqual(['key']);
  });

  it('keeps the text of the first when a slower one finishes later', async () => {
    const path = join(await temporaryFolder(), 'key');
    const first = readOrCreate(path, () => 'first');
    const second = readOrCreate(path, async () => {
      await first;
      return 'second';
    });
    expect(await Promise.all([first, second])).toEqual(['first', 'first']);
  });

  it('creates nothing when the file exists', async () => {
    const path = join(await temporaryFolder(), 'key');
    await writeFile(path, 'old');
    expect(await readOrCreate(path, () => 'new')).toBe('old');
  });
});

describe('openHome', () => {
  it('creates a folder and secrets that only the owner can read', async () => {
    const { folder, secretsFolder } = await openHome(join(await temporaryFolder(), 'a', 'home'));
    const secret = join(secretsFolder, 'system-keys.json');
    expect(await Promise.all([folder, secretsFolder, secret].map(readMode))).toEqual(['700', '700', '600']);
    expect(JSON.parse(await readFile(secret, 'utf8'))).toEqual({});
  });

  it('keeps edited secrets', async () => {
    const home = await temporaryFolder();
    const secret = join((await openHome(home)).secretsFolder, 'oauth-clients.json');
    await writeFile(secret, '{"a":1}');
    await openHome(home);
    expect(await readFile(secret, 'utf8')).toBe('{"a":1}');
  });

  it('refuses a folder that cannot be used, in one line', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(openHome(join(file, 'home'))).rejects.toThrow(/^KEYHOLD_HOME cannot be used: [^\n]+$/);
  });
});
