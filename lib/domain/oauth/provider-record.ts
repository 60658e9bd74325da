// One OAuth provider: its endpoints and its differences from the standards. The reviewed catalogue and the operator's entries use
// the same records. `provider-profile.ts` applies the defaults.
import * as z from 'zod';
import { HeaderName, HostHeaders } from '../values/http-field.ts';
import { isApiBaseUrl, isApiHost } from './api-address.ts';
import { Keep } from './kept/kept-values.ts';
import { ReplyRule } from './rules/reply-rule.ts';
import { fillSample, isPattern, matchesPattern } from './url-template.ts';
import { Verification } from './verification.ts';

/** A URL. `{name}` is a template variable, filled from the request and checked by its pattern. */
const Endpoint = z.string().min(1).max(2048);

/** Whether the text is a scheme, a host and perhaps a port, with nothing after them; placeholders may be in the host. */
const isOrigin = (text: string): boolean => {
  const sample = fillSample(text);
  return URL.parse(sample)?.origin === sample;
};

/** How the provider revokes tokens. `provider-profile.ts` lists the tokens that each style accepts. */
export const RevocationStyle = z.enum([
  /** RFC 7009: POST token and token_type_hint, with client authentication. */
  'rfc7009',
  /** The same of an access token only (Twitch). */
  'rfc7009_access_token',
  /** The same of a refresh token only (Auth0). */
  'rfc7009_refresh_token',
  /** DELETE with Basic client credentials and JSON {access_token} (GitHub). */
  'delete_basic',
  /** POST with the access token as bearer token and no body (Slack, Dropbox, Strava, Kakao). */
  'post_bearer',
  /** DELETE with the access token as bearer token (Zendesk, Facebook). */
  'delete_bearer',
  /** POST JSON {token} with Basic client credentials (Notion). */
  'json_basic',
  /** POST form {client_id, client_secret, access_token} (LINE). */
  'post_access_token',
  /** POST JSON {client_id, client_secret, access_token} (Webflow). */
  'json_access_token',
  /** POST JSON {client_id, client_secret, refresh_token} (Supabase). */
  'json_refresh_token',
  /** POST JSON {client_id, access_token} with `authorization: Client <client secret>` (Square). */
  'json_client_header',
  'none',
]);
export type RevocationStyle = z.infer<typeof RevocationStyle>;

/** Client authentication (RFC 6749 §2.3.1). */
export const ClientAuth = z.enum([
  'client_secret_post',
  'client_secret_basic',
  /** Basic without the form encoding of RFC 6749 §2.3.1. */
  'client_secret_basic_raw',
  /** An assertion that the client signs (RFC 7523 §2.2). */
  'private_key_jwt',
  'none',
]);
export type ClientAuth = z.infer<typeof ClientAuth>;

/** Names of the functions in `providers/quirks.ts`, which correct a provider's token replies. */
export const ReplyQuirk = z.enum(['instagramList', 'slackAccount', 'zohoSeconds']);
export type ReplyQuirk = z.infer<typeof ReplyQuirk>;

/** Template variables by name: the pattern of a whole value, the default (Microsoft), and what a form shows. */
export const TemplateVariables = z.record(
  z.string(),
  z
    .object({
      pattern: z.string().refine(isPattern, 'must be a regular expression'),
      default: z.string().optional(),
      /** Every value that is meant, where there are few; and one to show as an example. */
      oneOf: z.array(z.string()).min(1).max(64).optional(),
      example: z.string().optional(),
    })
    .refine(
      ({ pattern, default: fallback, oneOf = [], example }) =>
        !isPattern(pattern) ||
        [fallback, example, ...oneOf].every((value) => value === undefined || matchesPattern(pattern, value)),
      'default, oneOf and example must match the pattern',
    ),
);

const HeaderPlacement = z.object({ name: HeaderName, prefix: z.string().default('') });

// Many fields are of the same kind: they share one schema, because each that is made takes time in a cold start.
const endpoint = Endpoint.optional();
const text = z.string().optional();
const flag = z.boolean().optional();
const list = z.array(z.string()).optional();
const texts = z.record(z.string(), z.string()).optional();
const clientAuth = ClientAuth.optional();
const placement = HeaderPlacement.optional();

/** A record of the catalogue, or an operator's entry completed by it. */
export const ProviderRecord = z.strictObject({
  displayName: text,
  authorizationEndpoint: Endpoint,
  tokenEndpoint: Endpoint,
  refreshEndpoint: endpoint,
  /** Origins that grants were refreshed at before the provider moved: such a grant goes to the present endpoint. */
  formerTokenOrigins: z.array(Endpoint.refine(isOrigin, 'must be an origin')).max(16).optional(),
  revocationEndpoint: endpoint,
  revocationStyle: RevocationStyle.optional(),
  /** Revoking one token ends all that the account has granted to the client (Google). */
  revocationEndsAccount: flag,
  deviceAuthorizationEndpoint: endpoint,
  identityEndpoint: endpoint,
  identityMethod: z.enum(['GET', 'POST']).optional(),
  /** A GraphQL query, sent as JSON {query}. */
  identityQuery: text,
  /** Headers of the identity call besides authorization. `{client_id}` in a value is filled (Twitch). */
  identityHeaders: texts,
  /** Dotted paths into the identity reply, or into the token reply if there is no identity endpoint. */
  identityIdPath: text,
  identityNamePath: text,
  issuer: text,
  authorizationResponseIssParameterSupported: flag,
  clientAuth,
  /** Client authentication at the revocation endpoint, if different (Todoist). */
  revocationClientAuth: clientAuth,
  /** The parameter's name if it is not client_id (TikTok). */
  clientIdParam: text,
  /** False only where PKCE does harm. */
  sendPkce: flag,
  scopeSeparator: text,
  /** The parameter's name if it is not scope (Slack's user tokens). */
  scopeParam: text,
  defaultScopes: list,
  /** The name that the provider grants, by the name that is requested. `{x}` in both stands for the same text (`scope-rules.ts`). */
  scopeAliases: texts,
  /** The scopes that a granted one contains; transitive. */
  scopeImplies: z.record(z.string(), z.array(z.string())).optional(),
  /** Scopes that are no permission, so that a reply without them still grants them. Replaces the default. */
  scopesNotReported: list,
  /** The provider answers scopes in a case of its own (Microsoft). */
  scopesIgnoreCase: flag,
  /** The callback's parameter that names the granted scopes (Strava). Used where the token reply names none. */
  callbackScopeParam: text,
  /** An upgrade requests only the new scopes. */
  incrementalScopes: flag,
  /** The scope that the provider requires for a refresh token. */
  refreshTokenScope: text,
  extraAuthorizationParams: texts,
  extraTokenParams: texts,
  tokenRequestFormat: z.enum(['form', 'json']).optional(),
  /** The dotted path of the token fields, if not the top level. */
  tokenReplyPath: text,
  /** Applied to token replies of any status before they are read. */
  replyQuirk: ReplyQuirk.optional(),
  templateVariables: TemplateVariables.optional(),
  /** The lifetime of an access token without a usable expires_in; null: no expiry. */
  accessTokenLifetimeSeconds: z.int().positive().nullable().optional(),
  /** Whether a refresh invalidates the refresh token sent. */
  rotatesRefreshTokens: flag,
  /** How a refresh says that the grant is dead, beside `invalid_grant`. Any one of the rules suffices. */
  deadGrant: z.array(ReplyRule).min(1).max(32).optional(),
  /** What a call appends its path to, without a query: `https://{shop}.example.com/admin`. May begin with a kept value. Public https, as the endpoints are. */
  apiBaseUrl: Endpoint.refine(isApiBaseUrl, 'must be a URL without user, query and fragment').optional(),
  /** The values that come with a grant and that calls need; they may fill `apiBaseUrl` and `apiHosts`. */
  keeps: z.array(Keep).max(32).optional(),
  /** Asked after connecting as the identity endpoint is, for kept values from `tenants` (Atlassian, Xero). */
  tenantsEndpoint: endpoint,
  /** The callback names the tenant in this parameter; `values` gives the variable's value for each name, else it is the name itself. */
  callbackTenant: z
    .strictObject({
      param: z.string().min(1).max(64),
      variable: z.string(),
      values: texts,
    })
    .optional(),
  /** Parameters of the callback that mean an error, beside `error`. */
  callbackErrorParams: z.array(z.string().min(1).max(64)).max(8).optional(),
  /** Host patterns as of a host_scoped credential, where keys and tokens may be sent beside the origin of `apiBaseUrl`. */
  apiHosts: z.array(z.string().refine(isApiHost, 'must be a host pattern')).min(1).max(32).optional(),
  /** Where the provider expects API keys; `apiKeyHeader` wins over `apiKeyQuery`. */
  apiKeyHeader: placement,
  apiKeyQuery: text,
  /** Where the provider expects OAuth tokens, if not in `authorization: Bearer` (Shopify). */
  tokenHeader: placement,
  /** Fields that every call needs beside a key or token (Notion's version). `{client_id}` (Twitch), variables and kept values (Xero's tenant) are filled. */
  fixedHeaders: HostHeaders.optional(),
  /** The call that checks a key or token, its path appended to `apiBaseUrl`. */
  verification: Verification.optional(),
});
export type ProviderRecord = z.infer<typeof ProviderRecord>;

const clientId = z.string().min(1);
const clientSecret = clientId.optional();
/** PEM, and the key's name at the provider (`kid`); `operator-provider.ts` reads the key. */
const privateKey = clientId.optional();
const keyId = clientId.optional();
const Client = z.strictObject({ clientId, clientSecret, privateKey, keyId });

/** An operator's entry: a client, and any fields of a record. */
export const OperatorProvider = ProviderRecord.extend({
  authorizationEndpoint: endpoint,
  tokenEndpoint: endpoint,
  clientId,
  clientSecret,
  privateKey,
  keyId,
  /** Whether MCP servers at its issuer may be connected with the client, wherever they are; absent: see `LentTo`. */
  mcp: flag,
  /** Clients that grants were issued to before; they are used for those grants alone. */
  olderClients: z.array(Client).max(16).optional(),
});
export type OperatorProvider = z.infer<typeof OperatorProvider>;
