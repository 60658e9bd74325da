import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hashToken,
  isExpired,
  openPayload,
  STATE_TOKEN,
  type StatePayload,
  type StateRow,
  sealPayload,
} from '../../../lib/domain/oauth-state.ts';

const TOKEN = 'A'.repeat(43);
const payload: StatePayload = {
  codeVerifier: 'canary-verifier',
  scopes: ['canary-scope'],
  callbackUrl: 'https://canary.example/cb',
  metadata: { canary: ['canary'] },
  initiatedByApiKeyId: 'canary-key',
};

const binding = { userId: 'alice', provider: 'github', expiresAt: 1_900_000_600_000 };
const iv = () => new Uint8Array(randomBytes(12));

const row = (given: Partial<StateRow> = {}): StateRow => ({
  ...binding,
  tokenHash: hashToken(TOKEN),
  sealed: sealPayload(TOKEN, binding, { payload, iv: iv() }),
  erasures: 0,
  window: 0,
  usedBy: null,
  createdAt: 1_900_000_000_000,
  ...given,
});

describe('openPayload', () => {
  it('opens what was sealed under the token', () => {
    expect(openPayload(TOKEN, row())).toEqual(payload);
  });

  it('opens whatever of the row is no part of the binding', () => {
    expect(openPayload(TOKEN, row({ usedBy: 'op', window: 7, erasures: 3, tokenHash: 'x', createdAt: 1 }))).toEqual(
      payload,
    );
  });

  it.each<[string, Partial<StateRow>]>([
    ['user', { userId: 'mallory' }],
    ['provider', { provider: 'gitlab' }],
    ['expiry', { expiresAt: binding.expiresAt + 1 }],
    ['pair of user and provider', { userId: 'alice","github', provider: 'x' }],
  ])('does not open a row of another %s', (_, moved) => {
    expect(openPayload(TOKEN, row(moved))).toBeNull();
  });

  it.each(['B'.repeat(43), '', TOKEN.slice(1), `${TOKEN} `, hashToken(TOKEN)])(
    'does not open under the token %j',
    (token) => {
      expect(openPayload(token, row())).toBeNull();
    },
  );

  it.each(['', 'A', 'AAAA', 'A'.repeat(37), '{}', 'not base64url!'])(
    'gives null for a seal that is none: %j',
    (sealed) => {
      expect(openPayload(TOKEN, row({ sealed }))).toBeNull();
    },
  );

  it('does not open when any one bit is changed', () => {
    const whole = row();
    const bytes = Buffer.from(whole.sealed, 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openPayload(TOKEN, { ...whole, sealed: changed.toString('base64url') })).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('does not open with the tag cut short', () => {
    const bytes = Buffer.from(row().sealed, 'base64url');
    for (const cut of [1, 4, 12]) {
      expect(openPayload(TOKEN, row({ sealed: bytes.subarray(0, -cut).toString('base64url') }))).toBeNull();
    }
  });

  it('gives null for a document that is no payload', () => {
    const wrong = { payload: { codeVerifier: 5 } as unknown as StatePayload, iv: iv() };
    expect(openPayload(TOKEN, row({ sealed: sealPayload(TOKEN, binding, wrong) }))).toBeNull();
  });
});

describe('sealPayload', () => {
  it('shows nothing of the payload', () => {
    const text = Buffer.from(row().sealed, 'base64url').toString('latin1');
    expect(text).not.toContain('canary');
  });

  it('is another for another iv', () => {
    expect(row().sealed).not.toBe(row().sealed);
  });
});

describe('hashToken', () => {
  it('shows nothing of the token', () => {
    expect(hashToken(TOKEN)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(hashToken(TOKEN)).not.toContain('AAAA');
    expect(hashToken(TOKEN)).not.toBe(hashToken('B'.repeat(43)));
  });
});

describe('STATE_TOKEN', () => {
  it.each([
    '',
    'A'.repeat(42),
    'A'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(42)}+`,
    `${TOKEN}\n`,
    `${'A'.repeat(42)}é`,
  ])('does not fit %j', (text) => {
    expect(STATE_TOKEN.test(text)).toBe(false);
  });
});

describe('isExpired', () => {
  it.each([
    [1000, 999, false],
    [1000, 1000, true],
    [1000, 1001, true],
    [null, 9e15, false],
    [0, 0, true],
  ])('of %j at %i: %s', (expiresAt, now, expired) => {
    expect(isExpired(expiresAt, now)).toBe(expired);
  });
});
