// Values given with `-c name=value` or in cdk.json, checked while synthesising. A malformed one is refused by its name;
// the value itself is never repeated.
import type { Node } from 'constructs';

/** Says what is wrong with a value, or undefined when nothing is. */
export type Rule = (value: string) => string | undefined;

/** A URL parser forgives blanks; whoever compares strings later does not. */
const isUrl = (value: string, accept: (url: URL) => boolean): boolean => {
  const url = /\s/.test(value) ? null : URL.parse(value);
  return url !== null && accept(url);
};

const hasNoExtras = (url: URL): boolean =>
  url.username === '' && url.password === '' && url.hash === '' && !url.href.endsWith('#');

const isWeb = (url: URL): boolean => url.protocol === 'https:' || url.protocol === 'http:';

/** The entries of a comma list. */
export const listed = (value: string | undefined): string[] => (value ? value.split(',') : []);

export const wholeNumber =
  (least: number, most: number): Rule =>
  (value) =>
    /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `must be a whole number from ${least} to ${most}`;

export const httpsAddress: Rule = (value) =>
  isUrl(value, (url) => url.protocol === 'https:' && hasNoExtras(url) && url.search === '')
    ? undefined
    : 'must be an https address without user, query or fragment';

export const flag: Rule = (value) => (value === 'true' || value === 'false' ? undefined : 'must be true or false');

export const originList: Rule = (value) =>
  listed(value).every((entry) => isUrl(entry, (url) => isWeb(url) && url.origin === entry))
    ? undefined
    : 'must be a comma list of origins such as https://app.example.com';

export const urlList: Rule = (value) =>
  listed(value).every((entry) => isUrl(entry, (url) => isWeb(url) && hasNoExtras(url)))
    ? undefined
    : 'must be a comma list of http(s) URLs without user or fragment';

export const nameList: Rule = (value) =>
  /^[^\s,]+(,[^\s,]+)*$/.test(value) ? undefined : 'must be a comma list of names, without blanks';

/** The checked text of a context value, or undefined when it is not given. */
export const contextValue = (node: Node, name: string, rule: Rule): string | undefined => {
  const given: unknown = node.tryGetContext(name);
  if (given === undefined || given === null) return undefined;
  const plain = ['string', 'number', 'boolean'].includes(typeof given);
  const complaint = plain ? rule(String(given)) : 'must be a plain value';
  if (complaint !== undefined) throw new Error(`context ${name} ${complaint}`);
  return String(given);
};
