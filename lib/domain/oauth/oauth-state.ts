// The state of one OAuth flow: who started it, for which provider, and a sealed payload. It is stored under the hash of its
// token, so the table alone opens nothing; consuming marks it.
import * as z from 'zod';
import { sha256 } from '../values/digest.ts';
import { JsonObject } from '../values/json-object.ts';
import { ProviderName } from '../values/names.ts';

const milliseconds = z.int().nonnegative();

/** A state as it is stored. Times are epoch milliseconds. */
export const StateRow = z.object({
  tokenHash: z.string(),
  userId: z.string(),
  provider: ProviderName,
  /** `external`: the caller exchanges the code itself; `connection`: the service does; `device`: RFC 8628. */
  kind: z.enum(['external', 'connection', 'device']),
  /** The payload, sealed under the token (token-seal.ts). */
  sealed: z.string(),
  /** How many erasures the user had been through when the flow started: it cannot complete after another one. */
  erasures: z.int().nonnegative(),
  /** Number of the time window in which the state counts against the limit of open states. */
  window: z.int().nonnegative(),
  /** The connect link that the flow was started by, and by which alone it completes; null: none. */
  linkHash: z.string().nullable(),
  /** The id of the operation that consumed the state. */
  usedBy: z.string().nullable(),
  /** The code from the callback, sealed under token and receipt; and the receipt's hash. */
  pendingCode: z.string().nullable(),
  receiptHash: z.string().nullable(),
  /** The hash of the response that brought the code, and when it first arrived: the same response is accepted again for a while. */
  codeHash: z.string().nullable(),
  codeAt: milliseconds.nullable(),
  /** When the provider last redirected with an error instead of a code. */
  deniedAt: milliseconds.nullable(),
  /** Device flow: the provider is not polled before this time. */
  pollAfter: milliseconds.nullable(),
  /** Device flow: the interval between two polls; grows when the provider answers `slow_down`. */
  pollSeconds: z.int().positive().nullable(),
  /** How a device flow ended that stored no credential. */
  outcome: z.enum(['denied', 'expired']).nullable(),
  /** The credential that a consumed device flow stored. */
  credentialId: z.string().nullable(),
  createdAt: milliseconds,
  expiresAt: milliseconds,
});
export type StateRow = z.infer<typeof StateRow>;

/** What a state is counted under: the user, as of their latest erasure, in one time window. */
export type Place = Pick<StateRow, 'userId' | 'erasures' | 'window'>;

/** The fields of a new row that later requests fill. */
export const NEW_STATE_FIELDS = {
  linkHash: null,
  usedBy: null,
  pendingCode: null,
  receiptHash: null,
  codeHash: null,
  codeAt: null,
  deniedAt: null,
  pollAfter: null,
  pollSeconds: null,
  outcome: null,
  credentialId: null,
} as const;

/** What is sealed of a state of kind `external`. */
export const StatePayload = z.object({
  codeVerifier: z.string(),
  scopes: z.array(z.string()),
  callbackUrl: z.string().nullable(),
  metadata: JsonObject.nullable(),
  initiatedByApiKeyId: z.string().nullable(),
});
export type StatePayload = z.infer<typeof StatePayload>;

/** The form of a state token: 32 bytes in base64url. Any other text cannot be one and is not looked up. */
export const STATE_TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** The key under which a state is stored: SHA-256 of its token, base64url. */
export const hashToken = (token: string): string => sha256(token, 'base64url');
