// What a grant keeps of its issuer's metadata. Sealed with the grant, so that refreshing and revoking it never wait for the issuer.
import * as z from 'zod';
import type { AuthorizationServer } from '../../mcp/authorization-server.ts';

/** Of the methods in RFC 8414's list, those that decide how a client with a secret authenticates. */
const SecretMethod = z.enum(['client_secret_basic', 'client_secret_post']);

/** The endpoints that the metadata of `issuer` named when the grant was made or last refreshed. */
export const IssuerEndpoints = z.object({
  issuer: z.string().min(1),
  tokenEndpoint: z.string().min(1),
  /** null: tokens cannot be revoked. */
  revocationEndpoint: z.string().min(1).nullable(),
  /** null: the metadata lists none, which means `client_secret_basic` (RFC 8414 §2). */
  clientAuthMethods: z.array(SecretMethod).nullable(),
});
export type IssuerEndpoints = z.infer<typeof IssuerEndpoints>;

const isSecretMethod = (method: string): method is z.infer<typeof SecretMethod> =>
  SecretMethod.options.some((known) => known === method);

/** The part of the metadata that a grant keeps. */
export const pickIssuerEndpoints = (server: AuthorizationServer): IssuerEndpoints => ({
  issuer: server.issuer,
  tokenEndpoint: server.tokenEndpoint,
  revocationEndpoint: server.revocationEndpoint,
  clientAuthMethods: server.clientAuthMethods?.filter(isSecretMethod) ?? null,
});
