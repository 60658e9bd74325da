// The HTTP fields that a host-scoped credential adds to a request: Node's fetch sends what is accepted here unchanged. Parsed
// names are lower case and distinct, and none of them can change where a message goes or where it ends.
import * as z from 'zod';

const MAX_HEADERS = 32;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** A character above ASCII is one octet of obs-text: `é` is sent as the octet E9, not as UTF-8. */
const FIELD_VALUE = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/;

/** Only the client sets the fields of routing, framing and the connection (RFC 9110 §7.2, §7.6.1, §8.6, §10.1.1, RFC 9112 §6). */
const NEVER_STORED = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // A valid name, but assigning this key to an object sets its prototype instead, and the header would be lost.
  '__proto__',
]);

/** A field name (RFC 9110 §5.1, a token of §5.6.2). Names are case-insensitive; parsed ones are lower case. */
export const HeaderName = z.string().regex(TOKEN, 'must be an HTTP field name').toLowerCase();

/** A field value (RFC 9110 §5.5): printable ASCII, obs-text, inner spaces and tabs, or empty. */
export const HeaderValue = z
  .string()
  .regex(FIELD_VALUE, 'must be an HTTP field value: no control characters, no white space at either end');

const explainRefusal = (name: string, earlier: ReadonlySet<string>): string | null => {
  if (NEVER_STORED.has(name)) return 'a credential cannot set this header';
  return earlier.has(name) ? 'the same header twice: names do not differ by case' : null;
};

/** Runs before the record is parsed, which would silently drop `__proto__` and keep the last of two spellings. */
const checkNames = (headers: unknown, context: z.RefinementCtx): unknown => {
  if (typeof headers !== 'object' || headers === null) return headers;
  const names = Object.keys(headers);
  if (names.length < 1 || names.length > MAX_HEADERS) context.addIssue(`must have 1 to ${MAX_HEADERS} headers`);
  const earlier = new Set<string>();
  for (const name of names.slice(0, MAX_HEADERS)) {
    const message = explainRefusal(name.toLowerCase(), earlier);
    if (message !== null) context.addIssue({ code: 'custom', message, path: [name] });
    earlier.add(name.toLowerCase());
  }
  return headers;
};

/** The headers of a host-scoped credential: 1 to 32 lower-case names with their values. */
export const HostHeaders = z.preprocess(checkNames, z.record(HeaderName, HeaderValue));
export type HostHeaders = z.infer<typeof HostHeaders>;
