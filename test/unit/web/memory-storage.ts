// The storage of a tab, in memory.
import type { TabStorage } from '../../../web/app/logic/session.ts';

export const memoryStorage = (): TabStorage => {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
};
