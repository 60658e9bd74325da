// The limits per user, and users with unreadable rows.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialKey, userRecordKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { startEngine } from '../../support/table/test-engine.ts';

const MINE = '/v1/me/credentials';
const apiKey = (given: object = {}) => ({ type: 'api_key', provider: 'openai', apiKey: 'k', ...given });
const state = { provider: 'github', scopes: ['repo'] };

let keyhold: Keyhold;
let table: DynamoDBDocumentClient;

beforeAll(async () => {
  const endpoint = await startEngine();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  table = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }));
  const limits = { MAX_CREDENTIALS_PER_USER: '5', MAX_OPEN_STATES_PER_USER: '2', OAUTH_STATE_TTL_SECONDS: '86400' };
  keyhold = await startKeyhold({ env: { AWS_ENDPOINT_URL_DYNAMODB: endpoint, ...limits } });
});
afterAll(() => keyhold.stop());

describe('a limit', () => {
  const put = (count: number) => Array.from({ length: count }, (_, index) => apiKey({ id: `n${index}` }));
  const edit = (body: object, version: number) =>
    keyhold.worker.call('POST', '/v1/users/grace/edit', body, { 'if-match': `"v${version}"` });

  it('on credentials applies to the result of an edit, all or nothing', async () => {
    for (const count of [6, 99]) expectProblem(await edit({ put: put(count) }, 0), 'credential_limit');
    expect((await edit({ put: put(5) }, 0)).json).toEqual({ version: 1 });
    expectProblem(await edit({ put: [apiKey()] }, 1), 'credential_limit');
    expectProblem(await edit({ put: [apiKey(), apiKey()], delete: ['n0'] }, 1), 'credential_limit');
    expect((await edit({ put: [apiKey(), apiKey({ id: 'n1', title: 'New' })], delete: ['n0'] }, 1)).status).toBe(200);
  });

  it('on the changes of one edit is 99 puts and deletes together', async () => {
    expectProblem(await edit({ put: put(100) }, 2), 'too_many_changes');
    const unknown = Array.from({ length: 60 }, (_, index) => `unknown-${index}`);
    expectProblem(await edit({ put: put(40), delete: unknown }, 2), 'too_many_changes');
    expectProblem(await edit({ delete: unknown }, 2), 'credential_not_found', { credentialId: 'unknown-0' });
  });

  it('on credentials refuses one more, but a repeated create finds its own', async () => {
    const carol = keyhold.user('carol');
    for (const body of put(5)) expect((await carol.call('POST', MINE, body)).status).toBe(201);
    expectProblem(await carol.call('POST', MINE, apiKey()), 'credential_limit');
    expectProblem(await carol.call('POST', MINE, apiKey({ id: 'n0' })), 'credential_exists');
    expect((await carol.call('PUT', `${MINE}/n0`, apiKey())).status).toBe(200);
    await carol.call('DELETE', `${MINE}/n0`);
    expect((await carol.call('POST', MINE, apiKey())).status).toBe(201);
  });

  it('on open states applies per user and answers Retry-After', async () => {
    const open = (user: string) => keyhold.worker.call('POST', `/v1/users/${user}/oauth-states`, state);
    const opened = [await open('carol'), await open('carol')];
    expect(opened.map((reply) => reply.status)).toEqual([201, 201]);
    const refused = await open('carol');
    expectProblem(refused, 'too_many_open_states');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await open('dave')).status).toBe(201);
    const body = { token: opened[0]?.json.token, provider: 'github' };
    expect((await keyhold.worker.call('POST', '/v1/users/carol/oauth-states/consume', body)).status).toBe(200);
    expect((await open('carol')).status).toBe(201);
  });
});

describe('a user with unreadable rows', () => {
  const set = (Key: object, name: string, value: unknown) =>
    table.send(
      new UpdateCommand({
        ...{ TableName: 'keyhold', Key, UpdateExpression: 'SET #name = :value' },
        ...{ ExpressionAttributeNames: { '#name': name }, ExpressionAttributeValues: { ':value': value } },
      }),
    );
  const eve = (path: string) => `/v1/users/eve/credentials${path}`;

  it('sees the credential as unreadable and can delete it', async () => {
    for (const id of ['good', 'broken']) await keyhold.worker.call('POST', eve(''), apiKey({ id, provider: id }));
    await set(credentialKey('eve', 'broken'), 'title', 7);
    const { json } = await keyhold.user('eve').call('GET', MINE);
    expect(json.credentials).toMatchObject([
      { status: 'active' },
      { status: 'unreadable', reason: 'unreadable' },
      { provider: 'ollama' },
    ]);
    expectProblem(await keyhold.worker.call('GET', eve('/broken')), 'credential_unreadable');
    expectProblem(await keyhold.worker.call('PATCH', eve('/broken'), { title: 'New' }), 'credential_unreadable');
    const resolved = keyhold.worker.call('POST', '/v1/users/eve/resolve', { provider: 'broken' });
    expectProblem(await resolved, 'credential_unreadable');
    expect((await keyhold.worker.call('GET', eve('/good'))).status).toBe(200);
    expect((await keyhold.user('eve').call('DELETE', `${MINE}/broken`)).status).toBe(200);
  });

  it('sees it where the row itself is read, when the list’s index has nothing of the damage', async () => {
    await keyhold.worker.call('POST', eve(''), apiKey({ id: 'torn', provider: 'torn' }));
    await set(credentialKey('eve', 'torn'), 'sealed', 7);
    expectProblem(await keyhold.worker.call('GET', eve('/torn')), 'credential_unreadable');
    const resolved = keyhold.worker.call('POST', '/v1/users/eve/resolve', { provider: 'torn' });
    expectProblem(await resolved, 'credential_unreadable');
    expect((await keyhold.user('eve').call('DELETE', `${MINE}/torn`)).status).toBe(200);
  });

  it('cannot write during an erasure', async () => {
    await keyhold.worker.call('POST', '/v1/users/frank/credentials', apiKey({ id: 'key' }));
    await set(userRecordKey('frank'), 'erasing', 'an-erasure');
    const writes: [method: string, path: string, body?: object][] = [
      ['POST', MINE, apiKey()],
      ['PUT', `${MINE}/key`, apiKey()],
      ['PATCH', `${MINE}/key`, { title: 'New' }],
      ['DELETE', `${MINE}/key`],
    ];
    for (const write of writes) expectProblem(await keyhold.user('frank').call(...write), 'user_erasing');
    expectProblem(await keyhold.worker.call('POST', '/v1/users/frank/oauth-states', state), 'user_erasing');
    expect((await keyhold.worker.call('DELETE', '/v1/users/frank')).json).toMatchObject({ credentials: 1 });
    expect((await keyhold.user('frank').call('POST', MINE, apiKey())).status).toBe(201);
  });
});
