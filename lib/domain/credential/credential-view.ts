// The view of a credential: every answer but those to a worker shows this. No field can hold a secret: redaction by
// construction.
import * as z from 'zod';
import { isExpired } from '../values/expiry.ts';
import { toWireTime } from '../values/names.ts';
import { BrokenReason, CredentialType, type StoredCredential } from './credential.ts';
import type { CredentialRow, UnreadableRow } from './rows.ts';
import type { SystemCredential } from './system-credentials.ts';

const WireInstant = z.iso.datetime();

/** A credential without its secret, the user's own or a system credential. */
export const CredentialView = z
  .object({
    id: z.string(),
    provider: z.string().nullable().meta({ description: 'null only when unreadable' }),
    type: CredentialType.nullable().meta({ description: 'null only when unreadable' }),
    title: z.string().nullable(),
    source: z.enum(['user', 'system']),
    status: z.enum(['active', 'reconnect_required', 'unreadable']),
    reason: BrokenReason.nullable(),
    username: z.string().nullable(),
    scopes: z.array(z.string()).nullable(),
    host: z.string().nullable(),
    expiresAt: WireInstant.nullable(),
    version: z.int().nullable(),
    createdAt: WireInstant.nullable(),
    updatedAt: WireInstant.nullable(),
  })
  .meta({ id: 'CredentialView' });
export type CredentialView = z.infer<typeof CredentialView>;

/** Why a credential cannot be used now; null: it can. An expired access token with a refresh token is not broken. */
export const brokenReason = (credential: StoredCredential, now: number): BrokenReason | null => {
  if (credential.brokenReason !== null) return credential.brokenReason;
  if (!isExpired(credential.expiresAt, now)) return null;
  if (credential.type !== 'oauth2') return 'expired';
  return credential.hasRefreshToken ? null : 'no_refresh_token';
};

const toWireOrNull = (milliseconds: number | null) => (milliseconds === null ? null : toWireTime(milliseconds));

/** The view of a readable credential, with its status at `now` (epoch milliseconds). */
export const viewStored = (credential: StoredCredential, now: number): CredentialView => {
  const reason = brokenReason(credential, now);
  return {
    id: credential.id,
    provider: credential.provider,
    type: credential.type,
    title: credential.title,
    source: 'user',
    status: reason === null ? 'active' : 'reconnect_required',
    reason,
    username: credential.username,
    scopes: credential.scopes,
    host: credential.host,
    expiresAt: toWireOrNull(credential.expiresAt),
    version: credential.version,
    createdAt: toWireTime(credential.createdAt),
    updatedAt: toWireTime(credential.updatedAt),
  };
};

const UNKNOWN_FIELDS = {
  username: null,
  scopes: null,
  host: null,
  expiresAt: null,
  version: null,
  createdAt: null,
  updatedAt: null,
};

const viewUnreadable = ({ id, provider, type }: UnreadableRow): CredentialView => ({
  id,
  provider,
  type,
  title: null,
  source: 'user',
  status: 'unreadable',
  reason: 'unreadable',
  ...UNKNOWN_FIELDS,
});

/** The view of a row, readable or not. */
export const viewRow = (row: CredentialRow, now: number): CredentialView =>
  row.readable ? viewStored(row.credential, now) : viewUnreadable(row);

/** The view of a configured system credential; it has no version and no times. */
export const viewSystem = ({ id, provider, type, title }: SystemCredential): CredentialView => ({
  id,
  provider,
  type,
  title,
  source: 'system',
  status: 'active',
  reason: null,
  ...UNKNOWN_FIELDS,
});
