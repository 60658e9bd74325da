// The encoder of DynamoDB key values. It is injective: two different tuples of strings never get the same key value, so no id
// can be crafted to reach another item's key.

/** Characters to escape: `%`, `#`, ASCII control characters, and lone surrogates, which UTF-8 cannot encode. */
const ESCAPED = /[%#\p{Surrogate}[\p{Cc}&&\p{ASCII}]]/gv;

const escapeUnit = (unit: string): string => {
  const code = unit.charCodeAt(0);
  const hex = code.toString(16).toUpperCase();
  return code > 0xff ? `%u${hex}` : `%${hex.padStart(2, '0')}`;
};

/** An escaped part is never a bare `%`, so `%` can stand for the empty tuple. */
const NO_PARTS = '%';

/** Encodes a tuple: its escaped parts joined by `#`. `[]` gives `%`, and `['']` the empty string, which DynamoDB refuses. */
export const itemKey = (...parts: string[]): string =>
  parts.length === 0 ? NO_PARTS : parts.map((part) => part.replace(ESCAPED, escapeUnit)).join('#');

/** `%23` or `%uD800`, the two forms that `escapeUnit` writes. */
const ESCAPE = /%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g;

const unescapePart = (part: string): string =>
  part.replace(ESCAPE, (_, wide: string | undefined, narrow: string) =>
    String.fromCharCode(Number.parseInt(wide ?? narrow, 16)),
  );

/** Decodes a key value; null if `itemKey` gives it for no tuple. */
export const splitItemKey = (key: string): string[] | null => {
  if (key === NO_PARTS) return [];
  const parts = key.split('#').map(unescapePart);
  // Unescaping also accepts other spellings; encoding again finds them.
  return itemKey(...parts) === key ? parts : null;
};
