// How a credential is checked at its provider: one harmless call below the base URL of the API, and which replies mean that the
// secret was refused. What neither a rule nor a status tells stays unknown.
import * as z from 'zod';
import { HeaderName, HeaderValue } from '../values/http-field.ts';
import { ReplyRule } from './rules/reply-rule.ts';

const MAX_RULES = 16;
/** Starts at the root; printable ASCII. It may have a query and placeholders. */
const PATH = /^\/[!-"$-~]*$/;

/** The call that checks a credential. 2xx: taken; 401 and `invalidWhen`: refused; all else: not known. */
export const Verification = z.strictObject({
  method: z.enum(['GET', 'HEAD', 'POST']),
  /** Appended to `apiBaseUrl`. */
  path: z.string().max(2048).regex(PATH, 'must be a path: it starts with a slash and has no fragment'),
  headers: z.record(HeaderName, HeaderValue).optional(),
  invalidWhen: z.array(ReplyRule).min(1).max(MAX_RULES).optional(),
});
export type Verification = z.infer<typeof Verification>;

/** The URL of the call; null if the two do not make one at the origin of the base. */
export const verificationUrl = (baseUrl: string, path: string): string | null => {
  const url = URL.parse(baseUrl.replace(/\/$/, '') + path);
  return url === null || url.origin !== URL.parse(baseUrl)?.origin ? null : url.href;
};

/** The URL with the query parameters that carry the secret. */
export const withQuery = (url: string, query: Readonly<Record<string, string>>): string => {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return target.href;
};
