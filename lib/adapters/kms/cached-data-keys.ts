// Caches unwrapped data keys, so that a repeated read makes no KMS call. Bounded in number and age; concurrent reads of one key
// share one call, and a failure is never cached.
import type { Clock } from '../../domain/ports/runtime.ts';
import { sha256 } from '../../domain/values/digest.ts';
import type { DataKeys, EncryptionContext } from './kms-data-keys.ts';

const MAX_KEYS = 1_000;
const MAX_AGE_MILLISECONDS = 300_000;

interface Entry {
  plain: Promise<Uint8Array>;
  /** Epoch milliseconds. */
  until: number;
}

/** With the context: a wrapped key must not be found under another context than its own. */
const cacheKey = (wrapped: Uint8Array, context: EncryptionContext): string =>
  sha256([wrapped, JSON.stringify(Object.entries(context).toSorted())], 'base64url');

/** Adds a cache to `keys`. */
export const cachedDataKeys = (keys: DataKeys, clock: Clock): DataKeys => {
  const entries = new Map<string, Entry>();

  const store = (key: string, plain: Promise<Uint8Array>): void => {
    const entry = { plain, until: clock.now() + MAX_AGE_MILLISECONDS };
    entries.set(key, entry);
    // A Map iterates in the order of insertion: the first key is the oldest.
    if (entries.size > MAX_KEYS) entries.delete(entries.keys().next().value as string);
    plain.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
  };

  return {
    generate: (context) => keys.generate(context),
    unwrap(wrapped, context) {
      const key = cacheKey(wrapped, context);
      const found = entries.get(key);
      if (found && clock.now() < found.until) return found.plain;
      entries.delete(key);
      const plain = keys.unwrap(wrapped, context);
      store(key, plain);
      return plain;
    },
  };
};
