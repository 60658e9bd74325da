// The storage of the demo provider: one small file, written whole at each change, so that connections survive a restart.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  /** Epoch milliseconds; null never expires. */
  until: number | null;
}

const readEntries = (path: string): Map<string, Entry> => {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    // Missing or malformed: the demo starts empty.
    return new Map();
  }
};

/** Makes the adapter class that oidc-provider expects; all its models share one file. */
export const demoStore = (path: string): (new (model: string) => Adapter) => {
  const entries = readEntries(path);
  const isValid = ({ until }: Entry) => until === null || Date.now() < until;

  const save = (): void => {
    for (const [key, entry] of entries) if (!isValid(entry)) entries.delete(key);
    writeFileSync(`${path}.draft`, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  };

  const findEntry = (model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...entries].find(([key, entry]) => key.startsWith(`${model}:`) && isValid(entry) && matches(entry.payload))?.[1]
      .payload;

  return class DemoStore implements Adapter {
    readonly #model: string;

    constructor(model: string) {
      this.#model = model;
    }

    #key(id: string): string {
      return `${this.#model}:${id}`;
    }

    async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
      entries.set(this.#key(id), { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : null });
      save();
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      const entry = entries.get(this.#key(id));
      return entry && isValid(entry) ? entry.payload : undefined;
    }

    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return findEntry(this.#model, (payload) => payload.userCode === userCode);
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return findEntry(this.#model, (payload) => payload.uid === uid);
    }

    async consume(id: string): Promise<void> {
      const entry = entries.get(this.#key(id));
      if (entry) entry.payload.consumed = Math.floor(Date.now() / 1000);
      save();
    }

    async destroy(id: string): Promise<void> {
      entries.delete(this.#key(id));
      save();
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
      save();
    }
  };
};
