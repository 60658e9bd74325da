// The part of a secret that a trusted worker may have: never the refresh token, never the metadata.
import * as z from 'zod';
import { ApiKeySecret, HostScopedSecret, OAuth2Secret, type SecretDocument, UserPasswordSecret } from './credential.ts';

const AccessTokenSecret = OAuth2Secret.pick({ accessToken: true }).meta({
  id: 'AccessTokenSecret',
  description: 'The secret of an `oauth2` credential. A refresh token never leaves the service.',
});

/** The secret of a credential as a trusted worker gets it, one shape per type. */
export const PublicSecret = z
  .union([ApiKeySecret, UserPasswordSecret, HostScopedSecret, AccessTokenSecret])
  .meta({ id: 'PublicSecret', description: 'The secret of a credential; its shape follows from the `type`.' });
export type PublicSecret = z.infer<typeof PublicSecret>;

/** Leaves out what must not be answered. */
export const publicSecret = (document: SecretDocument): PublicSecret =>
  'accessToken' in document ? { accessToken: document.accessToken } : document;
