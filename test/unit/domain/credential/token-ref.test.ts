// The names of tokens: stable, different for different tokens and owners, and made of nothing secret.
import { describe, expect, it } from 'vitest';
import { storedTokenRef, systemTokenRef } from '../../../../lib/domain/credential/token-ref.ts';
import { sha256 } from '../../../../lib/domain/values/digest.ts';

const TOKEN = { userId: 'alice', id: 'c1', secretRev: 'rev-1', accessRev: null };

describe('the name of a stored token', () => {
  it('is the same each time, and stays while a new sealing holds the same token', () => {
    const ref = storedTokenRef(TOKEN);
    expect(storedTokenRef({ ...TOKEN })).toBe(ref);
    expect(storedTokenRef({ ...TOKEN, secretRev: 'rev-2', accessRev: 'rev-1' })).toBe(ref);
    expect(ref).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['another secret', { secretRev: 'rev-2' }],
    ['another credential', { id: 'c2' }],
    ['another user', { userId: 'bob' }],
    ['a different split of the same text', { userId: 'alicec', id: '1' }],
  ])('differs for %s', (_, given) => {
    expect(storedTokenRef({ ...TOKEN, ...given })).not.toBe(storedTokenRef(TOKEN));
  });
});

describe('the name of a system key', () => {
  it('is the same in every process, and differs for another key or credential', () => {
    const ref = systemTokenRef('s1', { apiKey: 'key' });
    expect(systemTokenRef('s1', { apiKey: 'key' })).toBe(ref);
    expect(systemTokenRef('s1', { apiKey: 'other' })).not.toBe(ref);
    expect(systemTokenRef('s2', { apiKey: 'key' })).not.toBe(ref);
  });

  it('is no plain digest of the key', () => {
    const document = { apiKey: 'key' };
    const digests = ['key', JSON.stringify(document), 's1', `s1${JSON.stringify(document)}`].map((text) =>
      sha256(text, 'hex'),
    );
    expect(digests).not.toContain(systemTokenRef('s1', document));
  });
});
