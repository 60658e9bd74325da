// Data keys from KMS: the requests, and the code for each error.
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { kmsDataKeys } from '../../../../lib/adapters/kms/kms-data-keys.ts';

const kms = mockClient(KMSClient);
afterAll(() => kms.restore());
afterAll(() => kms.restore());
const keys = kmsDataKeys('key-1', new KMSClient({ region: 'us-east-1' }));

beforeEach(() => {
  kms.reset();
});

const CONTEXT = { user: 'hash', credentialId: 'c1', purpose: 'credential' };
const plain = new Uint8Array(32).fill(7);
const wrapped = new Uint8Array([1, 2, 3]);
const named = (name: string) => Object.assign(new Error('canary'), { name, $fault: 'client', $metadata: {} });

const down = [
  'AccessDeniedException',
  'DisabledException',
  'NotFoundException',
  'KMSInvalidStateException',
  'KeyUnavailableException',
  'InvalidGrantTokenException',
  'KMSInternalException',
  'DependencyTimeoutException',
  'ThrottlingException',
  'LimitExceededException',
  'TimeoutError',
  'CredentialsProviderError',
  'Error',
];

describe('kmsDataKeys generate', () => {
  it('generates a 256-bit key under the configured key and the context', async () => {
    kms.on(GenerateDataKeyCommand).resolves({ Plaintext: plain, CiphertextBlob: wrapped });
    expect(await keys.generate(CONTEXT)).toEqual({ plain, wrapped });
    expect(kms.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input).toEqual({
      KeyId: 'key-1',
      KeySpec: 'AES_256',
      EncryptionContext: CONTEXT,
    });
  });

  it.each([...down, 'InvalidCiphertextException', 'ValidationException'])(
    'maps %s to keys_unavailable',
    async (name) => {
      kms.on(GenerateDataKeyCommand).rejects(named(name));
      const refused = { code: 'keys_unavailable', detail: undefined, cause: { name } };
      await expect(keys.generate(CONTEXT)).rejects.toMatchObject(refused);
    },
  );

  it.each([{}, { Plaintext: plain }, { CiphertextBlob: wrapped }])(
    'throws keys_unavailable for an incomplete response: %#',
    async (answer) => {
      kms.on(GenerateDataKeyCommand).resolves(answer);
      await expect(keys.generate(CONTEXT)).rejects.toMatchObject({ code: 'keys_unavailable' });
    },
  );
});

describe('kmsDataKeys unwrap', () => {
  it('decrypts with the configured key only, under the context', async () => {
    kms.on(DecryptCommand).resolves({ Plaintext: plain });
    expect(await keys.unwrap(wrapped, CONTEXT)).toEqual(plain);
    expect(kms.commandCalls(DecryptCommand)[0]?.args[0].input).toEqual({
      KeyId: 'key-1',
      CiphertextBlob: wrapped,
      EncryptionContext: CONTEXT,
    });
  });

  it.each(['InvalidCiphertextException', 'IncorrectKeyException', 'ValidationException'])(
    'maps %s to credential_unreadable',
    async (name) => {
      kms.on(DecryptCommand).rejects(named(name));
      await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ code: 'credential_unreadable' });
    },
  );

  it.each(down)('maps %s to keys_unavailable', async (name) => {
    kms.on(DecryptCommand).rejects(named(name));
    await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it.each(down)('tells for %s whether another attempt can succeed', async (name) => {
    kms.on(DecryptCommand).rejects(named(name));
    const isPermanent = ['DisabledException', 'KMSInvalidStateException', 'NotFoundException'].includes(name);
    await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ isPermanent });
  });

  it.each(['InvalidCiphertextException', 'AccessDeniedException'])('keeps %s as the cause', async (name) => {
    kms.on(DecryptCommand).rejects(named(name));
    await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ cause: { name } });
  });

  it('treats what is no error as a fault that may pass', async () => {
    kms.on(DecryptCommand).callsFake(() => Promise.reject('text'));
    await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ code: 'keys_unavailable', isPermanent: false });
  });

  it('throws keys_unavailable for a response without a key', async () => {
    kms.on(DecryptCommand).resolves({});
    await expect(keys.unwrap(wrapped, CONTEXT)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it('keeps the KMS error as the cause, out of the message', async () => {
    const refusal = named('AccessDeniedException');
    kms.on(DecryptCommand).rejects(refusal);
    const error = await keys.unwrap(wrapped, CONTEXT).catch((thrown) => thrown);
    expect(`${error.message} ${error.detail} ${JSON.stringify(error.members)}`).not.toContain('canary');
    expect(error.cause).toBe(refusal);
  });
});

describe('kmsDataKeys with a client of its own', () => {
  it('makes three attempts of at most one second', async () => {
    kms.on(DecryptCommand).resolves({ Plaintext: plain });
    await kmsDataKeys('key-1').unwrap(wrapped, CONTEXT);
    const { config } = kms.call(0).thisValue as KMSClient;
    // The handler shows its settings only once it has sent something.
    const handler = config.requestHandler as unknown as { configProvider: Promise<unknown> };
    expect(await config.maxAttempts()).toBe(3);
    expect(await handler.configProvider).toMatchObject({
      connectionTimeout: 500,
      requestTimeout: 1_000,
      throwOnRequestTimeout: true,
    });
  });
});
