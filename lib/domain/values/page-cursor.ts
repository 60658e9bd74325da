// What the pages of lists share: the opaque text that continues after an entry, and the size of an entry in an answer.

/** The parts of a position as opaque text. */
export const writeParts = (parts: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** What `writeParts` wrote, to be checked; undefined for any other text. */
export const readParts = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** Bytes of an item in the body of a Lambda answer: JSON as a text inside JSON. */
export const measureBytes = (item: unknown): number => Buffer.byteLength(JSON.stringify(JSON.stringify(item)));
