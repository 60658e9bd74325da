// The state of one OAuth flow: who started it, for which provider, and a payload that the table alone can't open. It is
// stored under the hash of its token; a use marks it.
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { JsonObject } from '../values/json-object.ts';
import { ProviderName } from '../values/names.ts';

const milliseconds = z.int().nonnegative();

export const StateRow = z.object({
  tokenHash: z.string(),
  userId: z.string(),
  provider: ProviderName,
  /** `external`: the caller exchanges the code itself. */
  kind: z.enum(['external', 'connection', 'device']),
  /** Payload, sealed under the token. */
  sealed: z.string(),
  /** The user's erasures when the flow began: it cannot complete after another one. */
  erasures: z.int().nonnegative(),
  /** The counting window that limits how many flows a user has open. */
  window: z.int().nonnegative(),
  usedBy: z.string().nullable(),
  /** The code the provider sent, sealed under token and receipt; and the hash of that receipt. */
  pendingCode: z.string().nullable(),
  receiptHash: z.string().nullable(),
  /** When the provider last sent the user back without a code. */
  deniedAt: milliseconds.nullable(),
  /** Before this moment the provider is not polled again (device flow). */
  pollAfter: milliseconds.nullable(),
  /** How long to wait between two polls; grows when the provider says so. */
  pollSeconds: z.int().positive().nullable(),
  /** How a device flow ended that led to no credential. */
  outcome: z.enum(['denied', 'expired']).nullable(),
  /** The credential a used state led to. */
  credentialId: z.string().nullable(),
  createdAt: milliseconds,
  expiresAt: milliseconds,
});
export type StateRow = z.infer<typeof StateRow>;

/** A row as it is before anything happened to its flow. */
export const NEW_STATE_FIELDS = {
  usedBy: null,
  pendingCode: null,
  receiptHash: null,
  deniedAt: null,
  pollAfter: null,
  pollSeconds: null,
  outcome: null,
  credentialId: null,
} as const;

export const StatePayload = z.object({
  codeVerifier: z.string(),
  scopes: z.array(z.string()),
  callbackUrl: z.string().nullable(),
  metadata: JsonObject.nullable(),
  initiatedByApiKeyId: z.string().nullable(),
});
export type StatePayload = z.infer<typeof StatePayload>;

/** Anything else is no token of ours and need not be looked up. */
export const STATE_TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
