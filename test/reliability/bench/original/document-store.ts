// The way that this service replaces, built fairly on the same engine: all credentials of a user are one encrypted document. A read
// is one GetItem and one decryption; a write takes the user's lock, reads and decrypts the document, changes it, encrypts and writes
// it, and gives the lock back. It uses the fastest parts there are: the bare client, node:crypto, a key in memory, no base64.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TABLE_NAME as TableName } from '../../../../local/lambda/function-environment.ts';

/** A credential of the document. */
export interface DocumentCredential {
  id: string;
  provider: string;
  [field: string]: unknown;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LOCK_SECONDS = 10;
const LOCK_PAUSE_MILLISECONDS = 5;
const key = randomBytes(32);

const encrypt = (credentials: readonly DocumentCredential[]): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const text = cipher.update(JSON.stringify(credentials));
  return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]);
};

const decrypt = (sealed: Uint8Array): DocumentCredential[] => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
  return JSON.parse(Buffer.concat([text, decipher.final()]).toString());
};

const itemKey = (userId: string, kind: 'DOCUMENT' | 'LOCK') => ({ pk: { S: `ORIGINAL#${userId}` }, sk: { S: kind } });

/** The documents of all users. */
export interface DocumentStore {
  list(userId: string): Promise<DocumentCredential[]>;
  get(userId: string, id: string): Promise<DocumentCredential | undefined>;
  add(userId: string, credential: DocumentCredential): Promise<void>;
  update(userId: string, credential: DocumentCredential): Promise<void>;
  /** Writes a whole document, without the lock. */
  seed(userId: string, credentials: readonly DocumentCredential[]): Promise<void>;
}

/** The documents of the table. */
export const documentStore = (client: DynamoDBClient): DocumentStore => {
  const write = async (userId: string, credentials: readonly DocumentCredential[]): Promise<void> => {
    const Item = { ...itemKey(userId, 'DOCUMENT'), sealed: { B: encrypt(credentials) } };
    await client.send(new PutItemCommand({ TableName, Item }));
  };

  const read = async (userId: string): Promise<DocumentCredential[]> => {
    const Key = itemKey(userId, 'DOCUMENT');
    const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    return Item?.sealed?.B ? decrypt(Item.sealed.B) : [];
  };

  const lock = async (userId: string): Promise<void> => {
    const now = Math.floor(Date.now() / 1000);
    const Item = { ...itemKey(userId, 'LOCK'), until: { N: String(now + LOCK_SECONDS) } };
    const ConditionExpression = 'attribute_not_exists(pk) OR #until < :now';
    const names = {
      ExpressionAttributeNames: { '#until': 'until' },
      ExpressionAttributeValues: { ':now': { N: String(now) } },
    };
    for (;;) {
      try {
        await client.send(new PutItemCommand({ TableName, Item, ConditionExpression, ...names }));
        return;
      } catch (error) {
        const isHeld = error instanceof DynamoDBServiceException && error.name === 'ConditionalCheckFailedException';
        if (!isHeld) throw error;
        await sleep(LOCK_PAUSE_MILLISECONDS);
      }
    }
  };

  const edit = async (userId: string, change: (list: DocumentCredential[]) => DocumentCredential[]): Promise<void> => {
    await lock(userId);
    try {
      await write(userId, change(await read(userId)));
    } finally {
      await client.send(new DeleteItemCommand({ TableName, Key: itemKey(userId, 'LOCK') }));
    }
  };

  return {
    list: read,
    get: async (userId, id) => (await read(userId)).find((credential) => credential.id === id),
    add: (userId, credential) =>
      edit(userId, (list) => {
        if (list.some(({ id }) => id === credential.id)) throw new Error('exists');
        return [...list, credential];
      }),
    update: (userId, credential) =>
      edit(userId, (list) => list.map((present) => (present.id === credential.id ? credential : present))),
    seed: write,
  };
};

/** Credentials that take about a kilobyte each in the document, as a row does here; at 350 they just fit into one item. */
export const newDocument = (size: number): DocumentCredential[] =>
  Array.from({ length: size }, (_, index) => newDocumentCredential(`key-${index}`));

/** One of them. */
export const newDocumentCredential = (id: string): DocumentCredential => ({
  ...{ id, provider: 'own-0', type: 'api_key', title: `Key ${id}`, apiKey: `sk-${id}-`.padEnd(100, 'x') },
  metadata: 'm'.repeat(830),
});
