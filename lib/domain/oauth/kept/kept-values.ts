// Values that come with a grant and that calls need: the URL of an instance, a company, a team, a webhook. A record says where each
// stands. None is trusted: it must match its pattern, and one that is filled into the API's address must leave it what it was.
import * as z from 'zod';
import { cleanName } from '../../values/names.ts';
import { checkOutboundUrl, type OutboundPolicy } from '../../values/outbound-url.ts';
import {
  fillSample,
  isPattern,
  leadingName,
  matchesPattern,
  PLACEHOLDER,
  type TemplateVariables,
} from '../url-template.ts';

/** The longest value, and what all values of one kind may take together (characters). They stand in every list of the user. */
const MAX_LENGTH = 1_024;
const MAX_TOTAL = 2_048;
const MAX_SECRET_LENGTH = 4_096;
const MAX_SECRET_TOTAL = 8_192;

/** One value to keep, and where it stands. */
export const Keep = z.strictObject({
  name: z.string().regex(/^[A-Za-z]\w{0,63}$/),
  /** The token endpoint's reply, the query of the callback, or the reply of the identity or of the tenants endpoint. */
  from: z.enum(['token_reply', 'callback', 'identity', 'tenants']),
  /** Dotted, `*` for every item of a list; of a callback the parameter's name. */
  path: z.string().min(1).max(256),
  /** Of the whole value. */
  pattern: z.string().refine(isPattern, 'must be a regular expression').optional(),
  /** Kept sealed, and answered to workers only. */
  secret: z.boolean().optional(),
});
export type Keep = z.infer<typeof Keep>;

/** The values that one source brought. */
export interface KeptValues {
  data: Readonly<Record<string, string>>;
  secret: Readonly<Record<string, string>>;
  /** Names of values that were there and failed their check. */
  refused: readonly string[];
}

/** No value at all. */
export const NOTHING_KEPT: KeptValues = { data: {}, secret: {}, refused: [] };

/** What a record says of kept values and of where they are used. */
export interface KeepRules {
  keeps: readonly Keep[];
  apiBaseUrl: string | null;
  apiHosts: readonly string[];
}

/** The kept values that a URL may be filled with, as template variables. */
export const keptVariables = (keeps: readonly Keep[]): TemplateVariables =>
  Object.fromEntries(
    keeps
      .filter(({ secret }) => !secret)
      .map(({ name, pattern = '[^]*' }) => [name, { pattern, maxLength: MAX_LENGTH }]),
  );

/** Text, whole numbers and truth values as text; a list or an object as JSON. Undefined: there is no value. */
const toText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (Number.isSafeInteger(value) || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
};

const isPlain = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** An origin, in its own spelling but for one slash after it; null for anything else. */
const checkOrigin = (text: string, policy: OutboundPolicy): string | null => {
  const url = checkOutboundUrl(text, policy);
  const spelled = text.toLowerCase();
  return url !== null && (spelled === url.origin || spelled === `${url.origin}/`) ? url.origin : null;
};

const readAuthority = (url: string): string => /^[^/]*\/\/([^/]*)/.exec(url)?.[1] ?? '';

/** Letters, digits, dots and hyphens, perhaps a port. */
const HOST_PART = /^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?$/;
/** One segment of a path: what no URL parser changes. */
const SEGMENT = /^(?!\.{1,2}$)[\w.~-]+$/;

/** Whether the URL is one that the service may call, spelled as every parser reads it. */
const isCanonical = (text: string, policy: OutboundPolicy): boolean => {
  const url = checkOutboundUrl(text, policy);
  return url !== null && (url.href === text || url.href === `${text}/`);
};

const fillOne = (text: string, name: string, value: string): string =>
  fillSample(text.replace(PLACEHOLDER, (whole, found: string) => (found === name ? value : whole)));

/** The value as it is filled into the base URL; null when it would change more than its own place. */
const checkInBaseUrl = (
  { name, pattern }: Keep,
  value: string,
  { template, policy }: { template: string; policy: OutboundPolicy },
): string | null => {
  if (leadingName(template) === name) return checkOrigin(value, policy);
  const isHost = readAuthority(template).includes(`{${name}}`);
  const text = isHost ? value.toLowerCase() : value;
  const isFit = isHost ? HOST_PART.test(text) : pattern !== undefined || SEGMENT.test(text);
  return isFit && isCanonical(fillOne(template, name, text), policy) ? text : null;
};

const isUsedIn = (name: string, text: string | null): boolean => text?.includes(`{${name}}`) ?? false;

/** A value for people, by its name: it has no pattern and fills nothing. It is cleaned, where any other is kept exactly or refused. */
const isForPeople = ({ name, pattern, secret }: Keep, { apiBaseUrl, apiHosts }: KeepRules): boolean =>
  /names?$/i.test(name) &&
  pattern === undefined &&
  !secret &&
  ![apiBaseUrl, ...apiHosts].some((text) => isUsedIn(name, text));

/**
 * Whether the host pattern stays one of names that the service may call. A port would let tokens go there in plain text, so only a
 * loopback address may have one.
 */
const isFitForHost = (
  host: string,
  name: string,
  { text, policy }: { text: string; policy: OutboundPolicy },
): boolean => {
  if (!isUsedIn(name, host)) return true;
  const scheme = text.includes(':') ? 'http' : 'https';
  const filled = fillOne(host.replace(/^\*\./, ''), name, text);
  return HOST_PART.test(text) && checkOutboundUrl(`${scheme}://${filled}/`, policy) !== null;
};

/** The longest value of a kind; one with a pattern is shorter, so that matching it takes bounded time. */
const longest = ({ secret, pattern }: Keep): number =>
  secret && pattern === undefined ? MAX_SECRET_LENGTH : MAX_LENGTH;

/** The value to store; null when it fails. */
const checkValue = (
  keep: Keep,
  text: string,
  { apiBaseUrl, apiHosts, policy }: Omit<KeepRules, 'keeps'> & { policy: OutboundPolicy },
): string | null => {
  if (!isPlain(text)) return null;
  if (keep.pattern !== undefined && !matchesPattern(keep.pattern, text, MAX_LENGTH)) return null;
  if (!apiHosts.every((host) => isFitForHost(host, keep.name, { text, policy }))) return null;
  if (apiBaseUrl === null || !isUsedIn(keep.name, apiBaseUrl)) return text;
  return checkInBaseUrl(keep, text, { template: apiBaseUrl, policy });
};

/** As many of the values, from the first on, as fit. */
const bound = (values: readonly [string, string][], longest: number, most: number): Record<string, string> => {
  let total = 0;
  const fitting = values.filter(([name, value]) => {
    if (value.length > longest || total + name.length + value.length > most) return false;
    total += name.length + value.length;
    return true;
  });
  return Object.fromEntries(fitting);
};

/** Where values are read: one source, and a reader of its paths. */
export interface KeptSource {
  from: Keep['from'];
  read(path: string): unknown;
  policy: OutboundPolicy;
}

/** Reads and checks the values of one source. A value that is not there, or too long to keep, is left out. */
export const keepValues = (rules: KeepRules, { from, read, policy }: KeptSource): KeptValues => {
  const found = rules.keeps
    .filter((keep) => keep.from === from)
    .flatMap((keep) => {
      const found = toText(read(keep.path));
      const text = isForPeople(keep, rules) && found !== undefined ? (cleanName(found) ?? undefined) : found;
      return text === undefined || text.length > longest(keep)
        ? []
        : [{ keep, value: checkValue(keep, text, { ...rules, policy }) }];
    });
  const select = (secret: boolean) =>
    found.flatMap(({ keep, value }): [string, string][] =>
      value !== null && (keep.secret ?? false) === secret ? [[keep.name, value]] : [],
    );
  return {
    data: bound(select(false), MAX_LENGTH, MAX_TOTAL),
    secret: bound(select(true), MAX_SECRET_LENGTH, MAX_SECRET_TOTAL),
    refused: found.filter(({ value }) => value === null).map(({ keep }) => keep.name),
  };
};

/** The values of several sources; of one name the later counts. */
export const joinKept = (...parts: readonly KeptValues[]): KeptValues => ({
  data: Object.assign({}, ...parts.map(({ data }) => data)),
  secret: Object.assign({}, ...parts.map(({ secret }) => secret)),
  refused: parts.flatMap(({ refused }) => refused),
});

/** The values in the query of a callback. */
export const keepCallback = (
  rules: KeepRules,
  parameters: Readonly<Record<string, string>>,
  policy: OutboundPolicy,
): KeptValues => {
  const read = (name: string) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined);
  return keepValues(rules, { from: 'callback', policy, read });
};
