// Where secrets go: keys and tokens of one provider apart, fixed fields beside them, and secrets that cannot be sent refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { expectProblem } from '../../support/http/problems.ts';
import { startConnecting } from '../../support/providers/connect-flow.ts';

const endpoints = { authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };
const client = { clientId: 'client-1' };
const OWN = {
  ...endpoints,
  ...client,
  apiKeyQuery: 'key',
  tokenHeader: { name: 'X-Token', prefix: 'T ' },
  fixedHeaders: { 'X-Version': '7', 'X-Client': 'id={client_id}' },
};

let keyhold: Keyhold;
beforeAll(async () => {
  keyhold = await startConnecting({ own: OWN, twitch: client, notion: client });
});
afterAll(() => keyhold.stop());

let users = 0;

const resolve = async (provider: string, secret: Record<string, unknown>) => {
  const theirs = `/v1/users/placed-${++users}`;
  const stored = await keyhold.worker.call('POST', `${theirs}/credentials`, { provider, ...secret });
  expect([stored.status, stored.status === 201 ? '' : stored.text]).toEqual([201, '']);
  const { json } = await keyhold.worker.call('POST', `${theirs}/resolve`, { provider });
  return { headers: json.headers, query: json.query };
};

const KEY = { type: 'api_key', apiKey: 'k' };
const TOKEN = { type: 'oauth2', accessToken: 't', scopes: [] };

describe('resolve', () => {
  it.each([
    ['figma', KEY, { headers: { 'x-figma-token': 'k' }, query: {} }],
    ['figma', TOKEN, { headers: { authorization: 'Bearer t' }, query: {} }],
    ['shopify', TOKEN, { headers: { 'x-shopify-access-token': 't' }, query: {} }],
    ['notion', TOKEN, { headers: { authorization: 'Bearer t', 'notion-version': '2022-06-28' }, query: {} }],
    ['twitch', TOKEN, { headers: { authorization: 'Bearer t', 'client-id': 'client-1' }, query: {} }],
    ['own', KEY, { headers: { 'x-version': '7', 'x-client': 'id=client-1' }, query: { key: 'k' } }],
    ['own', TOKEN, { headers: { 'x-version': '7', 'x-client': 'id=client-1', 'x-token': 'T t' }, query: {} }],
    [
      'own',
      { type: 'user_password', username: ' ann\n', password: 'b' },
      { headers: { authorization: 'Basic YW5uOmI=' }, query: {} },
    ],
    ['github', { ...KEY, apiKey: '\tk\r\n' }, { headers: { authorization: 'Bearer k' }, query: {} }],
  ])('places by the record of %s: %j', async (provider, secret, fields) => {
    expect(await resolve(provider, secret)).toEqual(fields);
  });
});

describe('a secret that cannot be sent', () => {
  it.each([
    ['user', { ...KEY, apiKey: 'canary\u200bkey' }, '#/apiKey', 'character 7 is a zero-width character'],
    ['user', { ...KEY, apiKey: 'canary\nkey' }, '#/apiKey', 'character 7 is a line break'],
    ['user', { ...KEY, apiKey: 'c\u0430nary' }, '#/apiKey', 'character 2 is a letter that looks like a Latin one'],
    ['user', { type: 'user_password', username: 'can:ary', password: '' }, '#/username', 'character 4 is a colon'],
    ['worker', { ...TOKEN, accessToken: 'canary\u2013x' }, '#/accessToken', 'character 7 is a typographic dash'],
    ['worker', { ...TOKEN, refreshToken: 'canary\0x' }, '#/refreshToken', 'character 7 is a NUL'],
  ])('is refused with its place and kind, for a %s: %j', async (who, secret, pointer, detail) => {
    const [caller, base] = who === 'user' ? [keyhold.user('typist'), '/v1/me'] : [keyhold.worker, '/v1/users/typist'];
    const answer = await caller.call('POST', `${base}/credentials`, { provider: 'github', ...secret });
    expectProblem(answer, 'invalid_request');
    expect(answer.json.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) }]);
    expect(answer.text).not.toContain('canary');
  });
});
