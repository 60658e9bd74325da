// A provider's reply as it came, read into memory, and its body as an object whatever it was written in. What is no object is
// null, and only an object's own fields are ever looked at.
import type { Clock } from '../../../domain/ports/runtime.ts';

export interface ProviderReply {
  status: number;
  contentType: string;
  retryAfterSeconds: number | null;
  text: string;
}

export type JsonFields = Readonly<Record<string, unknown>>;

const LONGEST_RETRY_AFTER_SECONDS = 60;
const SECONDS = /^\d{1,9}$/;
/** The start of an HTTP date; what else Date.parse makes sense of is none. */
const DATE = /^[A-Z][a-z]{2,8}, /;
const BYTE_ORDER_MARK = /^\uFEFF/;
/** `name=value`, and nothing that starts like HTML or JSON. */
const FORM = /^[\w.[\]%-]+=/;

/** Seconds to leave the provider alone (RFC 9110 §10.2.3: a number or a date), a minute at most; null: it does not say. */
export const parseRetryAfter = (value: string | null, now: number): number | null => {
  if (value === null || !(SECONDS.test(value) || DATE.test(value))) return null;
  const seconds = SECONDS.test(value) ? Number(value) : Math.ceil((Date.parse(value) - now) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(LONGEST_RETRY_AFTER_SECONDS, Math.max(0, seconds));
};

export const readReply = async (response: Response, clock: Clock): Promise<ProviderReply> => ({
  status: response.status,
  contentType: response.headers.get('content-type') ?? '',
  retryAfterSeconds: parseRetryAfter(response.headers.get('retry-after'), clock.now()),
  text: await response.text(),
});

export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

export const isFields = (value: unknown): value is JsonFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The body's fields: JSON whatever the content type says, else a form (RFC 6749 errata, GitHub); null when it is neither. */
export const parseFields = (text: string): JsonFields | null => {
  const body = text.replace(BYTE_ORDER_MARK, '').trim();
  const value = FORM.test(body) ? Object.fromEntries(new URLSearchParams(body)) : parseJson(body);
  return isFields(value) ? value : null;
};

/** What a dotted path leads to, through objects and arrays; undefined when it leads nowhere. */
export const readPath = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as JsonFields)[name] : undefined,
      value,
    );
