// Who calls, on each plane: the user id, the refusals, and the caller's name in the log.
import { describe, expect, it } from 'vitest';
import { encodeUserSegment } from '../../../lib/domain/values/user-path.ts';
import { describeRequester, identifyUser } from '../../../lib/http/chain/caller.ts';
import { GatewayRefusal } from '../../../lib/http/chain/gateway-refusal.ts';
import type { Plane } from '../../../lib/http/routes/route.ts';
import { asUser, asWorker, httpEvent } from '../../support/builders.ts';

const identify = (plane: Plane, authorizer: object | undefined, params?: Record<string, string>): unknown => {
  try {
    return identifyUser({ plane }, httpEvent({ ...(authorizer && { authorizer }), ...(params && { params }) }));
  } catch (error) {
    if (error instanceof GatewayRefusal) return error.status;
    return (error as { code?: unknown }).code;
  }
};

describe.each<Plane>(['public', 'link'])('identifyUser on the %s plane', (plane) => {
  it.each([undefined, asUser('alice'), asWorker()])('answers an empty user id for any authorizer: %j', (authorizer) => {
    expect(identify(plane, authorizer, { userId: 'alice' })).toBe('');
  });
});

describe('identifyUser on the user plane', () => {
  it.each(['alice', 'a'.repeat(256), 'alice@example.com', 'auth0|1', 'ä/ö%2f#', '~YQ', '.', '🔑'.repeat(256)])(
    'takes the claim sub as it is: %s',
    (sub) => {
      expect(identify('user', asUser(sub))).toBe(sub);
    },
  );

  it.each(['', 'a'.repeat(257), '\ud800', 5, null, ['alice'], { sub: 'alice' }])('refuses the sub %j', (sub) => {
    expect(identify('user', asUser(sub))).toBe('invalid_request');
  });

  it('refuses a token without sub', () => {
    expect(identify('user', { jwt: { claims: {}, scopes: null } })).toBe('invalid_request');
  });

  it.each([undefined, {}, { jwt: {} }, asWorker(), { claims: { sub: 'alice' } }, { lambda: { sub: 'alice' } }])(
    'refuses with 401 without a JWT: %j',
    (authorizer) => {
      expect(identify('user', authorizer)).toBe(401);
    },
  );

  it('never takes the user from the path', () => {
    expect(identify('user', asUser('alice'), { userId: 'mallory' })).toBe('alice');
  });
});

describe('identifyUser on the runtime plane', () => {
  it.each(['alice', 'a.b_c-9', 'alice@example.com', 'ä/ö', '~', '..', 'a'.repeat(256)])(
    'reads %s from the path',
    (id) => {
      expect(identify('runtime', asWorker(), { userId: encodeUserSegment(id) ?? '' })).toBe(id);
    },
  );

  it.each([
    ['~YWxpY2U', 'alice'],
    ['~Lg', '.'],
  ])('reads %s from the path as %s', (segment, userId) => {
    expect(identify('runtime', asWorker(), { userId: segment })).toBe(userId);
  });

  it.each([
    ['a@b.c', '~YUBiLmM'],
    ['~YUBiLmM=', '~YUBiLmM'],
    ['~', '~fg'],
  ])('shows the right spelling of %s', (segment, suggestion) => {
    const event = httpEvent({ authorizer: asWorker(), params: { userId: segment } });
    const refused = expect.objectContaining({ detail: expect.stringMatching(new RegExp(`write ${suggestion}$`)) });
    expect(() => identifyUser({ plane: 'runtime' }, event)).toThrow(refused);
  });

  it('shows no spelling for a segment that is too long for a user id', () => {
    const event = httpEvent({ authorizer: asWorker(), params: { userId: 'a'.repeat(257) } });
    const refused = expect.objectContaining({ detail: expect.stringMatching(/unpadded$/) });
    expect(() => identifyUser({ plane: 'runtime' }, event)).toThrow(refused);
  });

  it.each(['', 'a@b', 'a%20b', 'a b', 'ä', '~', '~YWxpY2VA=', '~$$$', '..', '.', '~gA', 'a'.repeat(257)])(
    'refuses the spelling %j',
    (segment) => {
      expect(identify('runtime', asWorker(), { userId: segment })).toBe('invalid_request');
    },
  );

  it('answers an empty user id for a path without one', () => {
    expect(identify('runtime', asWorker())).toBe('');
  });

  it.each([undefined, {}, asUser('alice'), { iam: null }])('refuses with 403 without a signature: %j', (authorizer) => {
    expect(identify('runtime', authorizer, { userId: 'alice' })).toBe(403);
  });

  it('checks the signature before the path', () => {
    expect(identify('runtime', undefined, { userId: '%%%' })).toBe(403);
  });
});

describe('the refusal of a caller', () => {
  it.each<[Plane, string]>([
    ['user', 'Unauthorized'],
    ['runtime', 'Forbidden'],
  ])('on the plane %s says %s, as API Gateway does', (plane, message) => {
    const refused = expect.objectContaining({ name: 'GatewayRefusal', message });
    expect(() => identifyUser({ plane }, httpEvent({}))).toThrow(refused);
  });

  it.each<[Plane, object, Record<string, string>]>([
    ['user', asUser(''), {}],
    ['runtime', asWorker(), { userId: '%' }],
  ])('on the plane %s with a malformed user id is a violation at #', (plane, authorizer, params) => {
    const violation = expect.objectContaining({ errors: [{ pointer: '#', detail: expect.any(String) }] });
    expect(() => identifyUser({ plane }, httpEvent({ authorizer, params }))).toThrow(violation);
  });
});

describe('describeRequester', () => {
  const KEY = 'the-key-of-the-log';
  const describeWorker = (userArn: unknown, params?: Record<string, string>) =>
    describeRequester(
      { plane: 'runtime' },
      httpEvent({ authorizer: { iam: { userArn } }, ...(params && { params }) }),
      { userLogKey: KEY },
    );

  it.each([
    ['arn:aws:sts::111122223333:assumed-role/Worker/ada@example.com', 'arn:aws:sts::111122223333:assumed-role/Worker'],
    ['arn:aws-cn:sts::111122223333:assumed-role/a_b/i-0123', 'arn:aws-cn:sts::111122223333:assumed-role/a_b'],
    ['arn:aws:iam::111122223333:user/team/ada', 'arn:aws:iam::111122223333:user/team/ada'],
    ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root'],
    ['xarn:aws:iam::111122223333:user/ada', undefined],
    ['arn:aws:iam::111122223333:rooted', undefined],
    ['canary', undefined],
    [undefined, undefined],
    [{ a: 1 }, undefined],
  ])('of %j names the caller %s, without its session', (userArn, caller) => {
    expect(describeWorker(userArn)).toStrictEqual(caller === undefined ? {} : { caller });
  });

  it('takes nothing else of the signature', () => {
    const iam = {
      userArn: 'arn:aws:iam::111122223333:user/a',
      accessKey: 'canary',
      userId: 'canary',
      callerId: 'canary',
    };
    const described = describeRequester({ plane: 'runtime' }, httpEvent({ authorizer: { iam } }), { userLogKey: KEY });
    expect(JSON.stringify(described)).not.toContain('canary');
  });

  it('hashes the user of the token and of the path alike, under the key', () => {
    const ofToken = describeRequester({ plane: 'user' }, httpEvent({ authorizer: asUser('ä/ö') }), {
      userLogKey: KEY,
    }).user;
    expect(describeWorker('', { userId: encodeUserSegment('ä/ö') ?? '' }).user).toBe(ofToken);
    expect(ofToken).toMatch(/^[0-9a-f]{64}$/);
    expect(describeWorker('', { userId: 'alice' }).user).not.toBe(ofToken);
    const other = describeRequester({ plane: 'user' }, httpEvent({ authorizer: asUser('ä/ö') }), {
      userLogKey: `${KEY}2`,
    }).user;
    expect(other).not.toBe(ofToken);
  });

  it('hashes the user of a link, whatever the request says', () => {
    const log = { userLogKey: KEY, userOfLink: 'alice' };
    const { user } = describeRequester({ plane: 'user' }, httpEvent({ authorizer: asUser('alice') }), {
      userLogKey: KEY,
    });
    expect(describeRequester({ plane: 'link' }, httpEvent({ authorizer: asUser('mallory') }), log)).toEqual({ user });
  });

  it.each([
    ['user', {}],
    ['link', asUser('alice')],
    ['user', asUser('')],
    ['runtime', asWorker()],
    ['public', asUser('alice')],
  ] as const)('has no user where the request names none: %s %j', (plane, authorizer) => {
    expect(describeRequester({ plane }, httpEvent({ authorizer }), { userLogKey: KEY })).not.toHaveProperty('user');
  });
});
