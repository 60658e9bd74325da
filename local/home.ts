// KEYHOLD_HOME: the folder with everything that must survive a restart. Only its owner can read it. A file in it is created
// whole or not at all, and once, also when several servers start on the folder together.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StartRefused } from './start-refused.ts';

/** The folder and the paths in it, absolute and without symbolic links. */
export interface Home {
  folder: string;
  tableFile: string;
  secretsFolder: string;
}

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

const writeDurably = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Reads a file, and creates it first when it is missing. Of several processes that create it one wins; all read its text. */
export const readOrCreate = async (path: string, make: () => string | Promise<string>): Promise<string> => {
  const present = await readIfPresent(path);
  if (present !== undefined) return present;
  const draft = `${path}.${randomUUID()}.draft`;
  await writeDurably(draft, await make());
  try {
    // A link, not a rename: a rename would replace the file of the process that was first.
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(path, 'utf8');
};

/** Creates the folder and the operator's empty secrets where they are missing. Throws `StartRefused`. */
export const openHome = async (path: string): Promise<Home> => {
  try {
    await mkdir(join(path, 'secrets'), { recursive: true, mode: 0o700 });
    // One spelling of the path: the command line of the engine is compared with it later.
    const folder = await realpath(path);
    const secretsFolder = join(folder, 'secrets');
    for (const name of ['system-keys', 'oauth-clients']) {
      await readOrCreate(join(secretsFolder, `${name}.json`), () => '{}\n');
    }
    return { folder, tableFile: join(folder, 'table.db'), secretsFolder };
  } catch (error) {
    throw new StartRefused(`KEYHOLD_HOME cannot be used: ${(error as Error).message}`);
  }
};
