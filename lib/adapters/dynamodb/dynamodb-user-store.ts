// Users and their credentials in DynamoDB. Reads are strongly consistent; a write is one transaction of the user record and the
// changed rows, under the write's idempotency token.
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, parseCredentialItem, parseManagedItem, parseSummaryItem } from '../../domain/credential/rows.ts';
import type { FirstOfRange, UserStore } from '../../domain/ports/user-store.ts';
import { buildIndexQuery, isInPlace } from './index/index-keys.ts';
import { queryFirst, queryPages } from './index/query.ts';
import {
  credentialKey,
  type Key,
  managedKey,
  managedRange,
  parseCredentialSortKey,
  parseManagedSortKey,
  userRange,
  userRecordKey,
} from './item-keys.ts';
import { attempt, attemptTransaction, type Table } from './table.ts';
import { parseUserRecord } from './user-record.ts';
import { buildWriteStatements } from './write-statements.ts';

const readItem = async ({ client, name }: Table, key: Key): Promise<Item | null> => {
  const { Item } = await attempt(() =>
    client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true })),
  );
  return Item ?? null;
};

type Parse<R> = (item: Item, owner: { userId: string; id: string }) => R;

/** Items that are not under a credential's key are left out. */
const toRows = <R>(userId: string, items: Item[], parse: Parse<R>): R[] =>
  items.flatMap((item) => {
    const id = parseCredentialSortKey(String(item.sk));
    return id === null ? [] : [parse(item, { userId, id })];
  });

const toFirst = (userId: string, item: Item): FirstOfRange => {
  const [row] = toRows(userId, [item], parseCredentialItem);
  return row && (!row.readable || isInPlace(item, row.credential)) ? { kind: 'row', row } : { kind: 'misplaced' };
};

/** Pages come in key order, so the user record, which sorts first, is read before every credential. */
const queryUser = (table: Table, userId: string): Promise<Item[]> => {
  const { pk, first, last } = userRange(userId);
  return queryPages(table, {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
  });
};

/** Implements `UserStore`. */
export const dynamodbUserStore = (table: Table): UserStore => ({
  async readUser(userId) {
    const items = await queryUser(table, userId);
    const userRecord = items.find((item) => item.sk === userRecordKey(userId).sk);
    return { userRecord: parseUserRecord(userRecord), rows: toRows(userId, items, parseCredentialItem) };
  },

  async readSummaries(userId, range) {
    return toRows(userId, await queryPages(table, buildIndexQuery(userId, range)), parseSummaryItem);
  },

  async readFirst(userId, range) {
    const item = await queryFirst(table, buildIndexQuery(userId, range));
    return item === null ? { kind: 'none' } : toFirst(userId, item);
  },

  async readUserRecord(userId) {
    return parseUserRecord(await readItem(table, userRecordKey(userId)));
  },

  async readCredential(userId, id) {
    const item = await readItem(table, credentialKey(userId, id));
    return item && parseCredentialItem(item, { userId, id });
  },

  async readManaged(userId, provider) {
    const item = await readItem(table, managedKey(userId, provider));
    return item && parseManagedItem(item, { userId, provider });
  },

  async readManagedKeys(userId) {
    const { pk, prefix } = managedRange(userId);
    const items = await queryPages(table, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
    });
    return items.flatMap((item) => {
      const provider = parseManagedSortKey(String(item.sk));
      return provider === null ? [] : [{ provider, row: parseManagedItem(item, { userId, provider }) }];
    });
  },

  async write(userId, write) {
    const TransactItems = buildWriteStatements(table.name, userId, write);
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: write.token, TransactItems })),
    );
    if (refusals === null) return { kind: 'written' };
    const [userRecord, ...others] = refusals;
    const changes = others.slice(0, write.changes.length);
    return {
      kind: 'refused',
      userRecord: parseUserRecord(userRecord?.item),
      userRecordRefused: Boolean(userRecord),
      refused: changes.flatMap((refusal, index) => (refusal ? [index] : [])),
      ...(others.slice(write.changes.length).some(Boolean) && { linkRefused: true }),
    };
  },
});
