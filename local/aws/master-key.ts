// The customer key of the KMS stand-in. A blob is bound to its encryption context, in any order of its pairs, and to its key.
// It is as long as a blob of KMS for a 256-bit data key, so that measured item sizes hold on AWS.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { readOrCreate } from '../home.ts';
import { StartRefused } from '../start-refused.ts';
import { ACCOUNT_ID, REGION } from './local-aws.ts';

/** The pairs that a blob is bound to (AWS KMS Developer Guide, "Encryption context"). */
export type EncryptionContext = Readonly<Record<string, string>>;

/** Encrypts data keys under one customer key (AES-256-GCM). */
export interface MasterKey {
  arn: string;
  seal(plaintext: Buffer, context: EncryptionContext): Buffer;
  /** Throws when the blob was not made with this key and this context. */
  open(blob: Buffer, context: EncryptionContext): Buffer;
}

const MAGIC = 'keyhold-local-kms';
const SALT_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const Stored = z.object({ keyId: z.uuid(), material: z.base64().length(44) });

const compareNames = ([left]: [string, string], [right]: [string, string]): number => (left < right ? -1 : 1);

const toCanonicalJson = (context: EncryptionContext): string =>
  JSON.stringify(Object.entries(context).sort(compareNames));

const deriveKey = (material: Buffer, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', material, salt, MAGIC, 32));

const makeSeal =
  (material: Buffer, prefix: Buffer): MasterKey['seal'] =>
  (plaintext, context) => {
    const header = Buffer.concat([prefix, randomBytes(SALT_BYTES + IV_BYTES)]);
    const salt = header.subarray(prefix.length, -IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', deriveKey(material, salt), header.subarray(-IV_BYTES));
    cipher.setAAD(Buffer.concat([header, Buffer.from(toCanonicalJson(context))]));
    return Buffer.concat([header, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  };

const makeOpen =
  (material: Buffer, prefix: Buffer): MasterKey['open'] =>
  (blob, context) => {
    const headerBytes = prefix.length + SALT_BYTES + IV_BYTES;
    if (blob.length < headerBytes + TAG_BYTES || !blob.subarray(0, prefix.length).equals(prefix)) {
      throw new Error('not a blob of this key');
    }
    const header = blob.subarray(0, headerBytes);
    const salt = header.subarray(prefix.length, -IV_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(material, salt), header.subarray(-IV_BYTES));
    decipher.setAAD(Buffer.concat([header, Buffer.from(toCanonicalJson(context))]));
    decipher.setAuthTag(blob.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(blob.subarray(headerBytes, -TAG_BYTES)), decipher.final()]);
  };

const makeStored = (): string =>
  JSON.stringify({ keyId: randomUUID(), material: randomBytes(32).toString('base64') } satisfies z.infer<
    typeof Stored
  >);

const parseStored = (text: string, path: string): z.infer<typeof Stored> => {
  try {
    return Stored.parse(JSON.parse(text));
  } catch {
    throw new StartRefused(`${path} is not a key made by this server`);
  }
};

/** Reads the key of the folder, or creates it. Throws `StartRefused` when the file holds something else. */
export const openMasterKey = async (folder: string): Promise<MasterKey> => {
  const path = join(folder, 'kms-key.json');
  const { keyId, material } = parseStored(await readOrCreate(path, makeStored), path);
  const arn = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/${keyId}`;
  const bytes = Buffer.from(material, 'base64');
  const prefix = Buffer.from(MAGIC + arn);
  return { arn, seal: makeSeal(bytes, prefix), open: makeOpen(bytes, prefix) };
};
