// The local server on the table of an earlier release, which has no local indexes and cannot get them.
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { tableDefinition } from '../../local/table/table-definition.ts';
import { startKeyhold } from '../support/http/local-server.ts';
import { startEngine } from '../support/table/test-engine.ts';

it('is not started: one line says why, and what to do', async () => {
  const endpoint = await startEngine();
  const { GlobalSecondaryIndexes: _, LocalSecondaryIndexes: __, AttributeDefinitions, ...older } = tableDefinition;
  const keys = AttributeDefinitions.filter(({ AttributeName }) => /^[ps]k$/.test(AttributeName));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(new CreateTableCommand({ ...older, AttributeDefinitions: keys, TableName: 'keyhold' }));
  const started = startKeyhold({ env: { AWS_ENDPOINT_URL_DYNAMODB: endpoint } });
  await expect(started).rejects.toThrow(
    /^[^\n]*\(exit code 1\): keyhold: the table keyhold was created by an earlier release, without the index lookup; start with a new KEYHOLD_HOME, or delete the table\n$/,
  );
});
