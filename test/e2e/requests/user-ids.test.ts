// User ids are any Unicode: each is one user on both planes, may always be written `~` + base64url in a path, plain where it is made
// of unreserved characters, and any other spelling is a 400 that shows the right one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, ISSUER } from '../../../local/identity/token-issuer.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';

const MINE = '/v1/me/credentials';
const apiKey = { type: 'api_key', provider: 'openai', apiKey: 'k' };

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold();
});
afterAll(() => keyhold.stop());

const encoded = (userId: string) => `~${Buffer.from(userId).toString('base64url')}`;

/** Distinct users. Decoding an id once too often, or normalizing it, would take one for another. */
const USERS = [
  ...[
    'a/b',
    'a#b',
    'a%23b',
    'a%2Fb',
    'a%2523b',
    'a b',
    'a+b',
    'a?b',
    'a&b',
    'a=b',
    'a;b',
    'a\\b',
    'a"b',
    "a'b",
    'a{b}',
  ],
  ...[
    '.',
    '..',
    './a',
    '~',
    '~YQ',
    '%',
    '%%',
    '#',
    '/',
    ' ',
    '  ',
    'A/B',
    '\0',
    'a\0',
    'a\0b',
    '\n',
    '\t',
    '\x7f',
    '\u2028',
  ],
  ...[
    'é',
    'e\u0301',
    'É',
    'ß',
    'ẞ',
    'ﬀ',
    'ＡＢ',
    '\u200b',
    '\ufeff',
    'a\ufeff',
    '\u202ea',
    '\ufffd',
    '\uffff',
    '🔑',
    '👩‍👩‍👧',
    '𝒜',
  ],
  ...[
    '[object Object]',
    'a@example.com',
    'auth0|123',
    'USER#alice',
    '[a,b]',
    'null,',
    '🔑'.repeat(256),
    'é'.repeat(256),
  ],
];
const PLAIN = [
  'alice',
  'Alice',
  'ALICE',
  'a.b',
  '...',
  '-',
  '_',
  '0',
  '__proto__',
  'constructor',
  'null',
  'me',
  'x'.repeat(256),
];
const everybody = [...USERS.map((id) => [id, encoded(id)] as const), ...PLAIN.map((id) => [id, id] as const)];

describe('a user id', () => {
  it.each(everybody)('is one user on both planes: %j', async (userId, segment) => {
    const mine = { ...apiKey, title: `of ${everybody.findIndex(([id]) => id === userId)}`, id: 'mine' };
    const added = await keyhold.worker.call('POST', `/v1/users/${segment}/credentials`, mine);
    expect(added.status).toBe(201);
    expect(added.headers.location).toBe(`/v1/users/${segment}/credentials/mine`);
    expect((await keyhold.worker.call('GET', added.headers.location as string)).json.title).toBe(mine.title);
    const listed = await keyhold.user(userId).call('GET', `${MINE}?provider=openai`);
    expect(listed.json).toMatchObject({ version: 1, credentials: [{ title: mine.title }] });
  });

  it.each(PLAIN)('may be written encoded where it is plain: %s', async (userId) => {
    const { status, json } = await keyhold.worker.call('GET', `/v1/users/${encoded(userId)}/credentials/mine`);
    expect([status, json.title]).toEqual([200, `of ${everybody.findIndex(([id]) => id === userId)}`]);
  });

  it('is no other user, once all of them are stored', async () => {
    for (const [index, [userId]] of everybody.entries()) {
      const { json } = await keyhold.user(userId).call('GET', MINE);
      expect(json.credentials.map((view: { title: string }) => view.title).slice(0, -1)).toEqual([`of ${index}`]);
    }
  });
});

describe('any other spelling of a user id', () => {
  const nonCanonical = [`${encoded('alice')}=`, `${encoded('a/b')}=`, '~YS9j', '~YS9i~', '~YS9 i', '~YR'];
  const undecodable = [
    '~',
    '~~',
    '~_w',
    '~wIA',
    '~7aCA',
    '~!',
    '~YS9i.',
    '~Y',
    encoded('x'.repeat(257)),
    encoded('🔑'.repeat(257)),
  ];
  const unencoded = ['a b', 'a:b', 'a@b', 'é', 'a%b', 'a+b', 'x'.repeat(257), 'a~', '*', '{userId}', '(', '!'];
  const wrong = [...nonCanonical.filter((segment) => segment !== '~YS9j'), ...undecodable, ...unencoded];
  const percentEncoded = (text: string) =>
    encodeURIComponent(text).replace(/[!*(]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  it.each(wrong)('is a 400: %j', async (segment) => {
    for (const [method, rest] of [
      ['GET', '/credentials'],
      ['DELETE', ''],
    ] as const) {
      const path = `/v1/users/${percentEncoded(segment)}${rest}`;
      expectProblem(await keyhold.worker.call(method, path), 'invalid_request');
    }
  });

  it.each([
    ['a@b.c', '~YUBiLmM'],
    ['é', '~w6k'],
    [`${encoded('a/b')}=`, encoded('a/b')],
    ['~', '~fg'],
  ])('is told the right one: %s', async (segment, right) => {
    const reply = await keyhold.worker.call('GET', `/v1/users/${percentEncoded(segment)}/credentials`);
    expectProblem(reply, 'invalid_request');
    expect(reply.json.detail).toContain(` ${right}`);
    expect((await keyhold.worker.call('GET', `/v1/users/${right}/credentials`)).status).toBe(200);
  });

  it.each(['a%2Fb', '%2Falice', 'alice%2F'])('with a slash in it is no path: %s', async (segment) => {
    const { status, json } = await keyhold.worker.call('GET', `/v1/users/${segment}/credentials`);
    expect([status, json]).toEqual([404, { message: 'Not Found' }]);
  });
});

describe('a token', () => {
  const signToken = async (sub: unknown) => {
    const key = await importJWK(JSON.parse(readFileSync(join(keyhold.home, 'jwt-key.json'), 'utf8')), 'RS256');
    const claims = { sub, iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 600 };
    return new SignJWT(claims as { sub: string }).setProtectedHeader({ alg: 'RS256' }).sign(key);
  };
  it.each(['x'.repeat(257), '🔑'.repeat(257), '', '\ud800', undefined, null])(
    'of the subject %j names no user',
    async (sub) => {
      const authorization = `Bearer ${await signToken(sub)}`;
      expectProblem(await keyhold.anonymous.call('GET', MINE, undefined, { authorization }), 'invalid_request');
    },
  );
});
