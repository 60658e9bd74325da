// Credential events: which credential changed and how, never its content. The change is found by comparing the row before and
// after it, so bookkeeping (use days, index positions) makes no event, and unreadable rows make events too.
import * as z from 'zod';
import { ProviderName, toWireTime } from '../values/names.ts';
import { BrokenReason } from './credential.ts';
import type { Item } from './rows.ts';

/** The kinds of changes that subscribers see. */
export type CredentialChange = 'created' | 'updated' | 'refreshed' | 'deleted' | 'reconnect_required';

/** One change of a credential's row, from the table's stream. */
export interface RowChange {
  /** The id of the stream record, the same for every delivery. */
  eventId: string;
  userId: string;
  credentialId: string;
  /** Epoch milliseconds. */
  occurredAt: number;
  /** null: the row did not exist. An image that cannot be parsed is empty. */
  before: Item | null;
  after: Item | null;
}

/** A record of the table's stream: of a credential, of another item (`other`), or not parseable (`unknown`). */
export type StreamRecord =
  | { kind: 'credential' /** Its sequence number in the stream. */; position: string; row: RowChange }
  | { kind: 'other' }
  /** Delivering it again would not help. */
  | { kind: 'unknown' };

/** An event as subscribers get it. It never holds a secret. */
export interface CredentialEvent {
  /** For subscribers to detect repeated deliveries. */
  eventId: string;
  change: CredentialChange;
  userId: string;
  /** null: unreadable. */
  provider: string | null;
  credentialId: string;
  /** The version of the credential after the change, before it for `deleted`; null: unreadable. */
  version: number | null;
  /** Only for `reconnect_required`. */
  reason?: BrokenReason;
  occurredAt: string;
}

/** The compared fields of a row; a field that cannot be parsed is null. */
const Image = z.object({
  provider: ProviderName.nullable().catch(null),
  version: z.int().positive().nullable().catch(null),
  secretRev: z.string().nullable().catch(null),
  updatedAt: z.int().nullable().catch(null),
  brokenReason: BrokenReason.nullable().default(null).catch('unreadable'),
});
type Image = z.infer<typeof Image>;

/** A refresh is the only change of the secret that does not change `updatedAt`. */
const isRefresh = (before: Image, after: Image): boolean =>
  before.secretRev !== after.secretRev && before.updatedAt === after.updatedAt && after.updatedAt !== null;

const compareImages = (before: Image, after: Image): CredentialChange | null => {
  if (before.brokenReason === null && after.brokenReason !== null) return 'reconnect_required';
  if (isRefresh(before, after)) return 'refreshed';
  return before.version === after.version ? null : 'updated';
};

const findChange = (before: Image | null, after: Image | null): CredentialChange | null => {
  if (!before) return 'created';
  return after ? compareImages(before, after) : 'deleted';
};

const readImage = (item: Item | null): Image | null => item && Image.parse(item);

/** Builds the event of a change; null for bookkeeping. */
export const buildCredentialEvent = (row: RowChange): CredentialEvent | null => {
  const [before, after] = [readImage(row.before), readImage(row.after)];
  const change = findChange(before, after);
  const last = after ?? before;
  if (!change || !last) return null;
  return {
    eventId: row.eventId,
    change,
    userId: row.userId,
    provider: last.provider,
    credentialId: row.credentialId,
    version: last.version,
    ...(change === 'reconnect_required' && last.brokenReason !== null && { reason: last.brokenReason }),
    occurredAt: toWireTime(row.occurredAt),
  };
};
