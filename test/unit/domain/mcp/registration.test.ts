// The answer of a registration: what of it is used, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReason } from '../../../../lib/domain/mcp/not-connectable.ts';
import {
  endOfFormerClient,
  endOfUnused,
  isEnded,
  isForgotten,
  isForgottenSoon,
  isReplacementDue,
} from '../../../../lib/domain/mcp/registered-client.ts';
import { type AskedRegistration, type NewClient, readRegistration } from '../../../../lib/domain/mcp/registration.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';

const NOW = Date.UTC(2030, 0, 1);
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const asked = (given: Partial<AskedRegistration> = {}): AskedRegistration => ({
  redirectUri: REDIRECT,
  clientAuth: 'client_secret_basic',
  now: NOW,
  ...given,
});

const show = ({ clientSecret, ...client }: NewClient) => ({ ...client, clientSecret: clientSecret?.expose() ?? null });

const read = (document: unknown, given: Partial<AskedRegistration> = {}) =>
  show(readRegistration(document, asked(given)));

const refusal = (document: unknown, given: Partial<AskedRegistration> = {}): unknown => {
  try {
    return read(document, given);
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    expect((error as ServiceError).members.step).toBe('registration');
    return readReason(error);
  }
};

describe('a registered client', () => {
  it('has the id, the secret and its end as the server says', () => {
    const seconds = NOW / 1000 + 86_400 * 30;
    const answer = { client_id: 'c1', client_secret: 's1', client_secret_expires_at: seconds };
    expect(read({ ...answer, redirect_uris: [REDIRECT], client_name: 'Keyhold', other: {} })).toEqual({
      clientId: 'c1',
      clientAuth: 'client_secret_basic',
      clientSecret: 's1',
      expiresAt: seconds * 1000,
    });
  });

  it.each([0, undefined, null])('has a secret without an end where the server says %s', (end) => {
    expect(read({ client_id: 'c1', client_secret: 's1', client_secret_expires_at: end }).expiresAt).toBeNull();
  });

  it.each([undefined, null, ''])(
    'without a secret (%j) is a public one, whatever method the server names',
    (secret) => {
      for (const method of [undefined, 'none', 'client_secret_basic', 'client_secret_post']) {
        const answer = { client_id: 'c1', client_secret: secret, token_endpoint_auth_method: method };
        expect(read({ ...answer, client_secret_expires_at: NOW / 1000 + 60 })).toEqual({
          clientId: 'c1',
          clientAuth: 'none',
          clientSecret: null,
          expiresAt: null,
        });
      }
    },
  );

  it('authenticates as the server says in place of what was asked for', () => {
    const answer = { client_id: 'c1', client_secret: 's1', token_endpoint_auth_method: 'client_secret_post' };
    expect(read(answer).clientAuth).toBe('client_secret_post');
    expect(read(answer, { clientAuth: 'none' }).clientAuth).toBe('client_secret_post');
  });

  it('sends no secret where its method is none', () => {
    const answer = { client_id: 'c1', client_secret: 's1', token_endpoint_auth_method: 'none' };
    expect(read(answer)).toMatchObject({ clientAuth: 'none', clientSecret: null });
  });
});

describe('an answer that cannot be used', () => {
  it.each<[unknown, string]>([
    [null, 'invalid_registration'],
    [[], 'invalid_registration'],
    ['c1', 'invalid_registration'],
    [{}, 'invalid_registration'],
    [{ client_id: '' }, 'invalid_registration'],
    [{ client_id: 7 }, 'invalid_registration'],
    [{ client_id: 'a\nb' }, 'invalid_registration'],
    [{ client_id: 'é' }, 'invalid_registration'],
    [{ client_id: 'c'.repeat(2049) }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 'a\r\nb' }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 's'.repeat(4097) }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 1 }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 's1', client_secret_expires_at: -1 }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 's1', client_secret_expires_at: 1e300 }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 's1', client_secret_expires_at: 'soon' }, 'invalid_registration'],
    [{ client_id: 'c1', client_secret: 's1', client_secret_expires_at: NOW / 1000 }, 'invalid_registration'],
    [{ client_id: 'c1', redirect_uris: [] }, 'redirect_uri_refused'],
    [{ client_id: 'c1', redirect_uris: [`${REDIRECT}/`] }, 'redirect_uri_refused'],
    [{ client_id: 'c1', token_endpoint_auth_method: 'private_key_jwt' }, 'client_auth_unsupported'],
    [
      { client_id: 'c1', client_secret: 's', token_endpoint_auth_method: 'client_secret_jwt' },
      'client_auth_unsupported',
    ],
  ])('%j is refused as %s', (answer, reason) => {
    expect(refusal(answer)).toBe(reason);
  });

  it('never breaks out of the fixed reasons, and no client has an empty secret, for any answer', () => {
    const member = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant('none'), fc.array(fc.string()));
    const names = [
      'client_id',
      'client_secret',
      'client_secret_expires_at',
      'token_endpoint_auth_method',
      'redirect_uris',
    ];
    const answers = fc.record(Object.fromEntries(names.map((name) => [name, member])), { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(answers, fc.jsonValue()), (answer) => {
        const result = refusal(answer);
        if (typeof result === 'string')
          return ['invalid_registration', 'redirect_uri_refused', 'client_auth_unsupported'].includes(result);
        const { clientSecret, clientAuth } = result as ReturnType<typeof show>;
        return (clientSecret === null) === (clientAuth === 'none') && clientSecret !== '';
      }),
    );
  });
});

describe('the life of a registered client', () => {
  const client = (life: number) => ({ createdAt: NOW, expiresAt: NOW + life, refusedAt: null });

  it('has no end without one', () => {
    const forever = { createdAt: NOW, expiresAt: null, refusedAt: null };
    expect([isEnded(forever, NOW + 1000 * DAY), isReplacementDue(forever, NOW + 1000 * DAY)]).toEqual([false, false]);
  });

  it.each([
    [90 * DAY, 89 * DAY],
    [2 * DAY, DAY],
    [HOUR, HOUR / 2],
  ])('of %i ms is replaced after %i ms', (life, age) => {
    expect(isReplacementDue(client(life), NOW + age - 1)).toBe(false);
    expect(isReplacementDue(client(life), NOW + age)).toBe(true);
    expect(isEnded(client(life), NOW + life - 1)).toBe(false);
    expect(isEnded(client(life), NOW + life)).toBe(true);
  });

  it('ends where its server refuses it, ten minutes after it was made at the earliest, whatever the clocks say', () => {
    const refused = { createdAt: NOW, expiresAt: null, refusedAt: NOW + 1 };
    const MINUTE = HOUR / 60;
    expect([1, 10 * MINUTE - 1, 10 * MINUTE, 1000 * DAY].map((age) => isReplacementDue(refused, NOW + age))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(isReplacementDue(refused, NOW - 10 * MINUTE)).toBe(true);
    expect(isEnded(refused, NOW + 1000 * DAY)).toBe(false);
  });

  it('goes on as a former client’s until a month after the end of its secret', () => {
    expect(endOfFormerClient({ expiresAt: NOW, unusedUntil: null })).toBe(NOW + 30 * DAY);
    expect(endOfFormerClient({ expiresAt: NOW, unusedUntil: NOW + 1 })).toBe(NOW + 30 * DAY);
    expect(endOfFormerClient({ expiresAt: null, unusedUntil: null })).toBeNull();
  });
});

describe('a client without a connection', () => {
  const unusedUntil = endOfUnused(NOW);

  it('is kept for thirty days, and counts as removed from their end on', () => {
    expect(unusedUntil).toBe(NOW + 30 * DAY);
    expect([unusedUntil - 1, unusedUntil].map((now) => isForgotten({ unusedUntil }, now))).toEqual([false, true]);
  });

  it('starts no flow in the second half of them', () => {
    const half = NOW + 15 * DAY;
    expect([half, half + 1].map((now) => isForgottenSoon({ unusedUntil }, now))).toEqual([false, true]);
  });

  it('is kept without an end once it has one', () => {
    expect([isForgotten, isForgottenSoon].map((ask) => ask({ unusedUntil: null }, NOW))).toEqual([false, false]);
  });
});
