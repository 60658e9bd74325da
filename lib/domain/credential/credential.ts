// Credentials: their types, their secret documents, and the stored row. Secrets are stored inside `sealed` only; for
// user_password the user name is part of the secret, for host_scoped every header value is.
import * as z from 'zod';
import { GrantServer } from '../mcp/grant-server.ts';
import { IssuerEndpoints } from '../oauth/client/issuer-endpoints.ts';
import { HostHeaders } from '../values/http-field.ts';
import { JsonObject } from '../values/json-object.ts';
import { CredentialId, ProviderName } from '../values/names.ts';
import type { SealContext } from './seal-context.ts';

/** The types of credentials. */
export const CredentialType = z.enum(['api_key', 'oauth2', 'user_password', 'host_scoped']).meta({
  id: 'CredentialType',
  description:
    '`api_key`: one key. `oauth2`: tokens that are refreshed. `user_password`: HTTP Basic. `host_scoped`: header fields for ' +
    'one host.',
});
export type CredentialType = z.infer<typeof CredentialType>;

/** A secret text: not empty. */
export const SecretText = z.string().min(1);

/** The sealed documents, one per type. */
export const ApiKeySecret = z
  .object({ apiKey: SecretText.meta({ description: 'The key.' }) })
  .meta({ id: 'ApiKeySecret', description: 'The secret of an `api_key` credential.' });
/** The sealed document of a `user_password` credential. */
export const UserPasswordSecret = z
  .object({
    username: SecretText.meta({ description: 'The user name.' }),
    password: z.string().meta({ description: 'The password; may be empty.' }),
  })
  .meta({ id: 'UserPasswordSecret', description: 'The secret of a `user_password` credential.' });
/** The sealed document of a `host_scoped` credential. */
export const HostScopedSecret = z
  .object({ headers: HostHeaders.meta({ description: 'Header values by lower-case name.' }) })
  .meta({ id: 'HostScopedSecret', description: 'The secret of a `host_scoped` credential.' });
/** The sealed document of an `oauth2` credential: the tokens and what a refresh needs besides them. */
export const OAuth2Secret = z.object({
  accessToken: SecretText.meta({ description: 'The access token.' }),
  refreshToken: SecretText.optional(),
  metadata: JsonObject.optional(),
  /** Values of the variables in the provider's endpoints, such as the tenant. */
  variables: z.record(z.string(), z.string()).optional(),
  /** The secret values that came with the grant, by the names of the record. */
  data: z.record(z.string(), z.string()).optional(),
  /** The client that the tokens were issued to, and the origin that they are refreshed at. Absent where a caller brought the tokens. */
  clientId: z.string().min(1).optional(),
  tokenOrigin: z.string().min(1).optional(),
  /** What the issuer's metadata named, of a provider that the operator names by its issuer alone. */
  issuerEndpoints: IssuerEndpoints.optional(),
  /** The MCP server of the tokens; absent for every other provider. */
  server: GrantServer.optional(),
});
export type OAuth2Secret = z.infer<typeof OAuth2Secret>;
/** The schema of the secret document, by credential type. */
export const secretSchemas = {
  api_key: ApiKeySecret,
  user_password: UserPasswordSecret,
  host_scoped: HostScopedSecret,
  oauth2: OAuth2Secret,
} as const;

/** A secret document of any type. */
export type SecretDocument =
  | z.infer<typeof ApiKeySecret>
  | z.infer<typeof UserPasswordSecret>
  | z.infer<typeof HostScopedSecret>
  | z.infer<typeof OAuth2Secret>;

/** The largest secret document, in bytes of JSON. */
export const MAX_SECRET_BYTES = 16_384;

/** Why a credential cannot be used. */
export const BrokenReason = z
  .enum([
    'expired',
    'invalid_grant',
    'uncertain_refresh',
    'no_refresh_token',
    'refused',
    'issuer_changed',
    'client_gone',
    'unreadable',
  ])
  .meta({
    id: 'BrokenReason',
    description:
      '`expired`: the key is past its expiry. `invalid_grant`: the refresh token was refused. `uncertain_refresh`: a ' +
      'refresh was sent and its answer lost, so the refresh token may be spent. `no_refresh_token`: the access token expired ' +
      'and there is none. `refused`: the API refused the key or token, and it cannot be refreshed, or the provider has refused ' +
      'every refresh for a day, in words of its own. `issuer_changed`: the MCP server has another authorization server now. ' +
      '`client_gone`: the OAuth client that the MCP server’s tokens were issued to is no longer known. `unreadable`: the stored ' +
      'credential cannot be read.',
  });
export type BrokenReason = z.infer<typeof BrokenReason>;

/** The newest row layout that this release knows. A row with a higher number is unreadable and never overwritten. */
export const SCHEMA_VERSION = 1;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');
/** Epoch milliseconds within the four-digit years (RFC 3339 §5.6). */
const milliseconds = z.int().min(-62_167_219_200_000).max(253_402_300_799_999);

// Many fields are of the same kind: they share one schema, because each that is made takes time in a cold start.
const text = z.string().nullable();
const time = milliseconds.nullable();

/** A credential as it is stored. Times are epoch milliseconds. */
export const StoredCredential = z.object({
  userId: z.string(),
  id: CredentialId,
  provider: ProviderName,
  type: CredentialType,
  title: text,
  host: text,
  username: text,
  /** The account's id at the provider, from its identity endpoint. */
  accountId: text,
  scopes: z.array(z.string()).nullable(),
  /** The variables and what the provider's record keeps, nothing secret. The seal is bound to it. null: none. */
  data: z.record(z.string(), z.string()).nullable(),
  /** The MCP server that the tokens are for, and the only one that gets them. The seal is bound to it. null: no MCP server. */
  resource: text,
  expiresAt: time,
  refreshTokenExpiresAt: time,
  hasRefreshToken: z.boolean(),
  /** When this secret was stored. With expiresAt it gives the whole lifetime of a token. */
  secretStoredAt: milliseconds,
  /** Set when a refresh, or a secret that cannot be refreshed, is refused for good; cleared by a new secret. */
  brokenReason: BrokenReason.nullable(),
  version: z.int().positive(),
  /** Random, new whenever a secret is sealed: identifies this secret, also among credentials that had the same id. */
  secretRev: z.string(),
  /** Identifies the refresh token: the secretRev under which it was first stored. null: the current secretRev. */
  tokenRev: text,
  /** Identifies the access token or key: the secretRev under which it was first stored. null: the current secretRev. */
  accessRev: text,
  sealed: z.string(),
  wrappedKey: bytes,
  createdAt: milliseconds,
  /** The index among credentials created by the same operation, so that one `edit` keeps its order. */
  ordinal: z.int().nonnegative(),
  updatedAt: milliseconds,
  /** The day of the last resolve (days since the epoch), written at most once a day. */
  usedDay: z.int().nonnegative().nullable(),
  /** The position in the sweep's index (schedule.ts); null: not in the index. */
  dueShard: text,
  dueAt: time,
});
export type StoredCredential = z.infer<typeof StoredCredential>;

/** A key that the operator holds for one user at one provider, such as Ayrshare's profile key. */
export const StoredManagedKey = z.object({
  userId: z.string(),
  provider: ProviderName,
  secretRev: z.string(),
  sealed: z.string(),
  wrappedKey: bytes,
  updatedAt: milliseconds,
});
export type StoredManagedKey = z.infer<typeof StoredManagedKey>;

/** The context that a credential's secret is sealed under. */
export const sealContext = (credential: Omit<StoredCredential, 'sealed' | 'wrappedKey'>): SealContext => ({
  purpose: 'credential',
  userId: credential.userId,
  credentialId: credential.id,
  provider: credential.provider,
  type: credential.type,
  host: credential.host,
  data: credential.data,
  resource: credential.resource,
  secretRev: credential.secretRev,
});

/** The context that a managed key is sealed under. */
export const managedSealContext = (managed: Omit<StoredManagedKey, 'sealed' | 'wrappedKey'>): SealContext => ({
  purpose: 'managed',
  userId: managed.userId,
  credentialId: managed.provider,
  provider: managed.provider,
  type: 'managed',
  host: null,
  data: null,
  resource: null,
  secretRev: managed.secretRev,
});
