// The path as an HTTP API sees it: decoded before it is matched, so an encoded slash is a slash, and an encoded question mark
// ends the path.

/** A request target, split at its query. */
export interface RequestPath {
  /** Decoded; what becomes `rawPath`. */
  path: string;
  /** As sent, without the question mark. */
  rawQuery: string;
}

const decodeStrictly = (encoded: string): string | undefined => {
  try {
    // Node gives raw bytes as Latin-1 characters: they are read as UTF-8, as escapes are.
    const escaped = encoded.replace(/[^\0-\x7f]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
};

/** Undefined when the target is not a path, or has an escape that is not UTF-8. */
export const readPath = (target: string): RequestPath | undefined => {
  if (!target.startsWith('/') || target.includes('#')) return undefined;
  const [encoded = '', rawQuery = ''] = target.split(/\?(.*)/s);
  const decoded = decodeStrictly(encoded);
  return decoded === undefined ? undefined : { path: decoded.split('?', 1)[0] ?? '', rawQuery };
};
