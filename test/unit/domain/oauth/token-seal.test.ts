// Encryption under the token of a state: only that token opens the text, and an earlier format still opens.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  newIv,
  openUnderToken,
  type SealedRow,
  sealUnderToken,
  type TokenKey,
} from '../../../../lib/domain/oauth/token-seal.ts';

const ROW: SealedRow = { userId: 'alice', provider: 'acme', kind: 'connection', expiresAt: 1000 };
const KEY: TokenKey = { secrets: ['token-1'], use: 'payload' };
const IV = new Uint8Array(12).fill(7);

const seal = (document: unknown, key = KEY, iv = IV) => sealUnderToken(key, ROW, { document, iv });

describe('sealUnderToken', () => {
  it('is opened by the same key and row', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const document = JSON.parse(json);
        expect(openUnderToken(KEY, ROW, seal(document))).toEqual(document);
      }),
    );
  });

  it('reveals nothing of the document', () => {
    const sealed = seal({ codeVerifier: 'canary' });
    expect(sealed).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('canary');
  });

  it('differs with the initialisation vector', () => {
    expect(seal({}, KEY, new Uint8Array(12).fill(8))).not.toBe(seal({}));
  });

  it('authenticates with the full tag of 16 bytes', () => {
    expect(Buffer.from(seal(''), 'base64url')).toHaveLength(12 + '""'.length + 16);
  });
});

describe('a seal of an earlier version', () => {
  it('opens', () => {
    expect(openUnderToken(KEY, ROW, 'BwcHBwcHBwcHBwcHcj-9jNuik6mxrzyRIhTrebNBkuq0gph8bHw5DcDgrnhXRb2u')).toEqual({
      codeVerifier: 'v',
    });
  });
});

describe('newIv', () => {
  it('is 12 random bytes', () => {
    expect(newIv((count) => new Uint8Array(count))).toHaveLength(12);
  });
});

describe('openUnderToken', () => {
  it.each<[string, TokenKey]>([
    ['another token', { ...KEY, secrets: ['token-2'] }],
    ['another use', { ...KEY, use: 'pending_code' }],
    ['an additional receipt', { ...KEY, secrets: ['token-1', 'receipt-1'] }],
    ['no secret', { ...KEY, secrets: [] }],
  ])('opens nothing under %s', (_, key) => {
    expect(openUnderToken(key, ROW, seal('x'))).toBeUndefined();
  });

  it('distinguishes two secrets from another split of the same text', () => {
    const sealed = seal('x', { secrets: ['ab', 'c'], use: 'pending_code' });
    expect(openUnderToken({ secrets: ['a', 'bc'], use: 'pending_code' }, ROW, sealed)).toBeUndefined();
  });

  it('requires token and receipt in this order', () => {
    const sealed = seal('x', { secrets: ['token', 'receipt'], use: 'pending_code' });
    expect(openUnderToken({ secrets: ['receipt', 'token'], use: 'pending_code' }, ROW, sealed)).toBeUndefined();
  });

  it.each<[string, Partial<SealedRow>]>([
    ['user', { userId: 'bob' }],
    ['provider', { provider: 'other' }],
    ['kind', { kind: 'device' }],
    ['expiry', { expiresAt: 1001 }],
  ])('opens nothing in a row with another %s', (_, other) => {
    expect(openUnderToken(KEY, { ...ROW, ...other }, seal('x'))).toBeUndefined();
  });

  it('opens nothing when any bit was changed', () => {
    const sealed = Buffer.from(seal({ a: 1 }), 'base64url');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(openUnderToken(KEY, ROW, changed.toString('base64url'))).toBeUndefined();
    }
  });

  it('opens nothing that was truncated to any length', () => {
    const sealed = Buffer.from(seal({ a: 1 }), 'base64url');
    for (let length = 0; length < sealed.length; length++) {
      expect(openUnderToken(KEY, ROW, sealed.subarray(0, length).toString('base64url'))).toBeUndefined();
    }
  });

  it('returns undefined for any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(openUnderToken(KEY, ROW, text)).toBeUndefined();
      }),
    );
  });
});
