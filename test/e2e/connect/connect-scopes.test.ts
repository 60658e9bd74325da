// Scopes as providers really answer them, from the authorization to resolve.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Keyhold } from '../../support/http/local-server.ts';
import { makeConnector, receiptFor, startConnecting } from '../../support/providers/connect-flow.ts';
import { type MisbehavingProvider, startMisbehavingProvider } from '../../support/providers/misbehaving-provider.ts';

const OWN = {
  scopeAliases: { email: 'info.email' },
  scopeImplies: { 'orders:{right}': ['list:{right}'], admin: ['orders:write'] },
  scopesNotReported: ['forever'],
  callbackScopeParam: 'granted',
};

let provider: MisbehavingProvider;
let keyhold: Keyhold;
beforeAll(async () => {
  provider = await startMisbehavingProvider();
  const names = ['google', 'microsoft', 'shopify', 'strava'];
  const known = names.map((name) => [name, provider.entry(name)]);
  keyhold = await startConnecting({ ...Object.fromEntries(known), own: provider.entry('own', OWN) });
});
beforeEach(() => provider.reset());
afterAll(async () => {
  await keyhold.stop();
  provider.close();
});

let users = 0;

interface Connecting {
  asked: string[];
  scope?: unknown;
  callback?: Record<string, string>;
  variables?: Record<string, string>;
}

/** The scopes that a call for `wanted` lacks after this connection; a status other than 409 stands for none. */
const connectAndResolve = async (
  name: string,
  { asked, callback, variables, ...fields }: Connecting,
  wanted: string[],
) => {
  const user = makeConnector(keyhold, users % 2 ? 'user' : 'runtime', `scopes-${++users}`);
  provider.grants(name, { scope: undefined, ...fields });
  const { state } = await user.begin({ provider: name, scopes: asked, ...(variables && { variables }) });
  const receipt = await receiptFor(keyhold, { state, code: 'code-1', ...callback });
  expect((await user.complete({ state, receipt })).status).toBe(201);
  const { status, json } = await user.resolve({ provider: name, scopes: wanted });
  return status === 200 ? [] : json.missingScopes;
};

const SHOP = { variables: { shop: 'acme' } };
const READ_AND_WRITE = ['read_products', 'write_products'];

describe('a connection', () => {
  it.each<[string, Connecting, string[], string[]]>([
    ['google', { asked: ['email'], scope: 'openid https://www.googleapis.com/auth/userinfo.email' }, ['email'], []],
    ['microsoft', { asked: ['offline_access', 'Mail.Read'], scope: 'Mail.Read' }, ['offline_access', 'Mail.Read'], []],
    ['shopify', { asked: READ_AND_WRITE, scope: 'write_products', ...SHOP }, READ_AND_WRITE, []],
    [
      'strava',
      { asked: ['read', 'activity:write'], callback: { scope: 'read' } },
      ['activity:write'],
      ['activity:write'],
    ],
  ])(
    'resolves for scopes as the provider of the catalogue answers them: %s',
    async (name, connecting, wanted, missing) => {
      expect(await connectAndResolve(name, connecting, wanted)).toEqual(missing);
    },
  );

  it.each<[string, Connecting, string[], string[]]>([
    ['another name', { asked: ['email'], scope: 'info.email' }, ['email'], []],
    ['a scope within a wider one', { asked: ['admin'], scope: 'admin' }, ['list:write', 'orders:write'], []],
    ['a list that holds several in one item', { asked: [], scope: ['a b', 'c,d'] }, ['a', 'b', 'c', 'd'], []],
    ['a scope that is not reported', { asked: ['a', 'forever'], scope: 'a' }, ['forever', 'openid'], ['openid']],
    ['an empty list', { asked: ['a'], scope: '' }, ['a'], ['a']],
    ['the scopes of the callback', { asked: ['a', 'b'], callback: { granted: 'b' } }, ['a', 'b'], ['a']],
  ])('resolves by the rules of an operator’s record: %s', async (_, connecting, wanted, missing) => {
    expect(await connectAndResolve('own', connecting, wanted)).toEqual(missing);
  });
});
