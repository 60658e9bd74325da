// The part of a secret that a trusted worker may have: never the refresh token, never the metadata.
import * as z from 'zod';
import { ApiKeySecret, HostScopedSecret, OAuth2Secret, type SecretDocument, UserPasswordSecret } from './credential.ts';

/** A secret as it stands in an answer; of an OAuth credential only the access token. */
export const PublicSecret = z.union([
  ApiKeySecret,
  UserPasswordSecret,
  HostScopedSecret,
  OAuth2Secret.pick({ accessToken: true }),
]);
export type PublicSecret = z.infer<typeof PublicSecret>;

/** Leaves out what must not be answered. */
export const publicSecret = (document: SecretDocument): PublicSecret =>
  'accessToken' in document ? { accessToken: document.accessToken } : document;
