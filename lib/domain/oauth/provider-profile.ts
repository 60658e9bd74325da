// A provider with every default of its record applied. Code behind the provider directory reads profiles only, so no default is
// chosen anywhere else.
import type { KeyPlacement } from '../credential/sendable-fields.ts';
import type { IssuerEndpoints } from './client/issuer-endpoints.ts';
import type { Keep } from './kept/kept-values.ts';
import type { ClientAuth, ProviderRecord, ReplyQuirk, RevocationStyle } from './provider-record.ts';
import type { ReplyRule } from './rules/reply-rule.ts';
import { DEFAULT_SCOPE_RULES, type ScopeRules } from './rules/scope-rules.ts';
import type { Verification } from './verification.ts';

/** The kinds of token that a provider can revoke. */
export type TokenKind = 'access_token' | 'refresh_token';

/** A provider's OAuth settings, with no default left to apply. */
export interface ProviderProfile {
  /** Default: the provider's name. */
  displayName: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** Default: the token endpoint. */
  refreshEndpoint: string;
  /** Default: none, so a grant bound to another origin is sent nowhere. */
  formerTokenOrigins: readonly string[];
  /** null: the provider revokes nothing. */
  revocationEndpoint: string | null;
  /** Default: `rfc7009`; `none` without an endpoint. */
  revocationStyle: RevocationStyle;
  /** What the style accepts; the token that keeps the grant alive comes first. */
  revocableTokens: readonly TokenKind[];
  /** Default: false, so a revocation ends one credential only. */
  revocationEndsAccount: boolean;
  /** null: no device flow. */
  deviceAuthorizationEndpoint: string | null;
  /** null: the account is read from the token reply. */
  identityEndpoint: string | null;
  /** Default: `POST` with a GraphQL query, else `GET`. */
  identityMethod: 'GET' | 'POST';
  identityQuery: string | null;
  /** Default: no headers besides authorization. */
  identityHeaders: Readonly<Record<string, string>>;
  /** null: accounts have no id. */
  identityIdPath: string | null;
  /** null: accounts have no name. */
  identityNamePath: string | null;
  /** What tokens are requested for (RFC 8707): an MCP server. null: the requests name no resource. Records have none. */
  resource: string | null;
  /** What the issuer's metadata named, where the operator names only the issuer and it was read; else null. */
  issuerEndpoints: IssuerEndpoints | null;
  /** null: the `iss` of a callback is not checked (RFC 9207). */
  issuer: string | null;
  /** Default: false, so a callback without `iss` is accepted. */
  authorizationResponseIssParameterSupported: boolean;
  /** Default: `client_secret_post`. */
  clientAuth: ClientAuth;
  /** Default: as at the other endpoints. */
  revocationClientAuth: ClientAuth;
  /** Default: `client_id`. */
  clientIdParam: string;
  /** Default: true (RFC 7636, S256). */
  sendPkce: boolean;
  /** Default: a space (RFC 6749 §3.3). */
  scopeSeparator: string;
  /** Default: `scope`. */
  scopeParam: string;
  /** Default: none. */
  defaultScopes: readonly string[];
  /** Default: none. */
  scopeAliases: ScopeRules['scopeAliases'];
  /** Default: none. */
  scopeImplies: ScopeRules['scopeImplies'];
  /** null: the default of `scope-rules.ts`. */
  scopesNotReported: ScopeRules['scopesNotReported'];
  /** Default: false (RFC 6749 §3.3). */
  scopesIgnoreCase: boolean;
  /** null: the callback names no scopes. */
  callbackScopeParam: string | null;
  /** Default: false, so an upgrade requests the stored scopes again. */
  incrementalScopes: boolean;
  /** null: a refresh token needs no scope. */
  refreshTokenScope: string | null;
  /** Default: none. */
  extraAuthorizationParams: Readonly<Record<string, string>>;
  /** Default: none. */
  extraTokenParams: Readonly<Record<string, string>>;
  /** Default: `form` (RFC 6749 §4.1.3). */
  tokenRequestFormat: 'form' | 'json';
  /** null: the token fields are at the top of the reply. */
  tokenReplyPath: string | null;
  replyQuirk: ReplyQuirk | null;
  /** Default: none. */
  templateVariables: NonNullable<ProviderRecord['templateVariables']>;
  /** The lifetime of an access token whose reply states none. Default: 3600 with a refresh token, else null: no expiry. */
  assumedLifetimeSeconds: { withRefreshToken: number | null; withoutRefreshToken: number | null };
  /** Default: true. Taking a kept token for a rotated one costs a reconnect at worst; the reverse loses grants. */
  rotatesRefreshTokens: boolean;
  /** Default: none beside `invalid_grant` and other known words. */
  deadGrant: readonly ReplyRule[];
  /** Default: none. */
  keeps: readonly Keep[];
  /** null: nothing is asked for kept values from `tenants`. */
  tenantsEndpoint: string | null;
  /** null: the tenant is the one that the connection was started with. */
  callbackTenant: NonNullable<ProviderRecord['callbackTenant']> | null;
  /** Default: none, so only `error` means an error. */
  callbackErrorParams: readonly string[];
  /** null: not known. */
  apiBaseUrl: string | null;
  /** Default: none, so only `apiBaseUrl`, if set, restricts where keys and tokens are sent. */
  apiHosts: readonly string[];
  /** null: the record does not say. */
  apiKeyPlacement: KeyPlacement | null;
  /** Default: `authorization: Bearer` (RFC 6750 §2.1). */
  tokenPlacement: KeyPlacement;
  /** Default: none. Placeholders are filled where the fields are sent (`sendable-fields.ts`). */
  fixedHeaders: Readonly<Record<string, string>>;
  /** null: no call is known that checks a credential. */
  verification: Verification | null;
}

/** Most providers accept a token of the wrong kind as if it had been revoked, so only the documented kind is sent. */
const REVOCABLE_TOKENS: Readonly<Record<RevocationStyle, readonly TokenKind[]>> = {
  // RFC 7009 §2.1: servers must revoke refresh tokens and should revoke access tokens.
  rfc7009: ['refresh_token', 'access_token'],
  rfc7009_access_token: ['access_token'],
  rfc7009_refresh_token: ['refresh_token'],
  delete_basic: ['access_token'],
  post_bearer: ['access_token'],
  delete_bearer: ['access_token'],
  // https://developers.notion.com/reference/revoke-token names access tokens only.
  json_basic: ['access_token'],
  post_access_token: ['access_token'],
  json_access_token: ['access_token'],
  json_refresh_token: ['refresh_token'],
  json_client_header: ['access_token'],
  none: [],
};

const ASSUMED_LIFETIME_SECONDS = 3_600;

const revocation = (record: ProviderRecord) => {
  const { revocationEndpoint, revocationStyle = 'rfc7009', revocationEndsAccount = false } = record;
  const style = revocationEndpoint === undefined ? 'none' : revocationStyle;
  return {
    revocationEndpoint: revocationEndpoint ?? null,
    revocationStyle: style,
    revocableTokens: REVOCABLE_TOKENS[style],
    revocationEndsAccount,
  };
};

const identity = (record: ProviderRecord) => ({
  identityEndpoint: record.identityEndpoint ?? null,
  identityMethod: record.identityMethod ?? (record.identityQuery === undefined ? 'GET' : 'POST'),
  identityQuery: record.identityQuery ?? null,
  identityHeaders: record.identityHeaders ?? {},
  identityIdPath: record.identityIdPath ?? null,
  identityNamePath: record.identityNamePath ?? null,
});

const client = ({ clientAuth = 'client_secret_post', revocationClientAuth, clientIdParam }: ProviderRecord) => ({
  clientAuth,
  revocationClientAuth: revocationClientAuth ?? clientAuth,
  clientIdParam: clientIdParam ?? 'client_id',
});

const scopes = (record: ProviderRecord) => ({
  scopeSeparator: record.scopeSeparator ?? ' ',
  scopeParam: record.scopeParam ?? 'scope',
  defaultScopes: record.defaultScopes ?? [],
  scopeAliases: record.scopeAliases ?? DEFAULT_SCOPE_RULES.scopeAliases,
  scopeImplies: record.scopeImplies ?? DEFAULT_SCOPE_RULES.scopeImplies,
  scopesNotReported: record.scopesNotReported ?? DEFAULT_SCOPE_RULES.scopesNotReported,
  scopesIgnoreCase: record.scopesIgnoreCase ?? DEFAULT_SCOPE_RULES.scopesIgnoreCase,
  callbackScopeParam: record.callbackScopeParam ?? null,
  incrementalScopes: record.incrementalScopes ?? false,
  refreshTokenScope: record.refreshTokenScope ?? null,
});

const tokenRequests = (record: ProviderRecord) => ({
  extraAuthorizationParams: record.extraAuthorizationParams ?? {},
  extraTokenParams: record.extraTokenParams ?? {},
  tokenRequestFormat: record.tokenRequestFormat ?? 'form',
  tokenReplyPath: record.tokenReplyPath ?? null,
  replyQuirk: record.replyQuirk ?? null,
  rotatesRefreshTokens: record.rotatesRefreshTokens ?? true,
  deadGrant: record.deadGrant ?? [],
});

const lifetimes = ({ accessTokenLifetimeSeconds: always }: ProviderRecord) =>
  always === undefined
    ? { withRefreshToken: ASSUMED_LIFETIME_SECONDS, withoutRefreshToken: null }
    : { withRefreshToken: always, withoutRefreshToken: always };

const comesWithGrant = (record: ProviderRecord) => ({
  keeps: record.keeps ?? [],
  tenantsEndpoint: record.tenantsEndpoint ?? null,
  callbackTenant: record.callbackTenant ?? null,
  callbackErrorParams: record.callbackErrorParams ?? [],
});

const keyPlacement = ({ apiKeyHeader, apiKeyQuery }: ProviderRecord): KeyPlacement | null => {
  if (apiKeyHeader) return { header: apiKeyHeader };
  return apiKeyQuery === undefined ? null : { query: apiKeyQuery };
};

/** Applies the defaults to a record. */
export const providerProfile = (provider: string, record: ProviderRecord): ProviderProfile => ({
  displayName: record.displayName ?? provider,
  authorizationEndpoint: record.authorizationEndpoint,
  tokenEndpoint: record.tokenEndpoint,
  refreshEndpoint: record.refreshEndpoint ?? record.tokenEndpoint,
  formerTokenOrigins: record.formerTokenOrigins ?? [],
  ...revocation(record),
  deviceAuthorizationEndpoint: record.deviceAuthorizationEndpoint ?? null,
  ...identity(record),
  resource: null,
  issuerEndpoints: null,
  issuer: record.issuer ?? null,
  authorizationResponseIssParameterSupported: record.authorizationResponseIssParameterSupported ?? false,
  ...client(record),
  sendPkce: record.sendPkce ?? true,
  ...scopes(record),
  ...tokenRequests(record),
  templateVariables: record.templateVariables ?? {},
  assumedLifetimeSeconds: lifetimes(record),
  ...comesWithGrant(record),
  apiBaseUrl: record.apiBaseUrl ?? null,
  apiHosts: record.apiHosts ?? [],
  apiKeyPlacement: keyPlacement(record),
  tokenPlacement: { header: record.tokenHeader ?? { name: 'authorization', prefix: 'Bearer ' } },
  fixedHeaders: record.fixedHeaders ?? {},
  verification: record.verification ?? null,
});
