// Normalizes a token reply (RFC 6749 §5.1): providers differ in format, status, types and field paths. Id tokens are dropped
// without being read, because the account comes from the identity endpoint.
import type { KeptValues } from '../../../domain/oauth/kept/kept-values.ts';
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { ProviderFault } from '../../../domain/ports/oauth-protocol.ts';
import type { OutboundPolicy } from '../../../domain/values/outbound-url.ts';
import { replyQuirks } from '../../../providers/quirks.ts';
import { isFields, type JsonFields, type ProviderReply, parseFields, readPath } from './provider-reply.ts';
import { readAccount } from './read-account.ts';
import { readKept } from './read-kept.ts';
import { isDeadGrant, isFailure, readFault } from './reply-fault.ts';

/** A token reply as openid-client and `request-token` read it. */
export interface NormalizedTokenReply {
  access_token: string;
  token_type: 'bearer';
  refresh_token?: string;
  /** Whole seconds; absent: the token does not expire. */
  expires_in?: number;
  refresh_token_expires_in?: number;
  /** Joined with spaces; absent: the reply states no scopes. */
  scope?: string;
  account?: Account;
  /** Absent: the record keeps nothing of it. */
  kept?: KeptValues;
}

/** What a reply is read with. */
export interface TokenReplyContext {
  profile: ProviderProfile;
  /** The request was a refresh, so there is a refresh token even if the reply contains none. */
  refreshing: boolean;
  /** For kept values that name a host. */
  policy: OutboundPolicy;
}

const MAX_TOKEN_LENGTH = 16 * 1024;
/** Visible ASCII with inner spaces (RFC 6749 appendix A.12), so that it fits into a header. */
const TOKEN = /^[!-~](?:[ -~]*[!-~])?$/;
/** Types bound to a key that this service does not hold; they do not work as bearer tokens. */
const UNUSABLE_TYPE = /^(?:dpop|mac|pop)$/i;
const SCOPE = /^[!-~]{1,512}$/;
const MAX_SCOPES = 500;
const NUMBER = /^\d{1,12}(?:\.\d+)?$/;
/** A hundred years; anything longer is a mistake. */
const MAX_LIFETIME_SECONDS = 3_155_760_000;
const REFRESH_TOKEN_LIFETIMES = ['refresh_token_expires_in', 'refresh_expires_in', 'x_refresh_token_expires_in'];

/** A success that can't be read: what it granted is lost, and it does not tell whether the grant is still valid. */
const unusable = () => new ProviderFault('transient', { lostAnswer: 'cut' });

const parseToken = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > MAX_TOKEN_LENGTH || !TOKEN.test(value)) throw unusable();
  return value;
};

const parseRefreshToken = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : parseToken(value);

/** Positive seconds, as a number or text. */
const parseSeconds = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS)) return undefined;
  return Math.floor(seconds);
};

const assumedLifetime = ({ assumedLifetimeSeconds }: ProviderProfile, hasRefreshToken: boolean): number | undefined =>
  (hasRefreshToken ? assumedLifetimeSeconds.withRefreshToken : assumedLifetimeSeconds.withoutRefreshToken) ?? undefined;

/**
 * Text or a list, of which an item may hold several. Invalid scope tokens (RFC 6749 §3.3) are dropped, which can only narrow
 * the scopes.
 */
const parseScope = ({ scope, scopes }: JsonFields): string | undefined => {
  const stated = scope ?? scopes;
  const list = typeof stated === 'string' ? [stated] : stated;
  if (!Array.isArray(list)) return undefined;
  return list
    .flatMap((item) => (typeof item === 'string' ? item.split(' ') : []))
    .filter((item) => SCOPE.test(item))
    .slice(0, MAX_SCOPES)
    .join(' ');
};

/**
 * The object that contains the tokens. Slack nests it in the first reply, where the top level holds another token, but not in
 * the reply to a refresh.
 */
const tokenFields = (body: JsonFields, { profile, refreshing }: TokenReplyContext): JsonFields => {
  const nested = profile.tokenReplyPath === null ? body : readPath(body, profile.tokenReplyPath);
  if (isFields(nested)) return nested;
  if (refreshing) return body;
  throw unusable();
};

const findAccount = (body: JsonFields, profile: ProviderProfile): Account | undefined =>
  profile.identityEndpoint === null ? (readAccount(body, profile) ?? undefined) : undefined;

/** A reply that is not nested although the record says so is of another shape: its top is the token that elsewhere is nested. */
const findKept = (
  body: JsonFields,
  fields: JsonFields,
  { profile, policy }: TokenReplyContext,
): KeptValues | undefined =>
  profile.keeps.length === 0 || (profile.tokenReplyPath !== null && fields === body)
    ? undefined
    : readKept(profile, body, { from: 'token_reply', policy });

const normalize = (body: JsonFields, context: TokenReplyContext): NormalizedTokenReply => {
  const fields = tokenFields(body, context);
  if (typeof fields.token_type === 'string' && UNUSABLE_TYPE.test(fields.token_type)) throw unusable();
  const refreshToken = parseRefreshToken(fields.refresh_token);
  const hasRefreshToken = refreshToken !== undefined || context.refreshing;
  const reply = {
    access_token: parseToken(fields.access_token),
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_in: parseSeconds(fields.expires_in) ?? assumedLifetime(context.profile, hasRefreshToken),
    refresh_token_expires_in: REFRESH_TOKEN_LIFETIMES.map((name) => parseSeconds(fields[name])).find(Boolean),
    scope: parseScope(fields),
    account: findAccount(body, context.profile),
    kept: findKept(body, fields, context),
  };
  // Drops undefined fields: openid-client distinguishes them from absent ones.
  return JSON.parse(JSON.stringify(reply));
};

/** Corrects what the provider sent, where the record names a quirk. */
const applyQuirk = (body: JsonFields | null, { replyQuirk }: ProviderProfile): JsonFields | null =>
  body && replyQuirk !== null ? replyQuirks[replyQuirk](body) : body;

const hasAccessToken = (body: JsonFields | null, { tokenReplyPath }: ProviderProfile): boolean =>
  [body, tokenReplyPath === null ? null : readPath(body, tokenReplyPath)].some(
    (fields) => isFields(fields) && typeof fields.access_token === 'string',
  );

/** Throws ProviderFault, `transient` for an unusable reply. */
export const normalizeTokenReply = (reply: ProviderReply, context: TokenReplyContext): NormalizedTokenReply => {
  const { profile, refreshing } = context;
  const original = parseFields(reply.text);
  const body = applyQuirk(original, profile);
  // A code is used once, so only a refresh can find its grant dead.
  const deadGrant = refreshing ? profile.deadGrant : [];
  const isDead = isDeadGrant(deadGrant, reply, original) && !hasAccessToken(body, profile);
  if (isDead || isFailure(reply, body)) throw readFault(reply, body, { original, deadGrant });
  if (body === null) throw unusable();
  return normalize(body, context);
};
