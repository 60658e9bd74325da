// What subscribers are told of a credential: that it changed, never what it holds. Made by comparing the row before and
// after, so that leases, day marks and index attributes stay silent, and told of unreadable rows as far as is evident.
import * as z from 'zod';
import { ProviderName, toWireTime } from '../values/names.ts';
import { BrokenReason } from './credential.ts';
import type { Item } from './rows.ts';

export type CredentialChange = 'created' | 'updated' | 'refreshed' | 'deleted' | 'reconnect_required';

/** One change of a credential's row, as the table's stream recorded it. */
export interface RowChange {
  /** The stream's own, the same however often the record is delivered. */
  eventId: string;
  userId: string;
  credentialId: string;
  /** Epoch milliseconds. */
  occurredAt: number;
  /** Null: there was none. An image that can't be read at all is empty. */
  before: Item | null;
  after: Item | null;
}

/** A record of the table's stream. */
export type StreamRecord =
  | { about: 'credential' /** Where in the stream it stands. */; position: string; row: RowChange }
  | { about: 'other' }
  /** In no form that we know: delivering it again would not help. */
  | { about: 'unknown' };

/** What goes onto the bus, and all of it. */
export interface CredentialEvent {
  /** By which a subscriber drops repeats. */
  eventId: string;
  change: CredentialChange;
  userId: string;
  /** Null: unreadable. */
  provider: string | null;
  credentialId: string;
  /** The credential's own, of the last row there was; null: unreadable. */
  version: number | null;
  /** Of `reconnect_required` only. */
  reason?: BrokenReason;
  occurredAt: string;
}

/** What is compared of a row; a field that can't be read is null. */
const Image = z.object({
  provider: ProviderName.nullable().catch(null),
  version: z.int().positive().nullable().catch(null),
  secretRev: z.string().nullable().catch(null),
  updatedAt: z.int().nullable().catch(null),
  brokenReason: BrokenReason.nullable().default(null).catch('unreadable'),
});
type Image = z.infer<typeof Image>;

/** A refresh is the only change of a secret that leaves `updatedAt` where it was. */
const isRefresh = (before: Image, after: Image): boolean =>
  before.secretRev !== after.secretRev && before.updatedAt === after.updatedAt && after.updatedAt !== null;

const compare = (before: Image, after: Image): CredentialChange | null => {
  if (before.brokenReason === null && after.brokenReason !== null) return 'reconnect_required';
  if (isRefresh(before, after)) return 'refreshed';
  return before.version === after.version ? null : 'updated';
};

const changeOf = (before: Image | null, after: Image | null): CredentialChange | null => {
  if (!before) return 'created';
  return after ? compare(before, after) : 'deleted';
};

const readImage = (item: Item | null): Image | null => item && Image.parse(item);

/** The event of a change, or null for one that subscribers are not told of. */
export const credentialEvent = (row: RowChange): CredentialEvent | null => {
  const [before, after] = [readImage(row.before), readImage(row.after)];
  const change = changeOf(before, after);
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
