// The credential refresh store in memory.
import { type BrokenReason, SCHEMA_VERSION } from '../../../lib/domain/credential/credential.ts';
import { type Item, parseCredentialItem, withoutNulls } from '../../../lib/domain/credential/rows.ts';
import type {
  CredentialKey,
  CredentialRefreshStore,
  DueCredential,
} from '../../../lib/domain/ports/credential-refresh-store.ts';
import type { RefreshLease } from '../../../lib/domain/refresh/lease.ts';
import { findUser, leaseTtlKey, type MemoryTable } from './memory-table.ts';

const isKnown = ({ schemaVersion }: Item): boolean =>
  typeof schemaVersion === 'number' && schemaVersion <= SCHEMA_VERSION;

/** The row, if it has this secret and this release can write it. */
const findRow = (table: MemoryTable, { userId, credentialId }: CredentialKey, secretRev: string): Item | null => {
  const item = findUser(table, userId).credentials.get(credentialId);
  return item && isKnown(item) && item.secretRev === secretRev ? item : null;
};

const put = (table: MemoryTable, { userId, credentialId }: CredentialKey, item: Item): void => {
  findUser(table, userId).credentials.set(credentialId, structuredClone(withoutNulls(item)));
};

const moreByOne = (version: unknown): number => Number(version) + 1;

const findLeases = (table: MemoryTable, { userId }: CredentialKey): Map<string, RefreshLease> =>
  findUser(table, userId).leases;

const dueIn = (table: MemoryTable, shard: string, until: number): DueCredential[] =>
  [...table.users].flatMap(([userId, { credentials }]) =>
    [...credentials].flatMap(([credentialId, { dueShard, dueAt }]) =>
      dueShard === shard && Number(dueAt) <= until ? [{ userId, credentialId, dueAt: Number(dueAt) }] : [],
    ),
  );

const PAGE = 2;

/** A page starts after an index position, not after a count: grants change position while pages are read. */
const makePosition = ({ dueAt, userId, credentialId }: DueCredential): string =>
  JSON.stringify([String(dueAt).padStart(16, '0'), userId, credentialId]);

export const memoryCredentialRefreshStore = (table: MemoryTable): CredentialRefreshStore => ({
  async readLease(key) {
    const lease = findLeases(table, key).get(key.credentialId);
    return lease ? { ...lease } : null;
  },
  async readSecretRev({ userId, credentialId }) {
    const item = findUser(table, userId).credentials.get(credentialId);
    return item && item.brokenReason === undefined ? String(item.secretRev) : null;
  },
  async swapLease(key, { from, to, ttlSeconds }) {
    if (from === null && !findUser(table, key.userId).credentials.has(key.credentialId)) return false;
    const standing = findLeases(table, key).get(key.credentialId);
    if (standing?.id !== to.id && standing?.id !== from?.id) return false;
    findLeases(table, key).set(key.credentialId, { ...to });
    table.ttls.set(leaseTtlKey(key.userId, key.credentialId), ttlSeconds);
    return true;
  },
  async storeRefreshed(key, exchangedRev, refreshed) {
    const row = findRow(table, key, exchangedRev);
    if (row) put(table, key, { ...row, ...refreshed, brokenReason: null, version: moreByOne(row.version) });
    const stored = findRow(table, key, refreshed.secretRev);
    return stored && parseCredentialItem(structuredClone(stored), { userId: key.userId, id: key.credentialId });
  },
  async markReconnectRequired(key, secretRev, reason) {
    const row = findRow(table, key, secretRev);
    if (!row) return null;
    if (row.brokenReason !== undefined) return row.brokenReason as BrokenReason;
    const unplaced = { dueShard: null, dueAt: null };
    put(table, key, { ...row, ...unplaced, brokenReason: reason, version: moreByOne(row.version) });
    return reason;
  },
  async noteUse(key, secretRev, { usedDay, due }) {
    const row = findRow(table, key, secretRev);
    if (row?.brokenReason !== undefined || !row) return;
    put(table, key, { ...row, usedDay, dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null });
  },
  async rescheduleRenewal(key, from, due) {
    const row = findUser(table, key.userId).credentials.get(key.credentialId);
    if (!row || !isKnown(row) || row.dueAt !== from) return;
    put(table, key, { ...row, dueShard: due?.dueShard ?? null, dueAt: due?.dueAt ?? null });
  },
  async findDue(shard, until, after) {
    const credentials = dueIn(table, shard, until).toSorted((a, b) => (makePosition(a) < makePosition(b) ? -1 : 1));
    const rest =
      after === undefined ? credentials : credentials.filter((credential) => makePosition(credential) > after);
    const page = rest.slice(0, PAGE);
    return { credentials: page, next: rest.length > PAGE ? makePosition(page.at(-1) as DueCredential) : null };
  },
});
