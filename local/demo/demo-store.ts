// What the demo provider remembers, in one file: small, written whole at each change, so that a restart keeps connections.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  payload: AdapterPayload;
  /** Epoch milliseconds; null: for ever. */
  until: number | null;
}

const readEntries = (path: string): Map<string, Entry> => {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    // Not there yet, or spoilt: the demo starts anew.
    return new Map();
  }
};

/** Makes the constructor that oidc-provider wants, one store for all its models. */
export const demoStore = (path: string): (new (model: string) => Adapter) => {
  const entries = readEntries(path);
  const isAlive = ({ until }: Entry) => until === null || Date.now() < until;

  const save = (): void => {
    for (const [key, entry] of entries) if (!isAlive(entry)) entries.delete(key);
    writeFileSync(`${path}.draft`, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  };

  const where = (model: string, holds: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...entries].find(([key, entry]) => key.startsWith(`${model}:`) && isAlive(entry) && holds(entry.payload))?.[1]
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
      return entry && isAlive(entry) ? entry.payload : undefined;
    }

    async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
      return where(this.#model, (payload) => payload.userCode === userCode);
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return where(this.#model, (payload) => payload.uid === uid);
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
