// A sealer without cryptography: stores the document with its seal context and opens it only for that context.

import { hashSealContext, type SealContext } from '../../../lib/domain/credential/seal-context.ts';
import type { Sealed, Sealer } from '../../../lib/domain/ports/sealer.ts';
import { ServiceError } from '../../../lib/domain/values/service-error.ts';

const unreadable = () => new ServiceError('credential_unreadable');

const parse = (sealed: string): { bind?: unknown; document?: unknown } => {
  try {
    return JSON.parse(Buffer.from(sealed, 'base64url').toString());
  } catch {
    throw unreadable();
  }
};

const seal = (binding: SealContext, document: unknown): string =>
  Buffer.from(JSON.stringify({ bind: hashSealContext(binding), document })).toString('base64url');

const open = (binding: SealContext, { sealed, wrappedKey }: Sealed): unknown => {
  const { bind, document } = parse(sealed);
  if (bind !== hashSealContext(binding) || Buffer.compare(wrappedKey, new Uint8Array([1, 2, 3])) !== 0)
    throw unreadable();
  return document;
};

export const memorySealer = (): Sealer => ({
  seal: async (binding, document) => ({ sealed: seal(binding, document), wrappedKey: new Uint8Array([1, 2, 3]) }),
  open: async (binding, sealed) => open(binding, sealed),
  openToReseal: async (binding, sealed) => ({
    document: open(binding, sealed),
    reseal: async (next, document) => seal(next, document),
  }),
});
