// The view of a credential: every answer but those to a worker shows this. No field can hold a secret: redaction by
// construction.
import * as z from 'zod';
import { isExpired } from '../values/expiry.ts';
import { toWireTime } from '../values/names.ts';
import { BrokenReason, CredentialType } from './credential.ts';
import type { CredentialSummary, SummaryRow } from './rows.ts';
import type { SystemCredential } from './system-credentials.ts';

const WireInstant = z.iso.datetime();

/** A credential without its secret, the user's own or a system credential. */
export const CredentialView = z
  .object({
    id: z.string().meta({ description: 'The id, unique per user. Opaque: not always a UUID.' }),
    provider: z.string().nullable().meta({ description: 'The provider. null only when unreadable.' }),
    type: CredentialType.nullable().meta({ description: 'The type. null only when unreadable.' }),
    title: z.string().nullable().meta({ description: 'A name for people; null when none was given.' }),
    source: z
      .enum(['user', 'system'])
      .meta({ description: '`user`: stored for this user. `system`: of the operator, for all users to use.' }),
    status: z.enum(['active', 'reconnect_required', 'unreadable']).meta({
      description:
        '`active`: usable. `reconnect_required`: the user must connect again or replace it. `unreadable`: stored, and ' +
        'cannot be read.',
    }),
    reason: BrokenReason.nullable().meta({ description: 'Why the status is not `active`; null when it is.' }),
    username: z.string().nullable().meta({ description: 'The account name at the provider (oauth2 only), or null.' }),
    scopes: z.array(z.string()).nullable().meta({ description: 'The granted scopes (oauth2 only), else null.' }),
    host: z.string().nullable().meta({ description: 'The host pattern (host_scoped only), else null.' }),
    resource: z.string().nullable().meta({
      description: 'The MCP server that the token is for, and the only one that gets it; null for everything else.',
    }),
    data: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description:
          'What calls need besides the token, such as the URL of an instance or a company: the variables and what the ' +
          'record of the provider keeps. Nothing secret; null when there is none.',
      }),
    expiresAt: WireInstant.nullable().meta({
      description: 'When the key or access token expires (ISO 8601, UTC); null: it does not, or it is not known.',
    }),
    version: z.int().nullable().meta({
      description: 'Counts the changes of this credential, 1 at creation; null if system or unreadable.',
    }),
    createdAt: WireInstant.nullable().meta({
      description: 'When it was stored (ISO 8601, UTC); null if system or unreadable.',
    }),
    updatedAt: WireInstant.nullable().meta({
      description:
        'When it was last changed (ISO 8601, UTC), token refreshes not counted; null if system or unreadable.',
    }),
  })
  .meta({
    id: 'CredentialView',
    description: 'A credential without its secret.',
  });
export type CredentialView = z.infer<typeof CredentialView>;

/** Why a credential cannot be used now; null: it can. An expired access token with a refresh token is not broken. */
export const brokenReason = (credential: CredentialSummary, now: number): BrokenReason | null => {
  if (credential.brokenReason !== null) return credential.brokenReason;
  if (!isExpired(credential.expiresAt, now)) return null;
  if (credential.type !== 'oauth2') return 'expired';
  return credential.hasRefreshToken ? null : 'no_refresh_token';
};

const toWireOrNull = (milliseconds: number | null) => (milliseconds === null ? null : toWireTime(milliseconds));

/** The view of a readable credential, with its status at `now` (epoch milliseconds). */
export const viewStored = (credential: CredentialSummary, now: number): CredentialView => {
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
    resource: credential.resource,
    data: credential.data,
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
  resource: null,
  data: null,
  expiresAt: null,
  version: null,
  createdAt: null,
  updatedAt: null,
};

const viewUnreadable = ({ id, provider, type }: Extract<SummaryRow, { readable: false }>): CredentialView => ({
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
export const viewRow = (row: SummaryRow, now: number): CredentialView =>
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
