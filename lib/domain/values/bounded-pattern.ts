// Whether a regular expression matches in bounded time. The engine backtracks: with a repeat within a repeat, one hostile value of a
// few dozen characters can take years. So a repeated part has one length and no choice, unless a separator shows where each
// occurrence begins or ends, and few repeats stand in one pattern.

/** A part that occurs more often than this is a repeat; up to it, its occurrences count one by one. */
const FEW = 8;
/** Repeats in one pattern: each multiplies the steps by the length of the value. */
const MAX_REPEATS = 3;
/** Other choices in one pattern (alternatives, optional parts): each may double the steps. */
const MAX_CHOICES = 32;

/** What stands in a part: repeats of no fixed number, and other choices. */
interface Contents {
  repeats: number;
  choices: number;
}

const NOTHING: Contents = { repeats: 0, choices: 0 };

/** One part of a pattern: an opening or closing bracket, a bar, a character or class, each with its quantifier, if any. */
const PART = /\((?:\?(?:[:=!]|<[=!]|<\w+>))?|\\.|\[(?:\\.|[^\]\\])*\]|./sy;
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})\??/y;
/** It matches what another part matched, of any length. */
const BACK_REFERENCE = /^\\[1-9k]/;

const SEPARATOR = String.raw`(?<separator>\\[^\w]|[\w~:;,@/-])`;
const CLASS = String.raw`(?<items>\[(?:\\.|[^\]\\^])(?:\\.|[^\]\\])*\]|\\[dw])[*+]`;
/** `(?:-[a-z]+)` or `(?:[a-z]+\.)`, before a quantifier. */
const SEPARATED = [`${SEPARATOR}${CLASS}`, `${CLASS}${SEPARATOR}`].map(
  (group) => new RegExp(String.raw`(?<!\\)\((?:\?:)?${group}\)(?=[*+{])`, 'g'),
);

/** A group that is repeated with a separator which is none of its other characters can be matched in one way only, as one letter. */
const joinSeparated = (pattern: string): string =>
  SEPARATED.reduce(
    (text, group) =>
      text.replace(group, (...found) => {
        const { separator = '', items = '' } = found.at(-1) as Record<string, string>;
        const isItem = new RegExp(`^${items}$`).test(separator.slice(-1));
        return isItem ? String(found[0]) : 'x';
      }),
    pattern,
  );

/** How often a part may occur. */
interface Occurrence {
  least: number;
  most: number;
}

const ONCE: Occurrence = { least: 1, most: 1 };
const NAMED: Readonly<Record<string, Occurrence>> = {
  '*': { least: 0, most: Number.POSITIVE_INFINITY },
  '+': { least: 1, most: Number.POSITIVE_INFINITY },
  '?': { least: 0, most: 1 },
};

const readOccurrence = (quantifier: string | undefined): Occurrence => {
  if (quantifier === undefined) return ONCE;
  const named = NAMED[quantifier[0] ?? ''];
  if (named) return named;
  const [, least = '', comma, most = ''] = /^\{(\d+)(,?)(\d*)\}/.exec(quantifier) ?? [];
  if (comma === '') return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === '' ? Number.POSITIVE_INFINITY : Number(most) };
};

/** The part with its quantifier; null when a choice is repeated. */
const repeat = (inner: Contents, { least, most }: Occurrence): Contents | null => {
  const isChoice = least !== most;
  if (most <= FEW) return { repeats: inner.repeats * most, choices: inner.choices * most + (isChoice ? most : 0) };
  if (inner.repeats + inner.choices > 0) return null;
  return { repeats: isChoice ? 1 : 0, choices: 0 };
};

const add = (a: Contents, b: Contents): Contents => ({
  repeats: a.repeats + b.repeats,
  choices: a.choices + b.choices,
});

/** Reads the quantifier that begins at the position. */
const quantifierAt = (pattern: string, position: number): string | undefined => {
  QUANTIFIER.lastIndex = position;
  return QUANTIFIER.exec(pattern)?.[0];
};

/** What stands in a pattern that compiles; null when a choice is repeated, or a part refers back to another. */
const readContents = (pattern: string): Contents | null => {
  const open: Contents[] = [NOTHING];
  for (let position = 0; position < pattern.length; ) {
    PART.lastIndex = position;
    const part = PART.exec(pattern)?.[0] ?? '';
    position += part.length;
    if (BACK_REFERENCE.test(part)) return null;
    if (part.startsWith('(')) {
      open.push(NOTHING);
      continue;
    }
    const inner = part === ')' ? (open.pop() ?? NOTHING) : { repeats: 0, choices: part === '|' ? 1 : 0 };
    const quantifier = quantifierAt(pattern, position);
    position += quantifier?.length ?? 0;
    const repeated = repeat(inner, readOccurrence(quantifier));
    if (repeated === null) return null;
    open.push(add(open.pop() ?? NOTHING, repeated));
  }
  return open.at(-1) ?? NOTHING;
};

/** Whether a pattern that compiles takes bounded time for a value of bounded length. Patterns that are in doubt are not. */
export const isBoundedPattern = (pattern: string): boolean => {
  const contents = readContents(joinSeparated(pattern));
  return contents !== null && contents.repeats <= MAX_REPEATS && contents.choices <= MAX_CHOICES;
};
