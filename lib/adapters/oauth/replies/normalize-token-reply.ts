// Normalizes a token reply (RFC 6749 §5.1): providers differ in format, status, types and field paths. Id tokens are dropped
// without being read, because the account comes from the identity endpoint.
import type { KeptValues } from '../../../domain/oauth/kept/kept-values.ts';
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import { parseScopes } from '../../../domain/oauth/scopes.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { ProviderFault } from '../../../domain/ports/oauth-protocol.ts';
import type { OutboundPolicy } from '../../../domain/values/outbound-url.ts';
import { replyQuirks } from '../../../providers/quirks.ts';
import { ACCESS_TOKEN_NAMES, REFRESH_TOKEN_NAMES, readLifetime } from './lifetimes.ts';
import { type JsonFields, type ProviderReply, parseFields } from './provider-reply.ts';
import { readAccount } from './read-account.ts';
import { readKept } from './read-kept.ts';
import { hasErrorSign, isDeadGrant, isFailure, readFault } from './reply-fault.ts';
import { findTokenFields, hasAccessToken, readField } from './token-fields.ts';

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
  /** When the reply came (epoch milliseconds): some name a time of expiry. */
  now: number;
  /** For kept values that name a host. */
  policy: OutboundPolicy;
}

const MAX_TOKEN_LENGTH = 16 * 1024;
/** Visible ASCII with inner spaces (RFC 6749 appendix A.12), so that it fits into a header. */
const TOKEN = /^[!-~](?:[ -~]*[!-~])?$/;
/** Types bound to a key that this service does not hold; they do not work as bearer tokens. */
const UNUSABLE_TYPE = /^(?:dpop|mac|pop)$/i;
const MAX_SCOPES = 500;
/** A success that can't be read: what it granted is lost, and it does not tell whether the grant is still valid. */
const unusable = () => new ProviderFault('transient', { lostAnswer: 'cut' });

const parseToken = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > MAX_TOKEN_LENGTH || !TOKEN.test(value)) throw unusable();
  return value;
};

const parseRefreshToken = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : parseToken(value);

const assumedLifetime = ({ assumedLifetimeSeconds }: ProviderProfile, hasRefreshToken: boolean): number | undefined =>
  (hasRefreshToken ? assumedLifetimeSeconds.withRefreshToken : assumedLifetimeSeconds.withoutRefreshToken) ?? undefined;

/**
 * Text or a list, of which an item may hold several. Invalid scope tokens (RFC 6749 §3.3) are dropped, which can only narrow
 * the scopes.
 */
const parseScope = (fields: JsonFields): string | undefined => {
  const stated = readField(fields, 'scope');
  const list = typeof stated === 'string' ? [stated] : stated;
  if (!Array.isArray(list)) return undefined;
  return list
    .flatMap((item) => (typeof item === 'string' ? parseScopes(item) : []))
    .slice(0, MAX_SCOPES)
    .join(' ');
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
  const { now } = context;
  const fields = findTokenFields(body, context.profile, context.refreshing);
  if (fields === null) throw unusable();
  const type = readField(fields, 'token_type');
  if (typeof type === 'string' && UNUSABLE_TYPE.test(type)) throw unusable();
  const refreshToken = parseRefreshToken(readField(fields, 'refresh_token'));
  const hasRefreshToken = refreshToken !== undefined || context.refreshing;
  const reply = {
    access_token: parseToken(readField(fields, 'access_token')),
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_in: readLifetime(fields, ACCESS_TOKEN_NAMES, now) ?? assumedLifetime(context.profile, hasRefreshToken),
    refresh_token_expires_in: readLifetime(fields, REFRESH_TOKEN_NAMES, now),
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

/** Throws ProviderFault, `transient` for an unusable reply. */
export const normalizeTokenReply = (reply: ProviderReply, context: TokenReplyContext): NormalizedTokenReply => {
  const { profile, refreshing } = context;
  const original = parseFields(reply.text);
  const body = applyQuirk(original, profile);
  // A code is used once, so only a refresh can find its grant dead.
  const deadGrant = refreshing ? profile.deadGrant : [];
  const isEmpty = body === null || !hasAccessToken(findTokenFields(body, profile, refreshing));
  const isRefused = isEmpty && (isDeadGrant(deadGrant, reply, original) || hasErrorSign(body));
  if (isRefused || isFailure(reply, body)) throw readFault(reply, body, { original, deadGrant });
  if (body === null) throw unusable();
  return normalize(body, context);
};
