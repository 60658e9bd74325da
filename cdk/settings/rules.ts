// The rules of option values, checked during synthesis. A problem never contains the value.

/** Returns what is wrong with a value; undefined when it is valid. */
export type Rule = (value: string) => string | undefined;

/** URL parsers accept blanks, but the functions later compare strings exactly. */
const isUrl = (value: string, accept: (url: URL) => boolean): boolean => {
  const url = /\s/.test(value) ? null : URL.parse(value);
  return url !== null && accept(url);
};

const hasNoExtras = (url: URL): boolean =>
  url.username === '' && url.password === '' && url.hash === '' && !url.href.endsWith('#');

/** As the URL parser writes it; the functions ignore entries of another spelling. */
const isSpelledOut = (value: string, { href, origin }: URL): boolean => value === href || value === origin;

const isWeb = (url: URL): boolean => url.protocol === 'https:' || url.protocol === 'http:';

/** The entries of a comma-separated list; none for an empty or missing one. */
export const splitList = (value: string | undefined): string[] => (value ? value.split(',') : []);

/** Accepts whole numbers from `least` to `most`. */
export const wholeNumber =
  (least: number, most: number): Rule =>
  (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;

/** Accepts an https URL without user, query and fragment. */
export const httpsAddress: Rule = (value) =>
  isUrl(value, (url) => url.protocol === 'https:' && hasNoExtras(url) && url.search === '')
    ? undefined
    : 'must be an https address without user, query or fragment';

/** Accepts `true` and `false`. */
export const flag: Rule = (value) => (value === 'true' || value === 'false' ? undefined : 'must be true or false');

/** Accepts a comma-separated list of origins; it may be empty. */
export const originList: Rule = (value) =>
  splitList(value).every((entry) => isUrl(entry, (url) => isWeb(url) && url.origin === entry))
    ? undefined
    : 'must be a comma list of origins such as https://app.example.com';

/** Accepts a comma-separated list of http(s) URLs; it may be empty. */
export const urlList: Rule = (value) =>
  splitList(value).every((entry) => isUrl(entry, (url) => isWeb(url) && hasNoExtras(url)))
    ? undefined
    : 'must be a comma list of http(s) URLs without user or fragment';

/** Accepts a comma-separated list of http(s) URLs that are compared by origin and path; it may be empty. */
export const returnUrlList: Rule = (value) =>
  splitList(value).every((entry) =>
    isUrl(entry, (url) => isWeb(url) && hasNoExtras(url) && !entry.includes('?') && isSpelledOut(entry, url)),
  )
    ? undefined
    : 'must be a comma list of http(s) URLs as a browser spells them, without user, query or fragment';

/** Accepts a comma-separated list of names. */
export const nameList: Rule = (value) =>
  /^[^\s,]+(,[^\s,]+)*$/.test(value) ? undefined : 'must be a comma list of names, without blanks';

/** Accepts what matches the pattern. */
export const matching =
  (pattern: RegExp, problem: string): Rule =>
  (value) =>
    pattern.test(value) ? undefined : problem;
