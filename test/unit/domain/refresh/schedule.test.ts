// When the sweep renews a credential, and which credentials it leaves out.
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { dueShards, planRenewal, toDay } from '../../../../lib/domain/refresh/schedule.ts';
import { credential, MINUTE, START } from '../../../support/builders.ts';

const DAY = 86_400_000;
const HOUR = 60 * MINUTE;
const LEAD = 15 * MINUTE;

const at = (given: Partial<StoredCredential>, fraction = 0, now = START): number | null => {
  const grant = { ...credential(), type: 'oauth2', hasRefreshToken: true, usedDay: toDay(now), ...given } as const;
  return planRenewal(grant, now, { refreshLeadSeconds: LEAD / 1000, fraction })?.dueAt ?? null;
};

describe('planRenewal', () => {
  it.each<[string, Partial<StoredCredential>, number | null]>([
    ['a grant in use by the lead before its token expires', { expiresAt: START + HOUR }, START + HOUR - LEAD],
    ['a short-lived grant in use by half the lifetime of its token', { expiresAt: START + MINUTE }, START + MINUTE / 2],
    ['a grant used six days ago', { expiresAt: START + HOUR, usedDay: toDay(START) - 6 }, START + HOUR - LEAD],
    ['no grant used seven days ago', { expiresAt: START + HOUR, usedDay: toDay(START) - 7 }, null],
    ['no grant never used whose refresh token has no expiry', { expiresAt: START + HOUR, usedDay: null }, null],
    ['a grant never used one day before its refresh token expires', unused(30 * DAY), START + 29 * DAY],
    ['a grant never used by half the rest of a refresh token expiring soon', unused(4 * HOUR), START + 2 * HOUR],
    ['no grant never used whose refresh token has almost expired', unused(HOUR), null],
    [
      'a grant by the earlier expiry of its two tokens',
      { expiresAt: START + HOUR, refreshTokenExpiresAt: START + 30 * DAY },
      START + HOUR - LEAD,
    ],
    ['no grant that never expires', { expiresAt: null }, null],
    ['no grant without a refresh token', { expiresAt: START + HOUR, hasRefreshToken: false }, null],
    ['no grant marked reconnect_required', { expiresAt: START + HOUR, brokenReason: 'invalid_grant' }, null],
    ['no API key', { expiresAt: START + HOUR, type: 'api_key' }, null],
  ])('schedules %s', (_, given, dueAt) => {
    expect(at(given)).toBe(dueAt);
  });

  it('is spread by half the lead, earlier and never later', () => {
    const given = { expiresAt: START + HOUR };
    expect([at(given, 0), at(given, 0.5), at(given, 1)]).toEqual(
      [1, 1.25, 1.5].map((times) => START + HOUR - times * LEAD),
    );
  });

  it('is spread over all shards, and always the same one for a grant', () => {
    const readShard = (id: string) => {
      const grant = { ...credential({ id }), type: 'oauth2', hasRefreshToken: true, usedDay: toDay(START) } as const;
      return planRenewal({ ...grant, expiresAt: START + HOUR }, START, { refreshLeadSeconds: 900, fraction: 0 })
        ?.dueShard;
    };
    const ids = Array.from({ length: 400 }, (_, index) => `c${index}`);
    expect(new Set(ids.map(readShard)).size).toBe(dueShards.length);
    expect(ids.map(readShard)).toEqual(ids.map(readShard));
  });
});

function unused(life: number): Partial<StoredCredential> {
  return { expiresAt: START + HOUR, usedDay: null, refreshTokenExpiresAt: START + life };
}
