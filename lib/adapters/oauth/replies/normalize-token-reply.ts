// Makes a token endpoint's reply regular (RFC 6749 §5.1), or names its failure: providers differ in format, status, types and
// places. An id token is dropped unread: identity comes from the identity endpoint alone, so none is ever half checked.

import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { ProviderFault } from '../../../domain/ports/oauth-protocol.ts';
import { replyQuirks } from '../../../providers/quirks.ts';
import { isFields, type JsonFields, type ProviderReply, parseFields, readPath } from './provider-reply.ts';
import { readAccount } from './read-account.ts';
import { faultOf, isFailure } from './reply-fault.ts';

export interface RegularTokenReply {
  access_token: string;
  token_type: 'bearer';
  refresh_token?: string;
  /** Whole seconds; absent: the token does not expire. */
  expires_in?: number;
  refresh_token_expires_in?: number;
  /** Joined with spaces; absent: the reply says nothing of scopes. */
  scope?: string;
  account?: Account;
}

export interface TokenReplyContext {
  profile: ProviderProfile;
  /** The grant has a refresh token already, whether or not the reply brings a new one. */
  refreshing: boolean;
}

const MAX_TOKEN_LENGTH = 16 * 1024;
/** Visible ASCII and inner spaces (RFC 6749 appendix A.12): it must fit into a header. */
const TOKEN = /^[!-~](?:[ -~]*[!-~])?$/;
/** Bound to a key that we don't have, or signed with it: not to be sent as a bearer token. */
const UNUSABLE_TYPE = /^(?:dpop|mac|pop)$/i;
const SCOPE = /^[!-~]{1,512}$/;
const MAX_SCOPES = 500;
const NUMBER = /^\d{1,12}(?:\.\d+)?$/;
/** A hundred years: what is more is no lifetime but a mistake. */
const LONGEST_LIFETIME_SECONDS = 3_155_760_000;
const REFRESH_TOKEN_LIFETIMES = ['refresh_token_expires_in', 'refresh_expires_in', 'x_refresh_token_expires_in'];

/** A reply that can't be used says nothing of what became of the grant. */
const unusable = () => new ProviderFault('transient');

const tokenOf = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > MAX_TOKEN_LENGTH || !TOKEN.test(value)) throw unusable();
  return value;
};

const refreshTokenOf = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : tokenOf(value);

/** Seconds above zero, as a number or as text. */
const secondsOf = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  if (typeof seconds !== 'number' || !(seconds >= 1 && seconds <= LONGEST_LIFETIME_SECONDS)) return undefined;
  return Math.floor(seconds);
};

const assumedLifetime = ({ assumedLifetimeSeconds }: ProviderProfile, hasRefreshToken: boolean): number | undefined =>
  (hasRefreshToken ? assumedLifetimeSeconds.withRefreshToken : assumedLifetimeSeconds.withoutRefreshToken) ?? undefined;

/** Text or a list; what is no scope token (RFC 6749 §3.3) is left out, which can only narrow. */
const scopeOf = ({ scope, scopes }: JsonFields): string | undefined => {
  const said = scope ?? scopes;
  const list = typeof said === 'string' ? said.split(' ') : said;
  if (!Array.isArray(list)) return undefined;
  return list
    .filter((item) => typeof item === 'string' && SCOPE.test(item))
    .slice(0, MAX_SCOPES)
    .join(' ');
};

/**
 * The fields that hold the grant. A refresh may answer at the top although the first grant was nested (Slack); the first
 * must not, since what is at the top there is another token.
 */
const grantFields = (body: JsonFields, { profile, refreshing }: TokenReplyContext): JsonFields => {
  const nested = profile.tokenReplyPath === null ? body : readPath(body, profile.tokenReplyPath);
  if (isFields(nested)) return nested;
  if (refreshing) return body;
  throw unusable();
};

const accountOf = (body: JsonFields, profile: ProviderProfile): Account | undefined =>
  profile.identityEndpoint === null ? (readAccount(body, profile) ?? undefined) : undefined;

const regular = (body: JsonFields, context: TokenReplyContext): RegularTokenReply => {
  const fields = grantFields(body, context);
  if (typeof fields.token_type === 'string' && UNUSABLE_TYPE.test(fields.token_type)) throw unusable();
  const refreshToken = refreshTokenOf(fields.refresh_token);
  const hasRefreshToken = refreshToken !== undefined || context.refreshing;
  const reply = {
    access_token: tokenOf(fields.access_token),
    token_type: 'bearer',
    refresh_token: refreshToken,
    expires_in: secondsOf(fields.expires_in) ?? assumedLifetime(context.profile, hasRefreshToken),
    refresh_token_expires_in: REFRESH_TOKEN_LIFETIMES.map((name) => secondsOf(fields[name])).find(Boolean),
    scope: scopeOf(fields),
    account: accountOf(body, context.profile),
  };
  // Undefined is absent in JSON, and the library must see what JSON would show it.
  return JSON.parse(JSON.stringify(reply));
};

/** The body's fields, the provider's own way of answering made ordinary. */
const fieldsOf = ({ text }: ProviderReply, { replyQuirk }: ProviderProfile): JsonFields | null => {
  const body = parseFields(text);
  return body && replyQuirk !== null ? replyQuirks[replyQuirk](body) : body;
};

/** Throws ProviderFault. */
export const normalizeTokenReply = (reply: ProviderReply, context: TokenReplyContext): RegularTokenReply => {
  const body = fieldsOf(reply, context.profile);
  if (isFailure(reply, body)) throw faultOf(reply, body);
  if (body === null) throw unusable();
  return regular(body, context);
};
