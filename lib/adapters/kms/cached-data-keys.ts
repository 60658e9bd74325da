// Keeps unwrapped data keys for a short while, so that a warm read makes no KMS call: bounded in number and time, one
// unwrapping at a time for one key, and a failure is never kept.
import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { DataKeys, EncryptionContext } from './kms-data-keys.ts';

const MAX_KEYS = 1_000;
const MAX_AGE_MILLISECONDS = 300_000;

interface Kept {
  plain: Promise<Uint8Array>;
  until: number;
}

/** The context is part of the name: the key opens under no other. */
const nameOf = (wrapped: Uint8Array, context: EncryptionContext): string =>
  createHash('sha256')
    .update(wrapped)
    .update(JSON.stringify(Object.entries(context).toSorted()))
    .digest('base64url');

export const cachedDataKeys = (keys: DataKeys, clock: Clock): DataKeys => {
  const kept = new Map<string, Kept>();

  const keep = (name: string, plain: Promise<Uint8Array>): void => {
    const entry = { plain, until: clock.now() + MAX_AGE_MILLISECONDS };
    kept.set(name, entry);
    // A map lists its oldest entry first.
    if (kept.size > MAX_KEYS) kept.delete(kept.keys().next().value as string);
    plain.catch(() => {
      if (kept.get(name) === entry) kept.delete(name);
    });
  };

  return {
    generate: (context) => keys.generate(context),
    unwrap(wrapped, context) {
      const name = nameOf(wrapped, context);
      const found = kept.get(name);
      if (found && clock.now() < found.until) return found.plain;
      kept.delete(name);
      const plain = keys.unwrap(wrapped, context);
      keep(name, plain);
      return plain;
    },
  };
};
