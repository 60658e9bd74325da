// What a credential is: its types, what is sealed of it, and the row that is stored. Nothing secret stands in the row
// but inside `sealed`; for user_password the user name is part of the secret, for host_scoped every header value is.
import * as z from 'zod';
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

export const SecretText = z.string().min(1);

/** The sealed documents, one per type. */
export const ApiKeySecret = z
  .object({ apiKey: SecretText.meta({ description: 'The key.' }) })
  .meta({ id: 'ApiKeySecret', description: 'The secret of an `api_key` credential.' });
export const UserPasswordSecret = z
  .object({
    username: SecretText.meta({ description: 'The user name.' }),
    password: z.string().meta({ description: 'The password; may be empty.' }),
  })
  .meta({ id: 'UserPasswordSecret', description: 'The secret of a `user_password` credential.' });
export const HostScopedSecret = z
  .object({ headers: HostHeaders.meta({ description: 'Header values by lower-case name.' }) })
  .meta({ id: 'HostScopedSecret', description: 'The secret of a `host_scoped` credential.' });
export const OAuth2Secret = z.object({
  accessToken: SecretText.meta({ description: 'The access token.' }),
  refreshToken: SecretText.optional(),
  metadata: JsonObject.optional(),
  /** What filled the templates of the provider's endpoints. */
  variables: z.record(z.string(), z.string()).optional(),
});
export type OAuth2Secret = z.infer<typeof OAuth2Secret>;
export const secretSchemas = {
  api_key: ApiKeySecret,
  user_password: UserPasswordSecret,
  host_scoped: HostScopedSecret,
  oauth2: OAuth2Secret,
} as const;

export type SecretDocument =
  | z.infer<typeof ApiKeySecret>
  | z.infer<typeof UserPasswordSecret>
  | z.infer<typeof HostScopedSecret>
  | z.infer<typeof OAuth2Secret>;

/** Most bytes of a secret document as JSON. */
export const MAX_SECRET_BYTES = 16_384;

/** Why a credential cannot be used. */
export const BrokenReason = z
  .enum(['expired', 'invalid_grant', 'uncertain_refresh', 'no_refresh_token', 'unreadable'])
  .meta({
    id: 'BrokenReason',
    description:
      '`expired`: the key is past its expiry. `invalid_grant`: the provider refused the refresh token. `uncertain_refresh`: a ' +
      'refresh was sent and its answer lost, so the refresh token may be spent. `no_refresh_token`: the access token expired ' +
      'and there is none. `unreadable`: the stored credential cannot be read.',
  });
export type BrokenReason = z.infer<typeof BrokenReason>;

/** The newest layout of the row this code knows; a row with a higher number is served as unreadable, never overwritten. */
export const SCHEMA_VERSION = 1;

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'must be binary');
/** Epoch milliseconds that a four-digit year can express (RFC 3339 §5.6). */
const milliseconds = z.int().min(-62_167_219_200_000).max(253_402_300_799_999);

export const StoredCredential = z.object({
  userId: z.string(),
  id: CredentialId,
  provider: ProviderName,
  type: CredentialType,
  title: z.string().nullable(),
  host: z.string().nullable(),
  username: z.string().nullable(),
  /** The account at the provider, as its identity endpoint names it. */
  accountId: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  expiresAt: milliseconds.nullable(),
  refreshTokenExpiresAt: milliseconds.nullable(),
  hasRefreshToken: z.boolean(),
  /** When this secret was stored; with expiresAt it gives a token's whole life. */
  secretStoredAt: milliseconds,
  /** Set by a refused refresh, cleared by a new secret. */
  brokenReason: BrokenReason.nullable(),
  version: z.int().positive(),
  /** Random, new at every sealing: names one secret of one incarnation of this credential. */
  secretRev: z.string(),
  /** Names its refresh token where a replacement has kept it: what secretRev named it before. null: secretRev does. */
  tokenRev: z.string().nullable(),
  sealed: z.string(),
  wrappedKey: bytes,
  createdAt: milliseconds,
  /** Place among the credentials made in the same operation; keeps the order of one `edit`. */
  ordinal: z.int().nonnegative(),
  updatedAt: milliseconds,
  /** The day it was last resolved (days since the epoch), written at most once a day. */
  usedDay: z.int().nonnegative().nullable(),
  /** Its place in the sweep's index (refresh-due.ts); null: in none. */
  dueShard: z.string().nullable(),
  dueAt: milliseconds.nullable(),
});
export type StoredCredential = z.infer<typeof StoredCredential>;

/** A key the operator holds for one user at one provider (Ayrshare's profile key). */
export const StoredManagedKey = z.object({
  userId: z.string(),
  provider: ProviderName,
  secretRev: z.string(),
  sealed: z.string(),
  wrappedKey: bytes,
  updatedAt: milliseconds,
});
export type StoredManagedKey = z.infer<typeof StoredManagedKey>;

/** What the seal of a credential is bound to. */
export const sealContext = (credential: Omit<StoredCredential, 'sealed' | 'wrappedKey'>): SealContext => ({
  purpose: 'credential',
  userId: credential.userId,
  credentialId: credential.id,
  provider: credential.provider,
  type: credential.type,
  host: credential.host,
  secretRev: credential.secretRev,
});

export const managedSealContext = (managed: Omit<StoredManagedKey, 'sealed' | 'wrappedKey'>): SealContext => ({
  purpose: 'managed',
  userId: managed.userId,
  credentialId: managed.provider,
  provider: managed.provider,
  type: 'managed',
  host: null,
  secretRev: managed.secretRev,
});
