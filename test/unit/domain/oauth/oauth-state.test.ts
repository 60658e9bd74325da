// The token of an OAuth state, its hash, and the schema of its row.
import { describe, expect, it } from 'vitest';
import { hashToken, STATE_TOKEN, StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import { isExpired } from '../../../../lib/domain/values/expiry.ts';
import { stateRow } from '../../../support/table/stored.ts';

const TOKEN = 'A'.repeat(43);

describe('hashToken', () => {
  it('reveals nothing of the token', () => {
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
  ])('does not match %j', (text) => {
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

describe('StateRow', () => {
  it.each([
    { kind: 'external' },
    { kind: 'connection', pendingCode: 'sealed-code', receiptHash: 'hash', deniedAt: 5 },
    { kind: 'device', pollAfter: 7, pollSeconds: 5, outcome: 'denied' },
    { kind: 'device', usedBy: 'operation-1', outcome: 'expired', credentialId: 'c1' },
  ] as const)('parses what was stored: %j', (given) => {
    const row = stateRow({ userId: 'alice', ...given });
    expect(StateRow.parse(row)).toEqual(row);
  });

  it.each([{ kind: '' }, { kind: 'other' }, { outcome: '' }, { pollSeconds: 0 }, { createdAt: -1 }, { window: 0.5 }])(
    'refuses %j',
    (given) => {
      expect(StateRow.safeParse({ ...stateRow({ userId: 'alice' }), ...given }).success).toBe(false);
    },
  );
});
