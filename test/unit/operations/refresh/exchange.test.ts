// One exchange of a refresh token, and whose fault it is when there is none.
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

  it('is the client of the grant’s tenant', () => {
    expect(buildClient(tenants('[a-z]+'), { shop: 'mine' })).toMatchObject({
      provider: 'acme',
      clientId: 'client-1',
      profile: { tokenEndpoint: 'https://mine.example/token' },
    });
  });

  it('is the operator’s fault where none is configured', () => {
    expect(() => buildClient({ ...knownProvider(), client: null }, {})).toThrow(
      expect.objectContaining({ kind: 'client_fault' }),
    );
  });

  it('is the operator’s fault where the tenant fits no more, and keeps why', () => {
    const fault = { kind: 'client_fault', cause: expect.any(ServiceError) };
    expect(() => buildClient(tenants('[0-9]+'), { shop: 'mine' })).toThrow(expect.objectContaining(fault));
  });

  it('lets any other error pass', () => {
    expect(() => buildClient(tenants('('), { shop: 'mine' })).toThrow(SyntaxError);
  });
});

/** The provider takes the client `good` only; past the cache stands `now`. */
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

describe('exchangeToken with a client that is not taken', () => {
  it.each<[string, KnownProvider, KnownProvider]>([
    ['another secret', withClient('a', CLIENT_SECRET), withClient('a', 'good')],
    ['another id', withClient('a', CLIENT_SECRET), withClient('good', CLIENT_SECRET)],
    ['a secret for the first time', withClient('a', null), withClient('a', 'good')],
    ['no secret any more', withClient('a', CLIENT_SECRET), withClient('good', null)],
  ])('tries once more where it now has %s, and asks for no scopes', async (_, used, now) => {
    const { exchange, calls } = exchanging(used, now);
    expect(await exchange()).toEqual(newGrant());
    expect(calls()).toMatchObject([{ scopes: [] }, { scopes: [], refreshToken: 'r' }]);
  });

  it.each<[string, KnownProvider | undefined]>([
    ['is the same', withClient('a', null)],
    ['has no client now', { ...knownProvider(), client: null }],
    ['is known no more', undefined],
  ])('leaves it at that where the provider %s', async (_, now) => {
    const { exchange, calls } = exchanging(withClient('a', null), now);
    await expect(exchange()).rejects.toMatchObject(clientFault);
    expect(calls()).toHaveLength(1);
  });

  it('leaves it at that without time for another call', async () => {
    const { exchange, calls } = exchanging(withClient('a', null), withClient('good', null), { hasTime: false });
    await expect(exchange()).rejects.toMatchObject(clientFault);
    expect(calls()).toHaveLength(1);
  });

  it('leaves it at that while the operator’s secrets cannot be read', async () => {
    const { deps, exchange } = exchanging(withClient('a', null), undefined);
    deps.providers.findPastCache = async () => {
      throw new ServiceError('secrets_unavailable');
    };
    await expect(exchange()).rejects.toMatchObject(clientFault);
  });

  it('lets any other error of reading them pass', async () => {
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
