// Secrets that can be sent. What a header or a query cannot carry is refused where it enters, with the kind and the place of the
// character and never the value: most such secrets were damaged on the way, by a line break or a character that cannot be seen.
import * as z from 'zod';

/** The kinds of characters by what they contain; the first that matches names the character. */
const KINDS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a line break', /[\n\r\u0085\u2028\u2029]/],
  ['a tab', /\t/],
  ['a NUL', /\0/],
  ['a control character', /\p{Cc}/u],
  ['a zero-width character', /[\u200b-\u200d\u2060\ufeff\u180e]/],
  ['an invisible formatting character', /\p{Cf}/u],
  ['half a surrogate pair', /\p{Cs}/u],
  ['a space that is not the usual one', /\p{Zs}/u],
  ['a typographic quotation mark', /[\p{Pi}\p{Pf}\u201a\u201e]/u],
  ['a typographic dash', /[\p{Pd}\u2212]/u],
  ['a letter that looks like a Latin one', /[\p{Script=Cyrillic}\p{Script=Greek}\uff01-\uff5e]/u],
  ['an emoji', /\p{Extended_Pictographic}/u],
  ['a letter outside ASCII', /\p{L}/u],
];

const nameKind = (character: string): string =>
  KINDS.find(([, pattern]) => pattern.test(character))?.[0] ?? 'a character outside ASCII';

/** Where a text has a character that is not allowed, and of which kind; null if all are. White space at either end is not looked at. */
const describeRefused = (text: string, isAllowed: (character: string) => boolean): string | null => {
  const leading = [...text.slice(0, text.length - text.trimStart().length)].length;
  const characters = [...text.trim()];
  const at = characters.findIndex((character) => !isAllowed(character));
  return at === -1
    ? null
    : `character ${leading + at + 1} is ${nameKind(characters[at] as string)}, which cannot be sent`;
};

const refusing =
  (describe: (text: string) => string | null) =>
  (text: string, context: z.RefinementCtx): void => {
    const message = describe(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  };

const isVisibleAscii = (character: string): boolean => /^[ -~]$/.test(character);
const isNoControl = (character: string): boolean => !/^[\p{Cc}\p{Cs}]$/u.test(character);

/** A key or token: visible ASCII with inner spaces. White space at either end is dropped. */
export const SendableSecret = z
  .string()
  .superRefine(refusing((text) => describeRefused(text, isVisibleAscii)))
  .trim()
  .min(1);

const describeColon = (text: string): string | null => {
  const at = [...text].indexOf(':');
  return at === -1 ? null : `character ${at + 1} is a colon, which ends a user name (RFC 7617)`;
};

/** A user name of HTTP Basic (RFC 7617 §2): no colon, no control character. White space at either end is dropped. */
export const SendableUserName = z
  .string()
  .superRefine(refusing((text) => describeColon(text) ?? describeRefused(text, isNoControl)))
  .trim()
  .min(1);

const LINE_ENDS: ReadonlySet<string | undefined> = new Set(['\r', '\n', '\t']);

/** Walks in from both ends: a pattern for the end of a text takes quadratic time. */
const dropLineEnds = (text: string): string => {
  let [from, to] = [0, text.length];
  while (from < to && LINE_ENDS.has(text[from])) from++;
  while (to > from && LINE_ENDS.has(text[to - 1])) to--;
  return text.slice(from, to);
};

/** A password of HTTP Basic; may be empty. Line breaks and tabs at either end are dropped; spaces there can be a part of it. */
export const SendablePassword = z
  .string()
  .superRefine(refusing((text) => describeRefused(text, isNoControl)))
  .overwrite(dropLineEnds);
