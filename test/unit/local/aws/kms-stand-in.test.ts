// The stand-in for KMS, called with the SDK's client.
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startKms } from '../../../../local/aws/kms-stand-in.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const start = async (given?: string) => {
  const folder = given ?? (await temporaryFolder());
  const { endpoint, keyArn, close } = await startKms(folder);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new KMSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
    close();
  });
  const generate = async (EncryptionContext?: Record<string, string>) => {
    const command = new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext });
    const { CiphertextBlob, Plaintext } = await client.send(command);
    return { blob: CiphertextBlob ?? new Uint8Array(), plaintext: Plaintext ?? new Uint8Array() };
  };
  const decrypt = async (CiphertextBlob: Uint8Array, EncryptionContext?: Record<string, string>) =>
    (await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))).Plaintext;
  return { folder, keyArn, client, generate, decrypt };
};

const refusedAs = (name: string) =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: 400 }) });

describe('the KMS stand-in', () => {
  it('decrypts its blob under the same context in any order', async () => {
    const { generate, decrypt } = await start();
    const { blob, plaintext } = await generate({ user: 'a', purpose: 'p' });
    expect([plaintext.length, blob.length]).toEqual([32, 184]);
    expect(await decrypt(blob, { purpose: 'p', user: 'a' })).toEqual(plaintext);
  });

  it('generates a new key and blob at each call', async () => {
    const { generate } = await start();
    const [first, second] = [await generate(), await generate()];
    expect(first.plaintext).not.toEqual(second.plaintext);
    expect(first.blob).not.toEqual(second.blob);
  });

  const contexts: [string, Record<string, string> | undefined][] = [
    ['another value', { user: 'b', purpose: 'p' }],
    ['one pair less', { user: 'a' }],
    ['one pair more', { user: 'a', purpose: 'p', x: '' }],
    ['names and values exchanged', { a: 'user', p: 'purpose' }],
    ['nothing', undefined],
  ];
  it.each(contexts)('refuses a context with %s', async (_, context) => {
    const { generate, decrypt } = await start();
    const { blob } = await generate({ user: 'a', purpose: 'p' });
    await expect(decrypt(blob, context)).rejects.toEqual(refusedAs('InvalidCiphertextException'));
  });

  it('refuses a blob with any byte changed, cut or added', async () => {
    const { generate, decrypt } = await start();
    const { blob } = await generate();
    const flipped = [0, 20, 60, 100, 130, 150, 183].map((at) =>
      blob.map((byte, index) => (index === at ? byte ^ 1 : byte)),
    );
    for (const bad of [...flipped, blob.slice(0, -1), new Uint8Array([...blob, 0]), new Uint8Array([1])]) {
      await expect(decrypt(bad)).rejects.toEqual(refusedAs('InvalidCiphertextException'));
    }
  });

  it('refuses the blob of another key', async () => {
    const [one, other] = [await start(), await start()];
    const { blob } = await one.generate();
    await expect(other.decrypt(blob)).rejects.toEqual(refusedAs('InvalidCiphertextException'));
  });

  it('refuses any other key id', async () => {
    const { client } = await start();
    const unknown = new GenerateDataKeyCommand({ KeyId: 'alias/other', KeySpec: 'AES_256' });
    await expect(client.send(unknown)).rejects.toEqual(refusedAs('NotFoundException'));
  });

  it('requires exactly one of KeySpec and NumberOfBytes', async () => {
    const { client, keyArn } = await start();
    const none = new GenerateDataKeyCommand({ KeyId: keyArn });
    const both = new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', NumberOfBytes: 32 });
    for (const command of [none, both]) {
      await expect(client.send(command)).rejects.toEqual(refusedAs('ValidationException'));
    }
  });

  it('decrypts after a restart what it encrypted before', async () => {
    const before = await start();
    const { blob, plaintext } = await before.generate({ user: 'a' });
    const after = await start(before.folder);
    expect(await after.decrypt(blob, { user: 'a' })).toEqual(plaintext);
  });

  it('uses one key for all stand-ins that start on the folder together', async () => {
    const folder = await temporaryFolder();
    const servers = await Promise.all(Array.from({ length: 8 }, () => start(folder)));
    expect(new Set(servers.map(({ keyArn }) => keyArn)).size).toBe(1);
    const { blob, plaintext } = (await servers[0]?.generate()) ?? {};
    for (const { decrypt } of servers) expect(await decrypt(blob ?? new Uint8Array())).toEqual(plaintext);
  });
});
