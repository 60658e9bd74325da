// The server adds what the table of an earlier release lacks, and keeps its items.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { openTable } from '../../../lib/adapters/dynamodb/table.ts';
import { ensureTable } from '../../../local/table/ensure-table.ts';
import { tableDefinition } from '../../../local/table/table-definition.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

await openTestTable();
const engine = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';

describe('the table of an earlier release', () => {
  it('gets its index from servers that start together, and the index finds stored credentials', async () => {
    const { GlobalSecondaryIndexes: _, AttributeDefinitions, ...older } = tableDefinition;
    const TableName = `older-${randomUUID()}`;
    const keys = AttributeDefinitions.filter(({ AttributeName }) => !/^due/.test(AttributeName));
    await new DynamoDBClient().send(new CreateTableCommand({ ...older, AttributeDefinitions: keys, TableName }));
    const { client } = openTable(TableName);
    await client.send(new PutCommand({ TableName, Item: { pk: 'p', sk: 's', dueShard: 'DUE#0', dueAt: 5 } }));
    await Promise.all([ensureTable(engine, TableName), ensureTable(engine, TableName)]);
    await ensureTable(engine, TableName);
    const { Table } = await new DynamoDBClient().send(new DescribeTableCommand({ TableName }));
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['due']);
    const query = new QueryCommand({
      TableName,
      IndexName: 'due',
      KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
      ExpressionAttributeValues: { ':shard': 'DUE#0', ':until': 9 },
    });
    // Some engines take a while to fill it.
    const found = async () => (await client.send(query).catch(() => null))?.Items;
    await expect.poll(found, { timeout: 20_000 }).toEqual([{ pk: 'p', sk: 's', dueShard: 'DUE#0', dueAt: 5 }]);
  });

  it('is refused without the local indexes, which a table gets only when it is created', async () => {
    const { GlobalSecondaryIndexes: _, LocalSecondaryIndexes: __, AttributeDefinitions, ...older } = tableDefinition;
    const TableName = `older-${randomUUID()}`;
    const keys = AttributeDefinitions.filter(({ AttributeName }) => /^[ps]k$/.test(AttributeName));
    await new DynamoDBClient().send(new CreateTableCommand({ ...older, AttributeDefinitions: keys, TableName }));
    await expect(ensureTable(engine, TableName)).rejects.toThrow(
      `the table ${TableName} was created by an earlier release, without the index lookup; ` +
        'start with a new KEYHOLD_HOME, or delete the table',
    );
  });
});
