// What is kept of a connection between its start and its completion: sealed under the flow's token, and the code that comes
// back, sealed under token and receipt.
import * as z from 'zod';
import { JsonObject } from '../values/json-object.ts';

const Asked = {
  scopes: z.array(z.string()),
  /** Fill the record's URL template. */
  variables: z.record(z.string(), z.string()),
  /** The credential to connect to, when one was named. */
  credentialId: z.string().nullable(),
  metadata: JsonObject.nullable(),
};

export const ConnectionPayload = z.object({
  ...Asked,
  codeVerifier: z.string(),
  redirectUri: z.string(),
  /** Whether the redirect goes to the application's own page, which then brings the code itself. */
  ownCallback: z.boolean(),
  returnUrl: z.string().nullable(),
});
export type ConnectionPayload = z.infer<typeof ConnectionPayload>;

export const DevicePayload = z.object({ ...Asked, deviceCode: z.string() });
export type DevicePayload = z.infer<typeof DevicePayload>;

/** What a provider sent back with the browser. */
export const PendingCode = z.object({ code: z.string(), iss: z.string().nullable() });
export type PendingCode = z.infer<typeof PendingCode>;
