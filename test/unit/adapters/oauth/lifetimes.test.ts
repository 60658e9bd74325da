// How long tokens are valid, by every name and form that providers use.
import { describe, expect, it } from 'vitest';
import {
  ACCESS_TOKEN_NAMES,
  REFRESH_TOKEN_NAMES,
  readLifetime,
} from '../../../../lib/adapters/oauth/replies/lifetimes.ts';

const NOW = Date.UTC(2030, 0, 1);
const HOUR_LATER = NOW / 1000 + 3600;

const read = (fields: Record<string, unknown>) => readLifetime(fields, ACCESS_TOKEN_NAMES, NOW);

describe('the lifetime of an access token', () => {
  it.each<[string, Record<string, unknown>]>([
    ['seconds', { expires_in: 3600 }],
    ['seconds by another name', { expiresIn: '3600' }],
    ['seconds of the access token', { access_token_expires_in: 3600 }],
    ['epoch seconds', { expires_at: HOUR_LATER }],
    ['epoch seconds as text', { expires_at: `${HOUR_LATER}` }],
    ['epoch seconds with a fraction', { expires_at: HOUR_LATER + 0.9 }],
    ['epoch milliseconds', { expiry_date: HOUR_LATER * 1000 }],
    ['epoch milliseconds as text', { expiresAt: `${HOUR_LATER * 1000}` }],
    ['a timestamp', { expires_at: '2030-01-01T01:00:00Z' }],
    ['a timestamp with milliseconds', { expires_at: '2030-01-01T01:00:00.000Z' }],
    ['a timestamp with an offset', { expires_at: '2030-01-01T03:00:00+02:00' }],
    ['a timestamp with an offset without colon', { expires_at: '2030-01-01T03:00:00+0200' }],
    ['a timestamp without an offset', { expiration: '2030-01-01T01:00:00' }],
    ['a timestamp with a space', { expiry: '2030-01-01 01:00:00' }],
    ['a timestamp in UTC by name', { expiry: '2030-01-01 01:00:00 UTC' }],
    ['a date of HTTP', { expires: 'Tue, 01 Jan 2030 01:00:00 GMT' }],
    ['expires as a time', { expires: HOUR_LATER }],
    ['expires as seconds', { expires: 3600 }],
    ['expires_on of Azure', { expires_on: `${HOUR_LATER}` }],
    ['a date in expires_in', { expires_in: '2030-01-01T01:00:00Z' }],
    ['seconds before a time', { expires_in: 3600, expires_at: HOUR_LATER + 5 }],
    ['a time where the seconds are not usable', { expires_in: 'soon', expires_at: HOUR_LATER }],
    ['a time where the seconds are zero', { expires_in: 0, expires_at: HOUR_LATER }],
    ['the second time where the first is not usable', { expires_at: 'never', expiry: HOUR_LATER }],
  ])('is read from %s', (_, fields) => {
    expect(read(fields)).toBe(3600);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['a time in the past', { expires_at: NOW / 1000 - 1 }],
    ['now', { expires_at: NOW / 1000 }],
    ['a time beyond a hundred years', { expires_at: '2131-01-01T00:00:00Z' }],
    ['a number too small for a time', { expires_at: 3600 }],
    ['an infinite time', { expires_at: 1e308 }],
    ['a negative time', { expires_at: -HOUR_LATER }],
    ['a date without a time', { expires_at: '2030-01-02' }],
    ['a date that does not exist', { expires_at: '2030-13-41T01:00:00Z' }],
    ['a date in words', { expires_at: 'tomorrow' }],
    ['a list', { expires_at: [HOUR_LATER] }],
    ['an object', { expires_at: {} }],
    ['null', { expires_at: null }],
    ['a time in expires_in', { expires_in: 4e12 }],
    ['the lifetime that Azure extends in an outage', { ext_expires_in: 3600 }],
  ])('is not read from %s', (_, fields) => {
    expect(read(fields)).toBeUndefined();
  });
});

describe('the lifetime of a refresh token', () => {
  it.each<[string, unknown]>([
    ['refresh_token_expires_in', 3600],
    ['refresh_expires_in', 3600],
    ['x_refresh_token_expires_in', 3600],
    ['refreshTokenExpiresIn', '3600'],
    ['refresh_token_expires_at', HOUR_LATER],
    ['refreshTokenExpiresAt', '2030-01-01T01:00:00Z'],
    ['refresh_token_expires_in', '2030-01-01T01:00:00Z'],
  ])('is read from %s: %j', (name, value) => {
    expect(readLifetime({ [name]: value }, REFRESH_TOKEN_NAMES, NOW)).toBe(3600);
  });

  it('is not that of the access token', () => {
    expect(readLifetime({ expires_at: HOUR_LATER, expires: 60 }, REFRESH_TOKEN_NAMES, NOW)).toBeUndefined();
  });
});
