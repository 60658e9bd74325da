// Sealing of secrets: a seal opens under its own context only, each document has its own key, and old keys are replaced.
import { createHash, randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { jweSealer } from '../../../../lib/adapters/kms/jwe-sealer.ts';
import type { DataKey, DataKeys, EncryptionContext } from '../../../../lib/adapters/kms/kms-data-keys.ts';
import { cryptoRandom } from '../../../../lib/adapters/runtime/crypto-random.ts';
import { sealContext } from '../../../../lib/domain/credential/credential.ts';
import { credentialItem } from '../../../../lib/domain/credential/rows.ts';
import {
  encryptionContext,
  hashSealContext,
  type UserSealContext,
} from '../../../../lib/domain/credential/seal-context.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { credential } from '../../../support/builders.ts';
import { settableClock } from '../../../support/memory/memory-deps.ts';

/** As long as KMS makes them for an AES-256 key. */
const WRAPPED_BYTES = 184;

const fingerprint = (wrapped: Uint8Array, context: EncryptionContext) =>
  createHash('sha256').update(wrapped).update(JSON.stringify(context)).digest('hex');

/** Data keys that open under their own context only, as those of KMS do. */
const fakeDataKeys = () => {
  const plains = new Map<string, Uint8Array>();
  const handed: DataKey[] = [];
  const keys: DataKeys = {
    async generate(context) {
      const key = { plain: new Uint8Array(randomBytes(32)), wrapped: new Uint8Array(randomBytes(WRAPPED_BYTES)) };
      plains.set(fingerprint(key.wrapped, context), key.plain.slice());
      handed.push(key);
      return key;
    },
    async unwrap(wrapped, context) {
      const plain = plains.get(fingerprint(wrapped, context));
      if (!plain) throw new ServiceError('credential_unreadable');
      return plain;
    },
  };
  return { keys, handed };
};

const clock = settableClock();

const binding: UserSealContext = {
  purpose: 'credential',
  userId: 'alice',
  credentialId: 'c1',
  provider: 'github',
  type: 'host_scoped',
  host: 'api.example.com',
  data: null,
  resource: null,
  secretRev: 'rev-1',
};
const document = { apiKey: 'canary' };

const sealed = async () => {
  const { keys, handed } = fakeDataKeys();
  const sealer = jweSealer(keys, clock, cryptoRandom);
  return { keys, handed, sealer, seal: await sealer.seal(binding, document) };
};

const unreadable = { code: 'credential_unreadable' };

describe('jweSealer', () => {
  it('opens what it sealed', async () => {
    const { sealer, seal } = await sealed();
    expect(await sealer.open(binding, seal)).toEqual(document);
  });

  it('makes a compact JWE (dir, A256GCM) with the hash of the seal context', async () => {
    const { seal } = await sealed();
    const [header = '', key] = seal.sealed.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      bind: hashSealContext(binding),
      keyAt: clock.now(),
    });
    expect(key).toBe('');
  });

  it('contains neither the document nor the user id in plain', async () => {
    const { seal } = await sealed();
    const text = seal.sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    expect(text.join()).not.toMatch(/canary|alice|example/);
  });

  it('seals each document under a new key', async () => {
    const { sealer, seal } = await sealed();
    const again = await sealer.seal(binding, document);
    expect(again.sealed).not.toBe(seal.sealed);
    expect(again.wrappedKey).not.toEqual(seal.wrappedKey);
  });

  it('takes a new IV of 96 bits for each document under one key', async () => {
    const { sealer, seal } = await sealed();
    const { reseal } = await sealer.openToReseal(binding, seal);
    const seals = [seal, await reseal(binding, document), await reseal(binding, document)];
    const ivs = seals.map((one) => one.sealed.split('.')[2] ?? '');
    expect(new Set(ivs).size).toBe(3);
    expect(ivs.map((iv) => Buffer.from(iv, 'base64url').length)).toEqual([12, 12, 12]);
  });

  it('overwrites the plain key after sealing', async () => {
    const { handed } = await sealed();
    expect(handed.map(({ plain }) => plain)).toEqual([new Uint8Array(32)]);
  });

  it('overwrites the plain key when sealing fails', async () => {
    const { keys, handed } = fakeDataKeys();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(jweSealer(keys, clock, cryptoRandom).seal(binding, circular)).rejects.toThrow();
    expect(handed.map(({ plain }) => plain)).toEqual([new Uint8Array(32)]);
  });

  it.each<[string, Partial<UserSealContext>]>([
    ['purpose', { purpose: 'managed' }],
    ['user', { userId: 'mallory' }],
    ['credential', { credentialId: 'c2' }],
    ['provider', { provider: 'gitlab' }],
    ['type', { type: 'api_key' }],
    ['host', { host: 'evil.example' }],
    ['absence of a host', { host: null }],
    ['resource', { resource: 'https://mcp.example' }],
    ['secretRev', { secretRev: 'rev-0' }],
  ])('does not open under another %s', async (_, other) => {
    const { sealer, seal } = await sealed();
    await expect(sealer.open({ ...binding, ...other }, seal)).rejects.toMatchObject(unreadable);
  });

  it('checks the seal context even if the key decrypts it', async () => {
    const { keys, seal } = await sealed();
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(binding));
    const sealer = jweSealer({ ...keys, unwrap: async () => key }, clock, cryptoRandom);
    expect(await sealer.open(binding, seal)).toEqual(document);
    await expect(sealer.open({ ...binding, host: 'evil.example' }, seal)).rejects.toMatchObject(unreadable);
  });

  it.each([0, 1, 2, 3, 4])('does not open when part %i of the JWE has changed', async (index) => {
    const { sealer, seal } = await sealed();
    const parts = seal.sealed.split('.');
    const part = parts[index] ?? '';
    parts[index] = part === '' ? 'AA' : `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}`;
    await expect(sealer.open(binding, { ...seal, sealed: parts.join('.') })).rejects.toMatchObject(unreadable);
  });

  it.each(['', 'nonsense', 'a.b.c.d.e', '....', '{"alg":"dir"}'])(
    'throws credential_unreadable for %j',
    async (text) => {
      const { sealer, seal } = await sealed();
      const refused = { ...unreadable, cause: expect.any(Error) };
      await expect(sealer.open(binding, { ...seal, sealed: text })).rejects.toMatchObject(refused);
    },
  );

  it('does not open when the wrapped key has changed', async () => {
    const { sealer, seal } = await sealed();
    const wrappedKey = seal.wrappedKey.map((byte, index) => (index === 9 ? byte ^ 1 : byte));
    await expect(sealer.open(binding, { ...seal, wrappedKey })).rejects.toMatchObject(unreadable);
  });

  it.each([
    ['another content encryption', { alg: 'dir', enc: 'A128CBC-HS256' }],
    ['a wrapped content key', { alg: 'A256KW', enc: 'A256GCM' }],
    ['no binding', { alg: 'dir', enc: 'A256GCM', bind: undefined }],
    ['another binding', { alg: 'dir', enc: 'A256GCM', bind: 'other' }],
  ])('does not open a JWE under the right key with %s', async (_, header) => {
    const { keys, sealer, seal } = await sealed();
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(binding));
    const forged = await new CompactEncrypt(Buffer.from(JSON.stringify(document)))
      .setProtectedHeader({ bind: hashSealContext(binding), ...header } as { alg: string; enc: string })
      .encrypt(key);
    await expect(sealer.open(binding, { ...seal, sealed: forged })).rejects.toMatchObject(unreadable);
  });

  it('throws the same error when the document is no JSON', async () => {
    const { keys, sealer, seal } = await sealed();
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(binding));
    const broken = await new CompactEncrypt(Buffer.from('canary{'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', bind: hashSealContext(binding) })
      .encrypt(key);
    await expect(sealer.open(binding, { ...seal, sealed: broken })).rejects.toMatchObject(unreadable);
  });

  it.each(['keys_unavailable', 'credential_unreadable'] as const)('rethrows %s of the key service', async (code) => {
    const { seal } = await sealed();
    const refuse = vi.fn().mockRejectedValue(new ServiceError(code));
    const sealer = jweSealer({ generate: refuse, unwrap: refuse }, clock, cryptoRandom);
    await expect(sealer.open(binding, seal)).rejects.toMatchObject({ code });
    await expect(sealer.seal(binding, document)).rejects.toMatchObject({ code });
  });
});

/** As DynamoDB counts (Developer Guide, "Item sizes and formats"). */
const measureSize = (value: unknown): number => {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).replace(/0+$/, '').length / 2) + 1;
  if (typeof value === 'boolean' || value === null) return 1;
  if (Array.isArray(value)) return 3 + value.reduce((sum, item) => sum + 1 + measureSize(item), 0);
  throw new TypeError('no such attribute');
};

const itemSize = (item: Readonly<Record<string, unknown>>) =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + measureSize(value), 0);

describe('openToReseal', () => {
  it('reseals under the same data key and the given context, without a KMS call', async () => {
    const { keys, sealer, seal } = await sealed();
    const opened = await sealer.openToReseal(binding, seal);
    expect(opened.document).toEqual(document);
    keys.generate = keys.unwrap = async () => {
      throw new ServiceError('keys_unavailable');
    };
    const next = { ...binding, secretRev: 'rev-2' };
    const resealed = await opened.reseal(next, { other: true });
    expect(resealed.sealed).not.toBe(seal.sealed);
    expect(resealed.sealed.split('.')).toHaveLength(5);
    expect(resealed.wrappedKey).toBe(seal.wrappedKey);
  });

  it('reseals so that the result opens under the given context only', async () => {
    const { sealer, seal } = await sealed();
    const next = { ...binding, secretRev: 'rev-2' };
    const resealed = await (await sealer.openToReseal(binding, seal)).reseal(next, { other: true });
    expect(await sealer.open(next, resealed)).toEqual({ other: true });
    await expect(sealer.open(binding, resealed)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it('does not open under another context', async () => {
    const { sealer, seal } = await sealed();
    const asked = sealer.openToReseal({ ...binding, userId: 'mallory' }, seal);
    await expect(asked).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});

const DAY = 86_400_000;

describe('the data key of a seal that is renewed for years', () => {
  const countKeys = async (options?: { keepKey: boolean }, days = 400) => {
    const { handed, sealer, seal } = await sealed();
    let last = seal;
    let made = clock.now();
    const ages: number[] = [];
    for (let day = 0; day < days; day++) {
      clock.advance(DAY);
      const before = handed.length;
      const opened = await sealer.openToReseal(binding, last, options);
      if (handed.length > before) made = clock.now();
      ages.push((clock.now() - made) / DAY);
      const drawn = handed.length;
      last = await opened.reseal(binding, { day });
      expect(handed).toHaveLength(drawn);
      expect(await sealer.open(binding, last)).toEqual({ day });
    }
    return { keys: handed.length, oldest: Math.max(...ages) };
  };

  it('is replaced after 90 days, when the seal is opened and not when it is sealed again', async () => {
    expect(await countKeys()).toEqual({ keys: 5, oldest: 89 });
  });

  it('is kept when the caller asks to keep it', async () => {
    expect(await countKeys({ keepKey: true }, 100)).toEqual({ keys: 1, oldest: 100 });
  });

  it('is replaced when the seal does not say how old its key is', async () => {
    const { keys, handed, sealer, seal } = await sealed();
    const key = await keys.unwrap(seal.wrappedKey, encryptionContext(binding));
    const old = await new CompactEncrypt(new TextEncoder().encode('{}'))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', bind: hashSealContext(binding) })
      .encrypt(key);
    await sealer.openToReseal(binding, { ...seal, sealed: old });
    expect(handed).toHaveLength(2);
  });

  it('fails the opening when it is due and cannot be replaced, before any token is sent', async () => {
    const { keys, sealer, seal } = await sealed();
    clock.advance(90 * DAY);
    keys.generate = async () => {
      throw new ServiceError('keys_unavailable');
    };
    await expect(sealer.openToReseal(binding, seal)).rejects.toMatchObject({ code: 'keys_unavailable' });
    await expect(sealer.open(binding, seal)).resolves.toEqual(document);
  });
});

describe('the row of an ordinary API key', () => {
  it('stays below 1 KB, the unit of a write', async () => {
    const row = credential({
      userId: '0b8f5a52-9f0a-4d6e-8f39-5a4c9e1f7d21',
      id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      provider: 'openai',
      title: 'My OpenAI key',
      secretRev: '550e8400-e29b-41d4-a716-446655440000',
    });
    const { keys } = fakeDataKeys();
    const seal = await jweSealer(keys, clock, cryptoRandom).seal(sealContext(row), { apiKey: `sk-${'x'.repeat(48)}` });
    const key = { pk: `USER#${row.userId}`, sk: `CRED#${row.id}` };
    expect(itemSize({ ...key, ...credentialItem({ ...row, ...seal }) })).toBeLessThan(1024);
  });
});
