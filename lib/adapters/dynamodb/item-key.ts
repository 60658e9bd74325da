// The one encoder of DynamoDB key values: a tuple of strings becomes one string, and no two tuples become the same, so
// no id can be crafted to reach another item's key.

/** What is escaped: the escape sign, the separator, ASCII control characters, and lone surrogates, which have no UTF-8. */
const ESCAPED = /[%#\p{Surrogate}[\p{Cc}&&\p{ASCII}]]/gv;

const escapeUnit = (unit: string): string => {
  const code = unit.charCodeAt(0);
  const hex = code.toString(16).toUpperCase();
  return code > 0xff ? `%u${hex}` : `%${hex.padStart(2, '0')}`;
};

/** No part can come out as a bare `%`, so it is free to stand for the tuple without parts. */
const NO_PARTS = '%';

/** The key value of a tuple, `#` between its parts; `[]` is `%`, and `['']` the empty string, which DynamoDB refuses. */
export const itemKey = (...parts: string[]): string =>
  parts.length === 0 ? NO_PARTS : parts.map((part) => part.replace(ESCAPED, escapeUnit)).join('#');

/** `%23` or `%uD800`, as `escapeUnit` writes them. */
const ESCAPE = /%(?:u([0-9A-F]{4})|([0-9A-F]{2}))/g;

const unescapePart = (part: string): string =>
  part.replace(ESCAPE, (_, wide: string | undefined, narrow: string) =>
    String.fromCharCode(Number.parseInt(wide ?? narrow, 16)),
  );

/** The tuple whose key this is, or null for a text that `itemKey` gives no tuple. */
export const splitItemKey = (key: string): string[] | null => {
  if (key === NO_PARTS) return [];
  const parts = key.split('#').map(unescapePart);
  // Unescaping is lenient; encoding again shows every other spelling.
  return itemKey(...parts) === key ? parts : null;
};
