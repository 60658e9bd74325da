// Decides from the reply to a revocation whether the token is revoked, was not valid any more, or may still work.
import type { RevocationStyle } from '../../../domain/oauth/provider-record.ts';
import type { RevocationOutcome } from '../../../domain/ports/oauth-protocol.ts';
import { isOverload } from '../../../domain/refresh/refusal.ts';
import { type JsonFields, type ProviderReply, parseFields, readPath } from './provider-reply.ts';
import { isFailure } from './reply-fault.ts';

/** Where providers say what is wrong: the paths of error codes, then of sentences that spell one. */
const PATHS = [
  'error',
  'error.code',
  'error.type',
  'error.status',
  'error..tag',
  'errors.0.code',
  'errors.0.error',
  'code',
  'errorCode',
  'error_code',
  'status',
  'error_description',
  'message',
  'error.message',
  'msg',
];

/** What is said of a token that does not work any more, in whatever spelling. 190 is Facebook's, -401 Kakao's. */
const GONE = new Set([
  ...['invalid_token', 'token_invalid', 'bad_token', 'unknown_token', 'token_unknown', 'token_not_found'],
  ...['token_revoked', 'revoked_token', 'token_already_revoked', 'token_expired', 'expired_token', 'token_inactive'],
  ...['token_expired_or_revoked', 'token_has_been_revoked', 'invalid_access_token', 'access_token_invalid'],
  ...['access_token_revoked', 'access_token_expired', 'expired_access_token', 'access_token_not_found'],
  ...['invalid_refresh_token', 'bad_refresh_token', 'refresh_token_not_found', 'refresh_token_is_invalid'],
  ...['invalid_grant', 'invalid_auth', 'account_inactive', '190', '-401'],
]);

/** A status that says the same: 401 where the token itself is the authentication, 404 and 422 where the token is what is deleted. */
const GONE_STATUS: Partial<Readonly<Record<RevocationStyle, readonly number[]>>> = {
  delete_basic: [404, 422],
  delete_bearer: [401, 404],
  post_bearer: [401],
};

const spell = (value: unknown): string =>
  String(value)
    .toLowerCase()
    .replace(/[.!]$/, '')
    .replaceAll(/(?<=\w)[ -]/g, '_');

const readTag = (body: JsonFields, path: string): unknown =>
  // The one name with a dot in it (Dropbox).
  path === 'error..tag' ? (readPath(body, 'error') as JsonFields | undefined)?.['.tag'] : readPath(body, path);

const saysGone = (body: JsonFields | null): boolean =>
  body !== null &&
  PATHS.map((path) => readTag(body, path)).some(
    (value) => (typeof value === 'string' || typeof value === 'number') && GONE.has(spell(value)),
  );

/** The outcome that a reply tells. A reply of overload tells nothing, whatever its body. */
export const judgeRevocation = (reply: ProviderReply, style: RevocationStyle): RevocationOutcome => {
  const body = parseFields(reply.text);
  if (!isFailure(reply, body)) return 'revoked';
  if (isOverload(reply.status)) return 'failed';
  const isGone = reply.status === 410 || GONE_STATUS[style]?.includes(reply.status) || saysGone(body);
  return isGone ? 'gone' : 'failed';
};
