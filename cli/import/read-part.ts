// Reads a part of a file, so that no file is in memory whole.
import { closeSync, openSync, readSync } from 'node:fs';

/** The most that is read at once, in bytes. */
export const PART_BYTES = 65_536;

/** At most `PART_BYTES` of the file, from a place in it. */
export const readPart = (path: string, from: number): Buffer => {
  const file = openSync(path, 'r');
  try {
    const part = Buffer.alloc(PART_BYTES);
    return part.subarray(0, readSync(file, part, 0, PART_BYTES, from));
  } finally {
    closeSync(file);
  }
};
