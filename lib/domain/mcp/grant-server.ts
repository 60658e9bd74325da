// The server of a flow or grant that was found by URL: all that completing, refreshing and revoking need of it. It is sealed with the
// flow and then with the tokens, so that nothing that is discovered later can send them elsewhere.
import * as z from 'zod';
import type { ClientAuth } from '../oauth/provider-record.ts';

/** The provider of every credential of an MCP server; `resource` says which server. */
export const MCP_PROVIDER = 'mcp';

const url = z.string().min(1).max(2048);
/** No enum: that of provider records would take their schemas into every bundle. */
const clientAuth = z.custom<ClientAuth>((value) => typeof value === 'string' && /^\w{1,64}$/.test(value));

/** The sealed object. Its URLs were checked when they were found, and each call checks them again. */
export const GrantServer = z.object({
  /** Compared exactly: with the `iss` of a callback (RFC 9207), and with what the resource names after a refusal. */
  issuer: url,
  authorizationEndpoint: url,
  tokenEndpoint: url,
  /** null: tokens cannot be revoked. */
  revocationEndpoint: url.nullable(),
  clientAuth,
  /** Where the client comes from: how its secret is found. */
  client: z.enum(['operator', 'document', 'registered']),
  /** With the issuer it names a registered client. */
  redirectUri: url,
  /** What the tokens are for (RFC 8707), byte for byte as the server publishes it. */
  resource: url,
  /** Whether every callback names the issuer (RFC 9207 §3). */
  namesIssuer: z.boolean(),
  /**
   * Whether this deployment found the endpoints itself, for a client of the operator's. Completing a flow sets it, and an import never:
   * without it the secret goes only to the origins of the operator's entry or of the issuer's metadata.
   */
  foundHere: z.boolean().optional(),
});
export type GrantServer = z.infer<typeof GrantServer>;
