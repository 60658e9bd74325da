// Runs a query of the table or of a local index: strongly consistent, in key order. DynamoDB changes a row and its index entries
// together, so an index shows exactly what its rows have.
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../../domain/credential/rows.ts';
import { attempt, type Table } from '../table.ts';

/** The key condition of a query, and the index if it is one of an index. */
export type Query = Pick<QueryCommandInput, 'IndexName' | 'KeyConditionExpression' | 'ExpressionAttributeValues'>;

const queryPage = ({ client, name }: Table, query: Omit<QueryCommandInput, 'TableName'>) =>
  attempt(() => client.send(new QueryCommand({ TableName: name, ConsistentRead: true, ...query })));

/** Reads all items, page by page. From an index they have the attributes that it projects. Throws a PortFault. */
export const queryPages = async (table: Table, query: Query): Promise<Item[]> => {
  const items: Item[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage(table, { ...query, ExclusiveStartKey: from });
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
};

/**
 * Reads the first item with all of its attributes, null if there is none. Where an index does not project them, DynamoDB fetches
 * them from the table in the same request. Throws a PortFault.
 */
export const queryFirst = async (table: Table, query: Query): Promise<Item | null> => {
  const { Items } = await queryPage(table, { ...query, Select: 'ALL_ATTRIBUTES', Limit: 1 });
  return Items?.[0] ?? null;
};
