// Stands in for KMS, as far as sealing needs it: one customer key, `GenerateDataKey` and `Decrypt`. It refuses a wrong or
// missing encryption context and a changed blob as KMS does.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Operation, type StandIn, serveAwsJson } from './aws-json-server.ts';
import { type MasterKey, openMasterKey } from './master-key.ts';

const EncryptionContext = z.record(z.string(), z.string()).default({});

const GenerateDataKey = z
  .object({
    KeyId: z.string().min(1).max(2048),
    KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
    NumberOfBytes: z.int().min(1).max(1024).optional(),
    EncryptionContext,
  })
  .refine(({ KeySpec, NumberOfBytes }) => (KeySpec === undefined) !== (NumberOfBytes === undefined));

const Decrypt = z.object({
  CiphertextBlob: z.base64().min(1).max(8192),
  KeyId: z.string().min(1).max(2048).optional(),
  EncryptionContext,
});

const parse = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the request').join(', ');
  throw new AwsError('ValidationException', `invalid: ${places}`);
};

const isKey = (key: MasterKey, keyId: string): boolean => keyId === key.arn || key.arn.endsWith(`:key/${keyId}`);

const generateDataKey =
  (key: MasterKey): Operation =>
  (input) => {
    const { KeyId, KeySpec, NumberOfBytes, EncryptionContext: context } = parse(GenerateDataKey, input);
    if (!isKey(key, KeyId)) throw new AwsError('NotFoundException', `Key '${KeyId}' does not exist`);
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
    return {
      KeyId: key.arn,
      Plaintext: plaintext.toString('base64'),
      CiphertextBlob: key.seal(plaintext, context).toString('base64'),
    };
  };

const open = (key: MasterKey, blob: string, context: Readonly<Record<string, string>>): Buffer => {
  try {
    return key.open(Buffer.from(blob, 'base64'), context);
  } catch {
    // KMS gives no reason either: one answer for every blob it cannot decrypt.
    throw new AwsError('InvalidCiphertextException', '');
  }
};

const decrypt =
  (key: MasterKey): Operation =>
  (input) => {
    const { CiphertextBlob, KeyId, EncryptionContext: context } = parse(Decrypt, input);
    if (KeyId !== undefined && !isKey(key, KeyId))
      throw new AwsError('NotFoundException', `Key '${KeyId}' does not exist`);
    const plaintext = open(key, CiphertextBlob, context);
    return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  };

/** KMS's stand-in, and the ARN of its key. */
export interface KmsStandIn extends StandIn {
  keyArn: string;
}

/** The key is kept in the folder, so that every server on the folder, also after a restart, decrypts what another encrypted. */
export const startKms = async (folder: string): Promise<KmsStandIn> => {
  const key = await openMasterKey(folder);
  const standIn = await serveAwsJson({
    'TrentService.GenerateDataKey': generateDataKey(key),
    'TrentService.Decrypt': decrypt(key),
  });
  return { ...standIn, keyArn: key.arn };
};
