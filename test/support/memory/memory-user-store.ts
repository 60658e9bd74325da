// Users and credentials in memory.
import { isDeepStrictEqual } from 'node:util';
import { indexKeys, isInPlace } from '../../../lib/adapters/dynamodb/index/index-keys.ts';
import { SCHEMA_VERSION, type StoredCredential } from '../../../lib/domain/credential/credential.ts';
import {
  credentialItem,
  type Item,
  managedItem,
  parseCredentialItem,
  parseManagedItem,
  parseSummaryItem,
  type RowVersion,
} from '../../../lib/domain/credential/rows.ts';
import type { LinkSpending } from '../../../lib/domain/link/connect-link.ts';
import type {
  Change,
  FirstOfRange,
  OrderedRange,
  SummaryRange,
  UserStore,
  UserWrite,
  WriteOutcome,
} from '../../../lib/domain/ports/user-store.ts';
import { LOOKUP_INDEX, SUMMARY_ATTRIBUTES, URL_LOOKUP_INDEX } from '../../../lib/platform.ts';
import { emptyUserRecord, findUser, type MemoryTable, type MemoryUser } from './memory-table.ts';

const countDelta = (changes: readonly Change[]) =>
  changes.reduce((sum, change) => {
    if (change.kind === 'put' && change.when === 'absent') return sum + 1;
    return change.kind === 'remove' ? sum - 1 : sum;
  }, 0);

const headHolds = ({ userRecord }: MemoryUser, write: UserWrite): boolean => {
  const { version, count, erasing, erasures } = userRecord ?? emptyUserRecord;
  if (erasing !== null) return false;
  if (write.expectedVersion !== undefined && write.expectedVersion !== version) return false;
  if (write.expectedErasures !== undefined && write.expectedErasures !== erasures) return false;
  const delta = countDelta(write.changes);
  return delta <= 0 || count + delta <= write.maxCredentials;
};

/** Compares values of any type, as DynamoDB does. */
const pickVersion = ({ version, secretRev }: Item | RowVersion) => ({ version, secretRev });

const changeHolds = (user: MemoryUser, change: Change): boolean => {
  if (change.kind === 'removeManaged') return user.managed.has(change.provider);
  if (change.kind === 'putManaged') {
    if (change.when === 'absent') return !user.managed.has(change.managed.provider);
    const known = user.managed.get(change.managed.provider)?.schemaVersion;
    return known === undefined || (known as number) <= SCHEMA_VERSION;
  }
  const found = user.credentials.get(change.kind === 'put' ? change.credential.id : change.credentialId);
  if (change.when === 'absent') return found === undefined;
  if (change.when === 'present') return found !== undefined;
  return found !== undefined && isDeepStrictEqual(pickVersion(found), pickVersion(change.when));
};

/** The item with its places in the indexes, which are attributes of it. */
const indexedItem = (credential: StoredCredential): Item => ({
  ...indexKeys(credential),
  ...credentialItem(credential),
});

const apply = (user: MemoryUser, change: Change): void => {
  switch (change.kind) {
    case 'put':
      user.credentials.set(change.credential.id, structuredClone(indexedItem(change.credential)));
      return;
    case 'remove':
      user.credentials.delete(change.credentialId);
      return;
    case 'putManaged':
      user.managed.set(change.managed.provider, structuredClone(managedItem(change.managed)));
      return;
    case 'removeManaged':
      user.managed.delete(change.provider);
  }
};

const linkHolds = (table: MemoryTable, { tokenHash, browserHash, operationId }: LinkSpending): boolean => {
  const link = table.links.get(tokenHash);
  return link?.browserHash === browserHash && [null, operationId].includes(link.spentBy);
};

const writeNow = (table: MemoryTable, userId: string, write: UserWrite): WriteOutcome => {
  if (table.tokens.has(write.token)) return { kind: 'written' };
  const user = findUser(table, userId);
  const userRecordRefused = !headHolds(user, write);
  const refused = write.changes.flatMap((change, index) => (changeHolds(user, change) ? [] : [index]));
  const linkRefused = write.spends !== undefined && !linkHolds(table, write.spends);
  if (userRecordRefused || refused.length > 0 || linkRefused) {
    return {
      kind: 'refused',
      userRecord: userRecordRefused && user.userRecord ? { ...user.userRecord } : null,
      userRecordRefused,
      refused,
      ...(linkRefused && { linkRefused }),
    };
  }
  const userRecord = user.userRecord ?? emptyUserRecord;
  user.userRecord = {
    ...userRecord,
    version: userRecord.version + 1,
    count: userRecord.count + countDelta(write.changes),
  };
  user.forgetAtSeconds = null;
  for (const change of write.changes) apply(user, change);
  if (write.spends) Object.assign(table.links.get(write.spends.tokenHash) ?? {}, { spentBy: write.spends.operationId });
  table.tokens.add(write.token);
  return { kind: 'written' };
};

const copied = (items: Map<string, Item>, key: string): Item | null => {
  const item = items.get(key);
  return item ? structuredClone(item) : null;
};

const PROJECTED: ReadonlySet<string> = new Set(SUMMARY_ATTRIBUTES);

const project = (item: Item): Item =>
  Object.fromEntries(Object.entries(structuredClone(item)).filter(([name]) => PROJECTED.has(name)));

const isInRange = (item: Item, range: SummaryRange): boolean => {
  if (range.kind === 'url') return String(item[URL_LOOKUP_INDEX]).startsWith(`HOST#${range.domain}#`);
  const key = item[LOOKUP_INDEX];
  return typeof key === 'string' && (range.kind === 'all' || key.startsWith(`${range.provider}#`));
};

/** The credentials whose items have the key of an index, in the order of the key, as DynamoDB has them. */
const readIndex = ({ credentials }: MemoryUser, range: SummaryRange): [string, Item][] => {
  const name = range.kind === 'url' ? URL_LOOKUP_INDEX : LOOKUP_INDEX;
  const keyOf = ([, item]: [string, Item]) => String(item[name]);
  return [...credentials]
    .filter(([, item]) => isInRange(item, range))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

const readFirst = (user: MemoryUser, userId: string, range: OrderedRange): FirstOfRange => {
  const [first] = readIndex(user, range);
  if (!first) return { kind: 'none' };
  const [id, item] = first;
  const row = parseCredentialItem(structuredClone(item), { userId, id });
  return !row.readable || isInPlace(item, row.credential) ? { kind: 'row', row } : { kind: 'misplaced' };
};

export const memoryUserStore = (table: MemoryTable): UserStore => ({
  async readUser(userId) {
    const { userRecord, credentials } = findUser(table, userId);
    const rows = [...credentials].map(([id, item]) => parseCredentialItem(structuredClone(item), { userId, id }));
    return { userRecord: userRecord && { ...userRecord }, rows };
  },
  async readUserRecord(userId) {
    const userRecord = table.users.get(userId)?.userRecord ?? null;
    return userRecord && { ...userRecord };
  },
  async readSummaries(userId, range) {
    return readIndex(findUser(table, userId), range).map(([id, item]) =>
      parseSummaryItem(project(item), { userId, id }),
    );
  },
  async readFirst(userId, range) {
    return readFirst(findUser(table, userId), userId, range);
  },
  async readCredential(userId, id) {
    const item = copied(findUser(table, userId).credentials, id);
    return item && parseCredentialItem(item, { userId, id });
  },
  async readManaged(userId, provider) {
    const item = copied(findUser(table, userId).managed, provider);
    return item && parseManagedItem(item, { userId, provider });
  },
  async readManagedKeys(userId) {
    return [...findUser(table, userId).managed].map(([provider, item]) => ({
      provider,
      row: parseManagedItem(structuredClone(item), { userId, provider }),
    }));
  },
  async write(userId, write) {
    return writeNow(table, userId, write);
  },
});
