// How long the tokens of a reply are valid, from what providers say in place of expires_in (RFC 6749 §5.1): seconds under another name,
// or the time at which a token expires. A value that cannot be right counts as missing.
import type { JsonFields } from './provider-reply.ts';

/** The names of one fact, the usual one first: seconds, and times. */
interface Names {
  seconds: readonly string[];
  times: readonly string[];
}

/** Of an access token. */
export const ACCESS_TOKEN_NAMES: Names = {
  seconds: [
    'expires_in',
    'expiresIn',
    'expires_in_seconds',
    'access_token_expires_in',
    'accessTokenExpiresIn',
    'token_expires_in',
    'expire_in',
  ],
  times: [
    'expires_at',
    'expiresAt',
    'expires_on',
    'expiresOn',
    'expires',
    'expiry',
    'expiry_date',
    'expiration',
    'expiration_date',
    'expiration_time',
    'expire_at',
    'expire_time',
    'access_token_expires_at',
    'accessTokenExpiresAt',
    'access_token_expires_on',
    'access_token_expiry',
    'access_token_expiration',
    'token_expires_at',
    'token_expiry',
    'valid_until',
  ],
};

/** Of a refresh token. */
export const REFRESH_TOKEN_NAMES: Names = {
  seconds: [
    'refresh_token_expires_in',
    'refresh_expires_in',
    'x_refresh_token_expires_in',
    'refreshTokenExpiresIn',
    'refresh_token_lifetime',
  ],
  times: [
    'refresh_token_expires_at',
    'refreshTokenExpiresAt',
    'refresh_expires_at',
    'refresh_token_expires_on',
    'refresh_token_expires',
    'refresh_token_expiry',
    'refresh_token_expiration',
    'refresh_token_expiration_date',
  ],
};

const NUMBER = /^\d{1,12}(?:\.\d+)?$/;
/** A hundred years; anything longer is a mistake. */
const MAX_LIFETIME_SECONDS = 3_155_760_000;
/** 2001 in seconds, and 1973 in milliseconds: no token is valid for, or expired, so long. */
const LEAST_EPOCH_SECONDS = 1_000_000_000;
const LEAST_EPOCH_MILLISECONDS = 100_000_000_000;
const EPOCH = /^\d{10,16}(?:\.\d+)?$/;
/** RFC 3339, also with a space, without seconds, or without an offset (then UTC). */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?$/i;
/** RFC 9110 §5.6.7. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Positive seconds, as a number or text. */
const parseSeconds = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS)) return undefined;
  return Math.floor(seconds);
};

const parseDate = (text: string): number | undefined => {
  const [, day, time, offset = 'Z'] = TIMESTAMP.exec(text) ?? [];
  const zone = /^(?:Z|UTC)$/i.test(offset) ? 'Z' : offset.replace(/^(.\d\d):?(\d\d)$/, '$1:$2');
  const isDate = day !== undefined || HTTP_DATE.test(text);
  const milliseconds = Date.parse(day === undefined ? text : `${day}T${time}${zone}`);
  return isDate && !Number.isNaN(milliseconds) ? milliseconds : undefined;
};

/** A time in epoch milliseconds, from epoch seconds or milliseconds, as a number or text, or a date. */
const parseTime = (value: unknown): number | undefined => {
  const epoch = typeof value === 'string' && EPOCH.test(value) ? Number(value) : value;
  if (typeof epoch === 'string') return parseDate(epoch.trim());
  if (typeof epoch !== 'number' || !(epoch >= LEAST_EPOCH_SECONDS)) return undefined;
  return epoch >= LEAST_EPOCH_MILLISECONDS ? epoch : epoch * 1000;
};

const countUntil = (time: number | undefined, now: number): number | undefined =>
  time === undefined ? undefined : parseSeconds((time - now) / 1000);

/** A few put a date where the standard has seconds; a number there is never a time. */
const readDate = (value: unknown): number | undefined =>
  typeof value === 'string' ? parseDate(value.trim()) : undefined;

/** `expires` is seconds at some providers and a time at others; so small a number is no time. */
const parseShort = (value: unknown): number | undefined => {
  const seconds = parseSeconds(value);
  return seconds !== undefined && seconds < LEAST_EPOCH_SECONDS ? seconds : undefined;
};

const firstOf = (values: readonly (number | undefined)[]): number | undefined =>
  values.find((value) => value !== undefined);

/** The lifetime that a reply states, in whole seconds from `now` (epoch milliseconds); undefined if it states none that is usable. */
export const readLifetime = (fields: JsonFields, { seconds, times }: Names, now: number): number | undefined =>
  firstOf(seconds.map((name) => parseSeconds(fields[name]))) ??
  firstOf(times.map((name) => countUntil(parseTime(fields[name]), now))) ??
  firstOf(seconds.map((name) => countUntil(readDate(fields[name]), now))) ??
  (times.includes('expires') ? parseShort(fields.expires) : undefined);
