// Requests and answers of the routes for trusted workers only.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { NewCredential } from '../../domain/credential/new-credential.ts';
import { CredentialId, ProviderName, Scopes } from '../../domain/values/names.ts';
import { Credential } from './credentials.ts';

/** The request for a credential to use. `provider`, `credentialId` and `url` must all fit the one that is chosen. */
export const ResolveRequest = z
  .strictObject({
    provider: ProviderName.meta({ description: 'The provider to call, such as `github`.' }).optional(),
    credentialId: CredentialId.meta({ description: 'One credential; the other members must then fit it.' }).optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(8192)
      .meta({
        description:
          'The URL to call: chooses the host_scoped credential that matches it. A key or token of a provider whose API hosts ' +
          'are known is answered only for a URL at one of them, over https.',
      })
      .optional(),
    scopes: Scopes.meta({ description: 'The scopes the token must cover, at most 200.' }).default([]),
    minTtlSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .meta({
        description:
          'Refreshes a token that expires within so many seconds (0 to 86,400). Default: the setting of the deployment, 300.',
      })
      .optional(),
    refusedTokenRef: z
      .string()
      .min(1)
      .max(256)
      .meta({
        description:
          'The `tokenRef` of an earlier answer whose token or key the API refused (401). If it is still the stored one, it is ' +
          'refreshed once for all callers who report it; any other value changes nothing.',
      })
      .optional(),
  })
  .refine(({ provider, credentialId, url }) => (provider ?? credentialId ?? url) !== undefined, {
    error: 'at least one of provider, credentialId and url is required',
  })
  .meta({ id: 'ResolveRequest' });

/** The answer to resolve: a credential with its secret, and the fields to add to the call. */
export const ResolvedCredential = z
  .object({
    credential: Credential,
    headers: z.record(z.string(), z.string()).meta({ description: 'Header fields to send, by lower-case name.' }),
    query: z.record(z.string(), z.string()).meta({ description: 'Query parameters to send, by name.' }),
    baseUrl: z
      .url()
      .nullable()
      .meta({ description: 'What to append the path of a call to, if it is known; else null.' }),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the key or token expires (ISO 8601, UTC); null: it does not.' }),
    stale: z.boolean().meta({ description: '`true`: the token still works, for less than the requested time.' }),
    tokenRef: z.string().meta({
      description:
        'Names the token or key in this answer, and reveals nothing of it. Send it back as `refusedTokenRef` if the API ' +
        'answers 401.',
    }),
  })
  .meta({ id: 'ResolvedCredential' });

/** The request that stores and deletes credentials of one user in one transaction. */
export const CredentialEdit = z
  .strictObject({
    put: z
      .array(NewCredential)
      .meta({ description: 'Credentials to store; an existing `id` is replaced.' })
      .default([]),
    delete: z
      .array(CredentialId)
      .meta({ description: 'Ids of the credentials to delete. Nothing is revoked.' })
      .default([]),
  })
  .meta({ id: 'CredentialEdit' });

/** The answer to an edit. */
export const EditedUser = z
  .object({ version: z.int().meta({ description: 'The new version of the user.' }) })
  .meta({ id: 'EditedUser' });

/** The answer to an erasure. A repeated request counts only what it found left. */
export const ErasedUser = z
  .object({
    credentials: z.int().meta({ description: 'How many credentials this request deleted.' }),
    managed: z.int().meta({ description: 'How many managed keys this request deleted.' }),
    revoked: z.int().meta({ description: 'How many credentials this request revoked at their providers.' }),
  })
  .meta({ id: 'ErasedUser' });

/** The answer with the operator's credentials that have all their keys. */
export const SystemCredentialList = z
  .object({ credentials: z.array(CredentialView).meta({ description: 'The configured ones, in catalogue order.' }) })
  .meta({ id: 'SystemCredentialList' });
