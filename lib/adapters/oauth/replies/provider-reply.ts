// A provider's reply in memory, and its body parsed into an object from JSON or a form. Only own properties are read, so that a
// reply cannot reach a prototype.
import type { Clock } from '../../../domain/ports/runtime.ts';

/** A reply of any status, read whole. */
export interface ProviderReply {
  status: number;
  contentType: string;
  retryAfterSeconds: number | null;
  text: string;
}

/** A parsed object; its values are not checked. */
export type JsonFields = Readonly<Record<string, unknown>>;

const MAX_RETRY_AFTER_SECONDS = 60;
const SECONDS = /^\d{1,9}$/;
/** The start of an HTTP date; Date.parse also accepts texts that are not one. */
const DATE = /^[A-Z][a-z]{2,8}, /;
const BYTE_ORDER_MARK = /^\uFEFF/;
/** Starts with `name=value`, unlike HTML and JSON. */
const FORM = /^[\w.[\]%-]+=/;

/** Seconds to wait (RFC 9110 §10.2.3: a number or a date), at most 60; null without a valid value. `now`: epoch milliseconds. */
export const parseRetryAfter = (value: string | null, now: number): number | null => {
  if (value === null || !(SECONDS.test(value) || DATE.test(value))) return null;
  const seconds = SECONDS.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, seconds));
};

/** Reads the whole body. Throws what reading throws. */
export const readReply = async (response: Response, clock: Clock): Promise<ProviderReply> => ({
  status: response.status,
  contentType: response.headers.get('content-type') ?? '',
  retryAfterSeconds: parseRetryAfter(response.headers.get('retry-after'), clock.now()),
  text: await response.text(),
});

/** Whether the status is 2xx. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Whether a parsed value is an object, not an array. */
export const isFields = (value: unknown): value is JsonFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const INTEGER = /^-?\d+$/;

/** A whole number that a double cannot hold becomes the text of its digits: it is an id, and must not become its neighbour. */
const keepDigits = (_name: string, value: unknown, { source }: { source?: string }): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && INTEGER.test(source ?? '') ? source : value;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]);
  } catch {
    return null;
  }
};

/** The body's value, from JSON or a form (GitHub), for any content type; null if it is neither. */
export const parseValue = (text: string): unknown => {
  const body = text.replace(BYTE_ORDER_MARK, '').trim();
  return FORM.test(body) ? Object.fromEntries(new URLSearchParams(body)) : parseJson(body);
};

/** As `parseValue`, of a body that is an object; null for any other. */
export const parseFields = (text: string): JsonFields | null => {
  const value = parseValue(text);
  return isFields(value) ? value : null;
};

/** The value at a dotted path through objects and arrays; undefined if there is none. */
export const readPath = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as JsonFields)[name] : undefined,
      value,
    );
