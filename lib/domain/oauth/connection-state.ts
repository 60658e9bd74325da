// What a connection keeps between start and completion: the request, sealed under the state token, and the code from the
// callback, sealed under token and receipt.
import * as z from 'zod';
import { GrantServer } from '../mcp/grant-server.ts';
import { JsonObject } from '../values/json-object.ts';
import { IssuerEndpoints } from './client/issuer-endpoints.ts';

const Request = {
  scopes: z.array(z.string()),
  /** Values for the URL templates of the provider's record. */
  variables: z.record(z.string(), z.string()),
  /** The credential to reconnect or to give more scopes, when the caller named one. */
  credentialId: z.string().nullable(),
  metadata: JsonObject.nullable(),
};

/** What the start of a flow found out about an issuer. */
export const FoundEndpoints = z.object({
  endpoints: IssuerEndpoints,
  /** Whether every callback names the issuer (RFC 9207 §3). */
  namesIssuer: z.boolean(),
});
export type FoundEndpoints = z.infer<typeof FoundEndpoints>;

/** `FoundEndpoints` under a seal of this deployment; the data key in base64url. */
const SealedEndpoints = z.object({ sealed: z.string(), wrappedKey: z.string() });
export type SealedEndpoints = z.infer<typeof SealedEndpoints>;

/** The sealed payload of a state of kind `connection`. */
export const ConnectionPayload = z.object({
  ...Request,
  codeVerifier: z.string(),
  redirectUri: z.string(),
  /** Whether the redirect goes to the application's own page, which then completes with the code itself. */
  ownCallback: z.boolean(),
  returnUrl: z.string().nullable(),
  /** Parameters of the callback that are kept with the code, besides the standard ones. */
  callbackParams: z.array(z.string()).default([]),
  /** Parameters of the callback that mean an error, besides `error`. */
  callbackErrorParams: z.array(z.string()).default([]),
  /** The MCP server that is connected, and the client there; null: a provider is. */
  server: GrantServer.extend({ clientId: z.string() }).nullable().default(null),
  /** What was found of the issuer, where the client is the operator's; null: the record has the endpoints, or no secret goes there. */
  found: SealedEndpoints.nullable().default(null),
});
export type ConnectionPayload = z.infer<typeof ConnectionPayload>;

/** The sealed payload of a state of kind `device`. */
export const DevicePayload = z.object({
  ...Request,
  deviceCode: z.string(),
  /** As of a connection. */
  found: SealedEndpoints.nullable().default(null),
});
export type DevicePayload = z.infer<typeof DevicePayload>;

/** The authorization response: its code, its issuer (RFC 9207; null when absent), and the other parameters that the flow keeps. */
export const PendingCode = z.object({
  code: z.string(),
  iss: z.string().nullable(),
  params: z.record(z.string(), z.string()).default({}),
});
export type PendingCode = z.infer<typeof PendingCode>;
