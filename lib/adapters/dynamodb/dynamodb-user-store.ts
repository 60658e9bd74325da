// Users and their credentials in DynamoDB. Reads are strongly consistent; a write is one transaction of the user record and the
// changed rows, under the write's idempotency token.
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type CredentialRow, type Item, parseCredentialItem, parseManagedItem } from '../../domain/credential/rows.ts';
import type { UserStore } from '../../domain/ports/user-store.ts';
import { credentialKey, type Key, managedKey, parseCredentialSortKey, userRange, userRecordKey } from './item-keys.ts';
import { attempt, attemptTransaction, type Table } from './table.ts';
import { parseUserRecord } from './user-record.ts';
import { buildWriteStatements } from './write-statements.ts';

const readItem = async ({ client, name }: Table, key: Key): Promise<Item | null> => {
  const { Item } = await attempt(() =>
    client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true })),
  );
  return Item ?? null;
};

const toRows = (userId: string, items: Item[]): CredentialRow[] =>
  items.flatMap((item) => {
    const id = parseCredentialSortKey(String(item.sk));
    return id === null ? [] : [parseCredentialItem(item, { userId, id })];
  });

/** Queries in key order and page by page, so the user record, which sorts first, is read before every credential. */
const queryUser = async ({ client, name }: Table, userId: string): Promise<Item[]> => {
  const { pk, first, last } = userRange(userId);
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await attempt(() =>
      client.send(
        new QueryCommand({
          TableName: name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
          ExclusiveStartKey: from,
        }),
      ),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
};

/** Implements `UserStore`. */
export const dynamodbUserStore = (table: Table): UserStore => ({
  async readUser(userId) {
    const items = await queryUser(table, userId);
    const userRecord = items.find((item) => item.sk === userRecordKey(userId).sk);
    return { userRecord: parseUserRecord(userRecord), rows: toRows(userId, items) };
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

  async write(userId, write) {
    const TransactItems = buildWriteStatements(table.name, userId, write);
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: write.token, TransactItems })),
    );
    if (refusals === null) return { kind: 'written' };
    const [userRecord, ...changes] = refusals;
    return {
      kind: 'refused',
      userRecord: parseUserRecord(userRecord?.item),
      userRecordRefused: Boolean(userRecord),
      refused: changes.flatMap((refusal, index) => (refusal ? [index] : [])),
    };
  },
});
