// Concurrent calls for one user over HTTP: no write is lost, and what must happen once happens once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../support/http/http-caller.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startKeyhold();
});
afterAll(() => keyhold.stop());

const atOnce = <T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));

const statuses = (replies: Reply[]) => replies.map((reply) => reply.status).toSorted();
const key = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });

describe('one user, many callers', () => {
  it('stores all of fifty concurrent adds and increases the version by fifty', async () => {
    const user = keyhold.user('fifty');
    await user.call('POST', '/v1/me/credentials', key());
    const replies = await atOnce(50, () => user.call('POST', '/v1/me/credentials', key()));
    expect(statuses(replies)).toEqual(Array(50).fill(201));
    const { json, headers } = await user.call('GET', '/v1/me/credentials?provider=openai');
    expect(headers.etag).toBe('"v51"');
    expect(new Set(json.credentials.map((view: { id: string }) => view.id)).size).toBe(51);
  });

  it('accepts one of twenty concurrent If-Match writes', async () => {
    const user = keyhold.user('twenty');
    const ifMatch = { 'if-match': '"v0"' };
    const replies = await atOnce(20, () => user.call('POST', '/v1/me/credentials', key(), ifMatch));
    expect(statuses(replies)).toEqual([201, ...Array(19).fill(412)]);
    const winner = replies.find((reply) => reply.status === 201);
    expect(winner?.headers.etag).toBe('"v1"');
    for (const reply of replies) if (reply.status === 412) expect(reply.json.currentVersion).toBe(1);
  });

  it('creates one credential for concurrent creates of one id', async () => {
    const user = keyhold.user('one-id');
    const replies = await atOnce(20, () => user.call('POST', '/v1/me/credentials', key({ id: 'mine' })));
    expect(statuses(replies)).toEqual([201, ...Array(19).fill(409)]);
    expect((await user.call('GET', '/v1/me/credentials')).json.version).toBe(1);
  });

  it('answers 200 to one of ten concurrent deletes', async () => {
    const user = keyhold.user('delete-once');
    await user.call('POST', '/v1/me/credentials', key({ id: 'mine' }));
    const replies = await atOnce(10, () => user.call('DELETE', '/v1/me/credentials/mine'));
    expect(statuses(replies)).toEqual([200, ...Array(9).fill(404)]);
  });

  it('accepts every concurrent replace and keeps the last one', async () => {
    const user = keyhold.user('replacers');
    await user.call('POST', '/v1/me/credentials', key({ id: 'mine' }));
    const replies = await atOnce(8, (index) =>
      user.call('PUT', '/v1/me/credentials/mine', key({ apiKey: `k${index}` })),
    );
    expect(statuses(replies)).toEqual(Array(8).fill(200));
    const { json } = await keyhold.worker.call('GET', '/v1/users/replacers/credentials/mine');
    const last = replies.findIndex((reply) => reply.json.version === 9);
    expect(json).toMatchObject({ version: 9, secret: { apiKey: `k${last}` } });
  });

  it('keeps the order of the credentials of one edit, all or nothing', async () => {
    const put = ['z', 'a', 'm'].map((id) => key({ id }));
    const edit = (version: number) =>
      keyhold.worker.call('POST', '/v1/users/editor/edit', { put, delete: [] }, { 'if-match': `"v${version}"` });
    const replies = await atOnce(5, () => edit(0));
    expect(statuses(replies)).toEqual([200, ...Array(4).fill(412)]);
    const { json } = await keyhold.worker.call('GET', '/v1/users/editor/credentials?provider=openai');
    expect(json.credentials.map((view: { id: string }) => view.id)).toEqual(['z', 'a', 'm']);
    expect(json.version).toBe(1);
  });

  it('consumes a state once for a hundred concurrent callers', async () => {
    const path = '/v1/users/stateful/oauth-states';
    const { json } = await keyhold.worker.call('POST', path, { provider: 'github', scopes: ['repo'] });
    const body = { token: json.token, provider: 'github' };
    const replies = await atOnce(100, () => keyhold.worker.call('POST', `${path}/consume`, body));
    expect(statuses(replies)).toEqual([200, ...Array(99).fill(400)]);
    for (const reply of replies) if (reply.status === 400) expect(reply.json.code).toBe('state_invalid');
  });

  it('completes concurrent erasures and accepts new credentials afterwards', async () => {
    const user = keyhold.user('leaver');
    await atOnce(5, () => user.call('POST', '/v1/me/credentials', key()));
    const erasures = await atOnce(4, () => keyhold.worker.call('DELETE', '/v1/users/leaver'));
    expect(statuses(erasures)).toEqual([200, 200, 200, 200]);
    const { version, credentials } = (await user.call('GET', '/v1/me/credentials?provider=openai')).json;
    expect(credentials).toEqual([]);
    expect(version).toBeGreaterThan(5);
    expect((await user.call('POST', '/v1/me/credentials', key({ id: 'new' }))).status).toBe(201);
    expect((await user.call('GET', '/v1/me/credentials/new')).status).toBe(200);
  });
});
