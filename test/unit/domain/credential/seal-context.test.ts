// The seal context: every change of a field changes its hash, and the encryption context has a fixed form.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encryptionContext,
  hashSealContext,
  type IssuerClientSealContext,
  type UserSealContext,
} from '../../../../lib/domain/credential/seal-context.ts';

const binding: UserSealContext = {
  purpose: 'credential',
  userId: 'alice@example.com',
  credentialId: 'c1',
  provider: 'github',
  type: 'api_key',
  host: null,
  data: null,
  resource: null,
  secretRev: 'rev-1',
};

/** Texts that look alike once they are joined. */
const text = fc.oneof(fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', '\0', 'é', 'ь') }), fc.string());
const bindings = fc.record<UserSealContext>({
  purpose: fc.constantFrom('credential', 'managed'),
  userId: text,
  credentialId: text,
  provider: text,
  type: text,
  host: fc.option(text),
  data: fc.option(fc.dictionary(text, text, { maxKeys: 3 })),
  resource: fc.option(text),
  secretRev: text,
});

const others: [keyof UserSealContext, Partial<UserSealContext>][] = [
  ['purpose', { purpose: 'managed' }],
  ['userId', { userId: 'bob' }],
  ['credentialId', { credentialId: 'c2' }],
  ['provider', { provider: 'gitlab' }],
  ['type', { type: 'oauth2' }],
  ['host', { host: '' }],
  ['data', { data: {} }],
  ['data', { data: { shop: 'acme' } }],
  ['resource', { resource: '' }],
  ['resource', { resource: 'https://mcp.example' }],
  ['secretRev', { secretRev: 'rev-2' }],
];

describe('hashSealContext', () => {
  it('is a SHA-256 as base64url', () => {
    expect(hashSealContext(binding)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is the same for equal contexts in any order of fields', () => {
    const reversed = Object.fromEntries(Object.entries(binding).reverse()) as unknown as UserSealContext;
    expect(hashSealContext(reversed)).toBe(hashSealContext(binding));
  });

  it('is the same for equal data in any order, and of one form', () => {
    const names = ['b', 'a', 'd', 'c', '\u00e9', 'B'];
    const entries = names.map((name, index): [string, string] => [name, `${index}`]);
    const hashes = [entries, entries.toReversed(), entries.toSorted()].map((some) =>
      hashSealContext({ ...binding, data: Object.fromEntries(some) }),
    );
    expect(new Set(hashes).size).toBe(1);
    // What is stored stays readable only while the form stays as it is.
    expect(hashes[0]).toBe('NKkHNa6qHUex_POgybIKtt0kxDm-bA2llCif3qTF6Q0');
  });

  it.each(others)('differs for another %s', (_, other) => {
    expect(hashSealContext({ ...binding, ...other })).not.toBe(hashSealContext(binding));
  });

  it.each<[Partial<UserSealContext>, Partial<UserSealContext>]>([
    [
      { userId: 'ab', credentialId: 'c' },
      { userId: 'a', credentialId: 'bc' },
    ],
    [
      { userId: 'a","b', credentialId: 'c' },
      { userId: 'a', credentialId: 'b","c' },
    ],
    [{ host: null }, { host: 'null' }],
    [{ userId: 'é' }, { userId: 'e\u0301' }],
    [{ userId: '\ud800' }, { userId: '\ufffd' }],
  ])('differs between %j and %j', (one, other) => {
    expect(hashSealContext({ ...binding, ...one })).not.toBe(hashSealContext({ ...binding, ...other }));
  });

  it('is equal only for equal contexts', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(bindings, (one) => {
        const whole = JSON.stringify(others.map(([name]) => one[name]));
        const earlier = seen.get(hashSealContext(one));
        seen.set(hashSealContext(one), whole);
        if (earlier !== undefined) expect(earlier).toBe(whole);
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBeGreaterThan(1000);
  });
});

describe('encryptionContext', () => {
  it('holds the credential, the purpose and a hash of the user', () => {
    expect(encryptionContext(binding)).toEqual({
      user: expect.stringMatching(/^[0-9a-f]{64}$/),
      credentialId: 'c1',
      purpose: 'credential',
    });
  });

  it('does not contain the user id', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6 }), (userId) => {
        const context = encryptionContext({ ...binding, userId });
        expect(Object.values(context).some((value) => value.includes(userId))).toBe(false);
      }),
    );
  });

  it.each([{ userId: 'bob' }, { credentialId: 'c2' }, { purpose: 'managed' as const }])('differs for %j', (other) => {
    expect(encryptionContext({ ...binding, ...other })).not.toEqual(encryptionContext(binding));
  });
});

const client: IssuerClientSealContext = {
  purpose: 'issuer_client',
  issuer: 'https://auth.example',
  redirectUri: 'https://keyhold.example/v1/oauth/callback',
  clientId: 'client-1',
  origins: ['https://auth.example', 'https://token.example'],
  secretRev: 'rev-1',
};

describe('the context of a registered client', () => {
  it.each<Partial<IssuerClientSealContext>>([
    { issuer: 'https://auth.example/' },
    { redirectUri: 'https://app.example/oauth/callback' },
    { clientId: 'client-2' },
    { origins: ['https://auth.example'] },
    { secretRev: 'rev-2' },
  ])('has another hash with %j', (other) => {
    expect(hashSealContext({ ...client, ...other })).not.toBe(hashSealContext(client));
  });

  it('has an encryption context of its own form, which no user secret has', () => {
    expect(encryptionContext(client)).toEqual({
      issuer: expect.stringMatching(/^[0-9a-f]{64}$/),
      purpose: 'issuer_client',
    });
    expect(Object.keys(encryptionContext(client))).not.toEqual(Object.keys(encryptionContext(binding)));
  });
});

describe('the context of what was read of an issuer', () => {
  const metadata = { purpose: 'issuer_metadata', issuer: client.issuer } as const;

  it('has another hash for another issuer, and than a client of the issuer', () => {
    const others = [{ ...metadata, issuer: `${client.issuer}/` }, client];
    for (const other of others) expect(hashSealContext(other)).not.toBe(hashSealContext(metadata));
  });

  it('has the encryption context of an issuer, of a purpose of its own', () => {
    expect(encryptionContext(metadata)).toEqual({ ...encryptionContext(client), purpose: 'issuer_metadata' });
  });
});
