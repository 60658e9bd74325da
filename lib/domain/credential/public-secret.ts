// The part of a secret that a trusted worker may have: never the refresh token. The metadata is answered beside it.
import * as z from 'zod';
import type { JsonObject } from '../values/json-object.ts';
import { ApiKeySecret, HostScopedSecret, OAuth2Secret, type SecretDocument, UserPasswordSecret } from './credential.ts';

const AccessTokenSecret = OAuth2Secret.pick({ accessToken: true })
  .extend({
    data: z
      .record(z.string(), z.string())
      .meta({
        description: 'The secret values that came with the grant, such as a webhook; absent when there is none.',
      })
      .optional(),
  })
  .meta({
    id: 'AccessTokenSecret',
    description: 'The secret of an `oauth2` credential. A refresh token never leaves the service.',
  });

/** The secret of a credential as a trusted worker gets it, one shape per type. */
export const PublicSecret = z
  .union([ApiKeySecret, UserPasswordSecret, HostScopedSecret, AccessTokenSecret])
  .meta({ id: 'PublicSecret', description: 'The secret of a credential; its shape follows from the `type`.' });
export type PublicSecret = z.infer<typeof PublicSecret>;

/** Leaves out what must not be answered. */
export const publicSecret = (document: SecretDocument): PublicSecret => {
  if (!('accessToken' in document)) return document;
  const { accessToken, data } = document;
  return data === undefined ? { accessToken } : { accessToken, data };
};

/** What the caller gave when the credential was made; null: nothing. */
export const readMetadata = (document: SecretDocument): JsonObject | null =>
  ('metadata' in document ? document.metadata : undefined) ?? null;
