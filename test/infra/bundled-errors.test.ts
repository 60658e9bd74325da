// Errors of AWS as a bundle sees them: most of their classes are left out of it, so this shows that name, status and the fields that
// the adapters read arrive all the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleSettings } from '../../cdk/functions/bundle-settings.ts';

/** Each call answers status 400 with the given body, and throws what the SDK makes of it. */
const PROGRAM = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Readable } from 'node:stream';

const settings = (answer) => ({
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  requestHandler: {
    handle: async () => ({ response: { statusCode: 400, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(answer))]) } }),
  },
});
export const calls = {
  dynamodb: (answer) => new DynamoDBClient(settings(answer)).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })),
  eventbridge: (answer) => new EventBridgeClient(settings(answer)).send(new PutEventsCommand({ Entries: [] })),
  kms: (answer) => new KMSClient(settings(answer)).send(new DecryptCommand({ CiphertextBlob: new Uint8Array(1) })),
  secrets: (answer) => new SecretsManagerClient(settings(answer)).send(new GetSecretValueCommand({ SecretId: 's' })),
};
`;

type Calls = Record<string, (answer: object) => Promise<unknown>>;

const folder = mkdtempSync(join(tmpdir(), 'keyhold-errors-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let calls: Calls;
beforeAll(async () => {
  const { entryPoints: _, absWorkingDir, ...settings } = bundleSettings('none');
  const stdin = { contents: PROGRAM, resolveDir: absWorkingDir };
  const { outputFiles } = await build({ ...settings, absWorkingDir, stdin });
  const path = join(folder, 'index.mjs');
  writeFileSync(path, outputFiles.find((file) => file.path.endsWith('.mjs'))?.contents ?? '');
  ({ calls } = (await import(pathToFileURL(path).href)) as { calls: Calls });
});

const fail = (service: string, answer: object): Promise<unknown> => {
  const call = calls[service];
  if (!call) throw new Error(`no service ${service}`);
  return call(answer).then(
    () => null,
    (error: unknown) => error,
  );
};

describe('errors of AWS in a bundle', () => {
  it.each([
    ['dynamodb', 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'],
    ['dynamodb', 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'],
    ['eventbridge', 'InternalException'],
    ['kms', 'InvalidCiphertextException'],
    ['kms', 'KMSInvalidStateException'],
    ['secrets', 'ResourceNotFoundException'],
  ])('of %s keep their name: %s', async (service, type) => {
    const error = await fail(service, { __type: type, message: 'refused' });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: type.replace(/^.*#/, ''),
      message: 'refused',
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('have the stored item of a failed condition', async () => {
    const answer = { __type: 'x#ConditionalCheckFailedException', Item: { key: { B: 'AQI=' } } };
    const error = await fail('dynamodb', answer);
    expect(error).toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { key: { B: new Uint8Array([1, 2]) } },
    });
  });

  it('have the reasons of a cancelled transaction', async () => {
    const reason = { Code: 'ConditionalCheckFailed', Item: { key: { B: 'AQI=' } } };
    const error = await fail('dynamodb', { __type: 'x#TransactionCanceledException', CancellationReasons: [reason] });
    expect(error).toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { key: { B: new Uint8Array([1, 2]) } } }],
    });
  });
});
