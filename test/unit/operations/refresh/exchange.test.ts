// One exchange of a refresh token, and how its failures are classified.
import { describe, expect, it } from 'vitest';
import type { OAuth2Secret } from '../../../../lib/domain/credential/credential.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import type { KnownProvider } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { exchangeToken, type OpenedToken } from '../../../../lib/steps/refresh/exchange.ts';
import type { HeldLease } from '../../../../lib/steps/refresh/lease.ts';
import { memoryDeps } from '../../../support/memory/memory-deps.ts';
import { CLIENT_SECRET, knownProvider, memoryProviders, newGrant } from '../../../support/memory/memory-oauth.ts';

const clientFault = { kind: 'client_fault' };

const withClient = (clientId: string, secret: string | null): KnownProvider => ({
  ...knownProvider(),
  client: { clientId, clientSecret: secret === null ? null : new Secret(secret) },
});

const moveTo = (tokenEndpoint: string) => ({ profile: knownProvider({ tokenEndpoint }).profile });

/** The provider accepts only the client `good`; a read past the cache returns `now`. */
const exchanging = (
  used: KnownProvider,
  now: KnownProvider | undefined,
  given: { hasTime?: boolean; grant?: Partial<OAuth2Secret> } = {},
) => {
  const deps = memoryDeps({ providers: memoryProviders(used) });
  deps.providers.findPastCache = async () => now;
  deps.oauth.script.refreshed = (_, { clientId, clientSecret }) =>
    clientId === 'good' || clientSecret?.expose() === 'good' ? newGrant() : new ProviderFault('client_fault');
  const until = deps.clock.now() + (given.hasTime === false ? 0 : 60_000);
  const held = { lease: { until }, finishBy: until } as HeldLease;
  const secret = { accessToken: 'a', refreshToken: 'r', ...given.grant };
  const opened = { secret, known: used, serverClient: null } as OpenedToken;
  return { deps, exchange: () => exchangeToken(deps, held, opened), calls: () => deps.oauth.callsTo('refresh') };
};

describe('exchangeToken with a client that the provider refuses', () => {
  it.each<[string, KnownProvider, KnownProvider]>([
    ['another secret', withClient('a', CLIENT_SECRET), withClient('a', 'good')],
    ['another id', withClient('a', CLIENT_SECRET), withClient('good', CLIENT_SECRET)],
    ['its first secret', withClient('a', null), withClient('a', 'good')],
    ['no secret', withClient('a', CLIENT_SECRET), withClient('good', null)],
  ])('retries once when the configuration now has %s, and sends no scopes', async (_, used, now) => {
    const { exchange, calls } = exchanging(used, now);
    expect(await exchange()).toMatchObject({ response: newGrant(), client: now.client });
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
    const { exchange, calls } = exchanging(withClient('a', null), withClient('a', 'good'), { hasTime: false });
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

const ORIGIN = 'https://acme.example';
const OLDER = { clientId: 'older', clientSecret: new Secret('good') };

/** The entry with a client of this id, and one older than it. */
const withOlder = (clientId: string): KnownProvider => ({
  ...knownProvider(),
  client: { clientId, clientSecret: new Secret(CLIENT_SECRET), olderClients: [OLDER] },
});

describe('exchangeToken of a grant with a client of its own', () => {
  const grant = { clientId: 'older', tokenOrigin: ORIGIN };

  it('sends it with that client, also when a newer one is configured', async () => {
    const { exchange, calls } = exchanging(withOlder('new'), undefined, { grant });
    expect((await exchange()).client).toMatchObject(OLDER);
    expect(calls()).toMatchObject([{ client: OLDER }]);
  });

  it('reads the configuration past the cache when the cached one has no such client', async () => {
    const { exchange, calls } = exchanging(withClient('new', 'x'), withOlder('new'), { grant });
    expect((await exchange()).client).toMatchObject(OLDER);
    expect(calls()).toHaveLength(1);
  });

  it('reads it past the cache when the provider moved back', async () => {
    const moved = { ...knownProvider({ tokenEndpoint: 'https://moved.example/token' }), client: OLDER };
    const { exchange, calls } = exchanging(moved, withOlder('new'), { grant });
    await exchange();
    expect(calls()).toMatchObject([{ client: { profile: { refreshEndpoint: `${ORIGIN}/token` } } }]);
  });

  it.each<[string, KnownProvider | undefined, string]>([
    ['names it no more', withClient('good', 'good'), 'other_client'],
    ['has no client now', { ...knownProvider(), client: null }, 'no_client'],
    ['is at another origin', { ...withOlder('new'), ...moveTo('https://acme.example:8443/token') }, 'other_origin'],
    ['is no longer known', undefined, 'other_client'],
  ])('sends nothing when the configuration %s, and logs it', async (_, now, mismatch) => {
    const { deps, exchange, calls } = exchanging(withClient('good', 'good'), now, { grant });
    await expect(exchange()).rejects.toMatchObject({ ...clientFault, status: null, lostAnswer: null });
    expect(calls()).toEqual([]);
    const line = { level: 'warn', message: 'grant not sent', fields: { provider: 'acme', mismatch } };
    expect(deps.log.lines).toEqual([line]);
  });

  it('sends nothing without time for the call after reading past the cache', async () => {
    const { exchange, calls } = exchanging(withClient('good', 'good'), withOlder('new'), { grant, hasTime: false });
    await expect(exchange()).rejects.toMatchObject({ kind: 'transient', lostAnswer: null });
    expect(calls()).toEqual([]);
  });

  it('retries with a rotated secret of that client only', async () => {
    const own = { clientId: 'a', tokenOrigin: ORIGIN };
    const rotated = exchanging(withClient('a', null), withClient('a', 'good'), { grant: own });
    await rotated.exchange();
    expect(rotated.calls()).toHaveLength(2);
    const replaced = exchanging(withClient('a', null), withClient('good', 'good'), { grant: own });
    await expect(replaced.exchange()).rejects.toMatchObject(clientFault);
    expect(replaced.calls()).toHaveLength(1);
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
