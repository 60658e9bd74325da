// What leaves of a secret document in an answer to a trusted worker: never the refresh token, never kept metadata.
import * as z from 'zod';
import { ApiKeySecret, HostScopedSecret, OAuth2Secret, type SecretDocument, UserPasswordSecret } from './credential.ts';

export const PublicSecret = z.union([
  ApiKeySecret,
  UserPasswordSecret,
  HostScopedSecret,
  OAuth2Secret.pick({ accessToken: true }),
]);
export type PublicSecret = z.infer<typeof PublicSecret>;

export const publicSecret = (document: SecretDocument): PublicSecret =>
  'accessToken' in document ? { accessToken: document.accessToken } : document;
