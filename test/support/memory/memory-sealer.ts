// A sealer without cryptography: the document beside the binding it was sealed for, opened only for that binding.
import type { Sealer } from '../../../lib/domain/ports.ts';
import { bindingHash } from '../../../lib/domain/seal-binding.ts';
import { ServiceError } from '../../../lib/domain/service-error.ts';

const unreadable = () => new ServiceError('credential_unreadable');

const parse = (sealed: string): { bind?: unknown; document?: unknown } => {
  try {
    return JSON.parse(Buffer.from(sealed, 'base64url').toString());
  } catch {
    throw unreadable();
  }
};

export const memorySealer = (): Sealer => ({
  async seal(binding, document) {
    const sealed = Buffer.from(JSON.stringify({ bind: bindingHash(binding), document })).toString('base64url');
    return { sealed, wrappedKey: new Uint8Array([1, 2, 3]) };
  },
  async open(binding, { sealed, wrappedKey }) {
    const { bind, document } = parse(sealed);
    if (bind !== bindingHash(binding) || Buffer.compare(wrappedKey, new Uint8Array([1, 2, 3])) !== 0)
      throw unreadable();
    return document;
  },
});
