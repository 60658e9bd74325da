// A file of secrets that a command writes: complete, or as it was before. Nobody but its owner can read it.
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { UsageError } from '../exit-codes.ts';

/** An output that is under way. */
export interface Output {
  write(line: string): void;
  /** All is written. Throws where the file cannot take its name; nothing of it is left then. */
  finish(): void;
  /** It failed: what was there before stays, and nothing of a new file. */
  discard(): void;
}

const OWNER_ONLY = 0o600;

const nothing = (): void => {};

const writeLine = (file: number, line: string): void => writeFileSync(file, `${line}\n`);

/** A new file, which takes the name `path` in the end. */
const openNew = (written: string, path: string): Output => {
  const file = openSync(written, 'wx', OWNER_ONLY);
  return {
    write: (line) => writeLine(file, line),
    finish: () => {
      try {
        closeSync(file);
        if (written !== path) renameSync(written, path);
      } catch (error) {
        rmSync(written, { force: true });
        throw error;
      }
    },
    discard: () => {
      closeSync(file);
      rmSync(written, { force: true });
    },
  };
};

/** A device or a pipe: it is written to, and neither replaced nor given another mode. */
const openDevice = (path: string): Output => {
  const file = openSync(path, 'w');
  const close = () => closeSync(file);
  return { write: (line) => writeLine(file, line), finish: close, discard: close };
};

const open = (path: string, overwrites: boolean): Output => {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined || !overwrites) return openNew(path, path);
  if (!entry.isFile()) return openDevice(path);
  const replaced = realpathSync(path);
  return openNew(`${replaced}.${process.pid}.partial`, replaced);
};

/** Opens a file. Throws `UsageError` where it cannot be written, or exists and may not be replaced. */
export const openOutputFile = (path: string, overwrites: boolean): Output => {
  try {
    return open(path, overwrites);
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST' && !overwrites;
    throw new UsageError(exists ? `${path} exists: give --overwrite to replace it` : `${path} cannot be written`);
  }
};

/** An output that goes elsewhere at once. */
export const directOutput = (write: (line: string) => void): Output => ({ write, finish: nothing, discard: nothing });
