// A sealer without cryptography: stores the document with its seal context and opens it only for that context.

import { hashSealContext, type SealContext } from '../../../lib/domain/credential/seal-context.ts';
import type { Sealed, Sealer } from '../../../lib/domain/ports/sealer.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';

const unreadable = () => new ServiceError('credential_unreadable');

const parse = (sealed: string): { bind?: unknown; key?: unknown; document?: unknown } => {
  try {
    return JSON.parse(Buffer.from(sealed, 'base64url').toString());
  } catch {
    throw unreadable();
  }
};

const FIRST_KEY = new Uint8Array([1, 2, 3]);

/** Every reseal is under another key, so that a seal stored without its key does not open. */
const nextKey = (wrappedKey: Uint8Array): Uint8Array =>
  wrappedKey.map((byte, index) => (index === wrappedKey.length - 1 ? (byte + 1) % 256 : byte));

const seal = (binding: SealContext, document: unknown, wrappedKey: Uint8Array): Sealed => {
  const content = { bind: hashSealContext(binding), key: [...wrappedKey], document };
  return { sealed: Buffer.from(JSON.stringify(content)).toString('base64url'), wrappedKey };
};

const open = (binding: SealContext, { sealed, wrappedKey }: Sealed): unknown => {
  const { bind, key, document } = parse(sealed);
  if (bind !== hashSealContext(binding) || String(key) !== String([...wrappedKey])) throw unreadable();
  return document;
};

export const memorySealer = (): Sealer => ({
  seal: async (binding, document) => seal(binding, document, FIRST_KEY),
  open: async (binding, sealed) => open(binding, sealed),
  openToReseal: async (binding, sealed) => ({
    document: open(binding, sealed),
    reseal: async (next, document) => seal(next, document, nextKey(sealed.wrappedKey)),
  }),
});
