// The path as an HTTP API sees it: decoded before anything is matched, so an encoded slash is a slash and an encoded
// question mark ends it.

export interface RequestPath {
  /** Decoded; what becomes `rawPath`. */
  path: string;
  /** As sent, without the question mark. */
  rawQuery: string;
}

const decodeStrictly = (encoded: string): string | undefined => {
  try {
    // Node gives raw bytes as Latin-1: read them as the UTF-8 they are meant to be, which escapes are too.
    const escaped = encoded.replace(/[^\0-\x7f]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    return decodeURIComponent(escaped);
  } catch {
    return undefined;
  }
};

/** Undefined when the target is no path, or holds an escape that is no UTF-8. */
export const readPath = (target: string): RequestPath | undefined => {
  if (!target.startsWith('/') || target.includes('#')) return undefined;
  const [encoded = '', rawQuery = ''] = target.split(/\?(.*)/s);
  const decoded = decodeStrictly(encoded);
  return decoded === undefined ? undefined : { path: decoded.split('?', 1)[0] ?? '', rawQuery };
};
