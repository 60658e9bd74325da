// The bounds on calls of one user and on callbacks with invented states, with small settings, over HTTP.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller, Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

const CALLS = 40;
const MINE = '/v1/me/credentials';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold({
    env: { MAX_CALLS_PER_USER_PER_SECOND: '1', MAX_BAD_CALLBACKS_PER_SECOND: '1' },
  });
});
afterAll(() => keyhold.stop());

const callAtOnce = (caller: Caller, path: () => string): Promise<Reply[]> =>
  Promise.all(Array.from({ length: CALLS }, () => caller.call('GET', path())));

const withStatus = (replies: readonly Reply[], status: number) => replies.filter((reply) => reply.status === status);

const expectTooMany = (replies: readonly Reply[]): void => {
  for (const { text, headers } of replies) {
    expect(text).toBe('{"message":"Too Many Requests"}');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'retry-after': '1',
      'cache-control': 'no-store',
    });
  }
};

/** Five at once are within the limit; a slow machine may fill the bucket by a few more meanwhile. */
const expectLimited = (replies: readonly Reply[], allowedStatus: number): void => {
  const allowed = withStatus(replies, allowedStatus);
  const refused = withStatus(replies, 429);
  expect(allowed.length + refused.length).toBe(CALLS);
  expect(allowed.length).toBeGreaterThanOrEqual(5);
  expect(allowed.length).toBeLessThan(20);
  expectTooMany(refused);
};

describe('a user with too many calls', () => {
  it('is refused on the user plane, then served again; another user is not refused', async () => {
    const [alice, bob] = [keyhold.user('alice'), keyhold.user('bob')];
    expectLimited(await callAtOnce(alice, () => MINE), 200);
    expect((await bob.call('GET', MINE)).status).toBe(200);
    await sleep(1_100);
    expect((await alice.call('GET', MINE)).status).toBe(200);
  });

  it('is refused on the runtime plane by the id in the path; another user is not refused', async () => {
    expectLimited(await callAtOnce(keyhold.worker, () => '/v1/users/carol/credentials'), 200);
    expect((await keyhold.worker.call('GET', '/v1/users/dave/credentials')).status).toBe(200);
  });

  it('changes nothing with a call that is refused', async () => {
    const put = (id: number) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', id: `n${id}` });
    const erin = '/v1/users/erin/credentials';
    const replies = await Promise.all(
      Array.from({ length: CALLS }, (_, id) => keyhold.worker.call('POST', erin, put(id))),
    );
    expectLimited(replies, 201);
    await sleep(1_100);
    const { json } = await keyhold.user('erin').call('GET', MINE);
    const stored = json.credentials.filter(({ provider }: { provider: string }) => provider === 'openai');
    expect(stored).toHaveLength(withStatus(replies, 201).length);
  });
});

describe('callbacks with invented states', () => {
  it('are refused above their rate, and the health route answers meanwhile', async () => {
    const invented = () => `/v1/oauth/callback?code=c&state=${randomBytes(32).toString('base64url')}`;
    expectLimited(await callAtOnce(keyhold.anonymous, invented), 400);
    expect((await keyhold.anonymous.call('GET', '/v1/health')).json).toEqual({ status: 'ok' });
  });
});
