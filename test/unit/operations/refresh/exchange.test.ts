// One exchange of a refresh token, and how its failures are classified.
import { describe, expect, it } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { buildClient, exchangeToken } from '../../../../lib/steps/refresh/exchange.ts';
import type { HeldLease } from '../../../../lib/steps/refresh/lease.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { CLIENT_SECRET, knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const clientFault = { kind: 'client_fault' };

const withClient = (clientId: string, secret: string | null): KnownProvider => ({
  ...knownProvider(),
  client: { clientId, clientSecret: secret === null ? null : new Secret(secret) },
});

describe('buildClient', () => {
  const tenants = (pattern: string) =>
    knownProvider({ tokenEndpoint: 'https://{shop}.example/token', templateVariables: { shop: { pattern } } });

  it('returns the client of the grant’s tenant', () => {
    expect(buildClient(tenants('[a-z]+'), { shop: 'mine' })).toMatchObject({
      provider: 'acme',
      clientId: 'client-1',
      profile: { tokenEndpoint: 'https://mine.example/token' },
    });
  });

  it('throws an operator fault when no client is configured', () => {
    expect(() => buildClient({ ...knownProvider(), client: null }, {})).toThrow(
      expect.objectContaining({ kind: 'client_fault' }),
    );
  });

  it('throws an operator fault with the cause when the tenant no longer matches', () => {
    const fault = { kind: 'client_fault', cause: expect.any(ServiceError) };
    expect(() => buildClient(tenants('[0-9]+'), { shop: 'mine' })).toThrow(expect.objectContaining(fault));
  });

  it('lets any other error pass', () => {
    expect(() => buildClient(tenants('('), { shop: 'mine' })).toThrow(SyntaxError);
  });
});

/** The provider accepts only the client `good`; a read past the cache returns `now`. */
const exchanging = (used: KnownProvider, now: KnownProvider | undefined, given: { hasTime?: boolean } = {}) => {
  const deps = memoryDeps({ providers: memoryProviders(used) });
  deps.providers.findPastCache = async () => now;
  deps.oauth.script.refreshed = (_, { clientId, clientSecret }) =>
    clientId === 'good' || clientSecret?.expose() === 'good' ? newGrant() : new ProviderFault('client_fault');
  const until = deps.clock.now() + (given.hasTime === false ? 0 : 60_000);
  const held = { known: used, lease: { until }, finishBy: until } as HeldLease;
  const secret = { accessToken: 'a', refreshToken: 'r' };
  return { deps, exchange: () => exchangeToken(deps, held, secret), calls: () => deps.oauth.callsTo('refresh') };
};

describe('exchangeToken with a client that the provider refuses', () => {
  it.each<[string, KnownProvider, KnownProvider]>([
    ['another secret', withClient('a', CLIENT_SECRET), withClient('a', 'good')],
    ['another id', withClient('a', CLIENT_SECRET), withClient('good', CLIENT_SECRET)],
    ['its first secret', withClient('a', null), withClient('a', 'good')],
    ['no secret', withClient('a', CLIENT_SECRET), withClient('good', null)],
  ])('retries once when the configuration now has %s, and sends no scopes', async (_, used, now) => {
    const { exchange, calls } = exchanging(used, now);
    expect(await exchange()).toEqual(newGrant());
    expect(calls()).toMatchObject([{ scopes: [] }, { scopes: [], refreshToken: 'r' }]);
  });

  it.each<[string, KnownProvider | undefined]>([
    ['is the same', withClient('a', null)],
    ['has no client now', { ...knownProvider(), client: null }],
    ['is no longer known', undefined],
  ])('does not retry when the provider %s', async (_, now) => {
    const { exchange, calls } = exchanging(withClient('a', null), now);
    await expect(exchange()).rejects.toMatchObject(clientFault);
    expect(calls()).toHaveLength(1);
  });

  it('does not retry without time for another call', async () => {
    const { exchange, calls } = exchanging(withClient('a', null), withClient('good', null), { hasTime: false });
    await expect(exchange()).rejects.toMatchObject(clientFault);
    expect(calls()).toHaveLength(1);
  });

  it('does not retry while the operator’s secrets cannot be read', async () => {
    const { deps, exchange } = exchanging(withClient('a', null), undefined);
    deps.providers.findPastCache = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    await expect(exchange()).rejects.toMatchObject(clientFault);
  });

  it('rethrows any other error of reading them', async () => {
    const { deps, exchange } = exchanging(withClient('a', null), undefined);
    deps.providers.findPastCache = async () => {
      throw new TypeError('a bug');
    };
    await expect(exchange()).rejects.toThrow('a bug');
  });
});

describe('exchangeToken after any other failure', () => {
  it.each([new ProviderFault('transient'), new ProviderFault('dead_grant'), new TypeError('a bug')])(
    'asks once only: %s',
    async (fault) => {
      const { deps, exchange, calls } = exchanging(withClient('a', null), withClient('good', null));
      deps.oauth.script.refreshed = () => {
        throw fault;
      };
      await expect(exchange()).rejects.toBe(fault);
      expect(calls()).toHaveLength(1);
    },
  );
});
