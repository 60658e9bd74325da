// One OAuth provider as the contract describes it: where its endpoints are and how it differs from the standards. The
// reviewed catalogue and the operator's own entries are the same records; a field that is not set has its default here.
import * as z from 'zod';

/** `{name}` stands for a template variable in an endpoint's URL, filled from the request and checked by its pattern. */
const Endpoint = z.string().min(1).max(2048);

export const RevocationStyle = z.enum([
  /** RFC 7009: POST token and token_type_hint, with client authentication. */
  'rfc7009',
  /** DELETE with Basic client credentials and JSON {access_token} (GitHub). */
  'delete_basic',
  /** POST with the access token as bearer and no body (Slack, Dropbox, Strava, Kakao). */
  'post_bearer',
  /** DELETE with the access token as bearer (Zendesk, Facebook). */
  'delete_bearer',
  /** POST JSON {token} with Basic client credentials (Notion). */
  'json_basic',
  /** POST form with the access token under the name access_token and the client's credentials in the body (LINE). */
  'post_access_token',
  /** The same as JSON (Webflow). */
  'json_access_token',
  /** POST JSON {client_id, client_secret, refresh_token} (Supabase). */
  'json_refresh_token',
  /** POST JSON {client_id, access_token} with `authorization: Client <client secret>` (Square). */
  'json_client_header',
  'none',
]);
export type RevocationStyle = z.infer<typeof RevocationStyle>;

export const ClientAuth = z.enum([
  'client_secret_post',
  'client_secret_basic',
  /** Basic without the form encoding of RFC 6749 §2.3.1, as some providers expect. */
  'client_secret_basic_raw',
  'none',
]);
export type ClientAuth = z.infer<typeof ClientAuth>;

/** The functions of `providers/quirks.ts`: what a provider's token replies need before they are read. */
export const ReplyQuirk = z.enum([
  'atlassianDeadToken',
  'hubspotDeadToken',
  'instagramList',
  'slackAccount',
  'stravaDeadToken',
  'zohoSeconds',
  'zoomDeadToken',
]);
export type ReplyQuirk = z.infer<typeof ReplyQuirk>;

export const ProviderRecord = z.strictObject({
  displayName: z.string().optional(),
  authorizationEndpoint: Endpoint,
  tokenEndpoint: Endpoint,
  refreshEndpoint: Endpoint.optional(),
  revocationEndpoint: Endpoint.optional(),
  /** Default: rfc7009 when there is an endpoint, else none. */
  revocationStyle: RevocationStyle.optional(),
  deviceAuthorizationEndpoint: Endpoint.optional(),
  identityEndpoint: Endpoint.optional(),
  identityMethod: z.enum(['GET', 'POST']).optional(),
  /** A GraphQL query to send as JSON {query}, where identity is one. */
  identityQuery: z.string().optional(),
  /** Headers the identity call needs besides authorization; `{client_id}` is filled in a value too (Twitch). */
  identityHeaders: z.record(z.string(), z.string()).optional(),
  /** Dotted paths into the identity reply, or, with no identity endpoint, into the token reply. */
  identityIdPath: z.string().optional(),
  identityNamePath: z.string().optional(),
  issuer: z.string().optional(),
  authorizationResponseIssParameterSupported: z.boolean().optional(),
  /** Default: client_secret_post. */
  clientAuth: ClientAuth.optional(),
  /** Client authentication at the revocation endpoint, where it differs (Todoist). */
  revocationClientAuth: ClientAuth.optional(),
  /** The parameter's name where it is not client_id (TikTok). */
  clientIdParam: z.string().optional(),
  /** Default: true, S256. */
  sendPkce: z.boolean().optional(),
  /** Default: a space. */
  scopeSeparator: z.string().optional(),
  /** The parameter's name where it is not scope (Slack's user tokens). */
  scopeParam: z.string().optional(),
  defaultScopes: z.array(z.string()).optional(),
  /** An upgrade asks for the new scopes only. */
  incrementalScopes: z.boolean().optional(),
  /** The scope without which the provider gives no refresh token. */
  refreshTokenScope: z.string().optional(),
  extraAuthorizationParams: z.record(z.string(), z.string()).optional(),
  extraTokenParams: z.record(z.string(), z.string()).optional(),
  /** Default: form. */
  tokenRequestFormat: z.enum(['form', 'json']).optional(),
  /** Where in the reply the grant is, when not at its top (a dotted path). */
  tokenReplyPath: z.string().optional(),
  /** Applied to a token reply, good or bad, before anything else of it is read. */
  replyQuirk: ReplyQuirk.optional(),
  /** Template variables by name: the pattern a value must match whole, and the value when none is given (Microsoft). */
  templateVariables: z.record(z.string(), z.object({ pattern: z.string(), default: z.string().optional() })).optional(),
  /** What to assume without a usable expires_in; null: does not expire. Not set: 3600 with a refresh token, else never. */
  accessTokenLifetimeSeconds: z.int().positive().nullable().optional(),
  /** Default: true. */
  rotatesRefreshTokens: z.boolean().optional(),
  apiKeyHeader: z.object({ name: z.string(), prefix: z.string().default('') }).optional(),
  apiKeyQuery: z.string().optional(),
});
export type ProviderRecord = z.infer<typeof ProviderRecord>;

/** What an operator writes for a provider: a client, and any field of a record. */
export const OperatorProvider = ProviderRecord.partial().extend({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
});
export type OperatorProvider = z.infer<typeof OperatorProvider>;
