// Users and their credentials in DynamoDB. Reads are strongly consistent; a write is one transaction of the head and what
// changes, under the operation's own token.
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type CredentialRow, type Item, parseCredentialItem, parseManagedItem } from '../../domain/credential/rows.ts';
import type { UserRecord, UserStore } from '../../domain/ports/user-store.ts';
import { credentialIdOf, credentialKey, headKey, type Key, managedKey, userRange } from './item-keys.ts';
import { attempt, attemptTransaction, type Table } from './table.ts';
import { parseHead } from './user-record.ts';
import { writeStatements } from './write-statements.ts';

const read = async ({ client, name }: Table, key: Key): Promise<Item | null> => {
  const { Item } = await attempt(() =>
    client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true })),
  );
  return Item ?? null;
};

const toRows = (userId: string, items: Item[]): CredentialRow[] =>
  items.flatMap((item) => {
    const id = credentialIdOf(String(item.sk));
    return id === null ? [] : [parseCredentialItem(item, { userId, id })];
  });

/** The head and the credentials, in key order, so the head is read before what it guards. */
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

export const dynamodbUserStore = (table: Table): UserStore => ({
  async readUser(userId) {
    const items = await queryUser(table, userId);
    const head = items.find((item) => item.sk === headKey(userId).sk);
    return { head: parseHead(head), rows: toRows(userId, items) };
  },

  async readUserRecord(userId): Promise<UserRecord | null> {
    return parseHead(await read(table, headKey(userId)));
  },

  async readCredential(userId, id) {
    const item = await read(table, credentialKey(userId, id));
    return item && parseCredentialItem(item, { userId, id });
  },

  async readManaged(userId, provider) {
    const item = await read(table, managedKey(userId, provider));
    return item && parseManagedItem(item, { userId, provider });
  },

  async write(userId, write) {
    const TransactItems = writeStatements(table.name, userId, write);
    const refusals = await attemptTransaction(() =>
      table.client.send(new TransactWriteCommand({ ClientRequestToken: write.token, TransactItems })),
    );
    if (refusals === null) return { written: true };
    const [head, ...changes] = refusals;
    return {
      written: false,
      head: parseHead(head?.item),
      headRefused: Boolean(head),
      refused: changes.flatMap((refusal, index) => (refusal ? [index] : [])),
    };
  },
});
