// One refresh by itself, without the operation around it: which faults end it softly, how it takes and releases its lease, and when
// the answer may be due to an old configuration.
import { describe, expect, it, vi } from 'vitest';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { leaseTtlSeconds, type RefreshLease, refreshTokenRev } from '../../../../lib/domain/refresh/lease.ts';
import { type ErrorCode, ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { exchangeToken } from '../../../../lib/steps/refresh/exchange.ts';
import { acquireLease, type RefreshRequest, releaseLease } from '../../../../lib/steps/refresh/lease.ts';
import {
  findRefreshClient,
  findRotatedClient,
  isOfOldConfiguration,
} from '../../../../lib/steps/refresh/refresh-client.ts';
import { refreshToken } from '../../../../lib/steps/refresh/refresh-token.ts';
import { type Attempt, tryRefresh } from '../../../../lib/steps/refresh/try-refresh.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';
import { knownProvider } from '../../../support/memory/memory-oauth.ts';
import { answering, KEY, putLease, refreshing, storedGrant } from '../../../support/providers/refreshing.ts';

const requestFor = async (deps: MemoryDeps, more: Partial<RefreshRequest> = {}): Promise<RefreshRequest> => {
  const { credential } = await storedGrant(deps);
  return { credential, finishBy: deps.clock.elapsed() + 20_000, inUse: true, ...more };
};

const SOFT: ErrorCode[] = [
  'store_busy',
  'store_unavailable',
  'keys_unavailable',
  'secrets_unavailable',
  'refresh_unavailable',
];

describe('a fault before the exchange', () => {
  const failing = async (fault: Error) => {
    const { deps } = await refreshing();
    deps.refreshes.readLease = () => Promise.reject(fault);
    return { deps, refreshed: refreshToken(deps, await requestFor(deps)) };
  };

  it.each(SOFT)('of the code %s ends the refresh softly, and sends nothing', async (code) => {
    const cause = new ServiceError(code);
    const { deps, refreshed } = await failing(cause);
    expect(await refreshed).toEqual({ kind: 'failed', cause, retryAfterSeconds: 1 });
    expect(deps.oauth.callsTo('refresh')).toEqual([]);
  });

  it.each([new ServiceError('credential_unreadable'), new Error('a fault of the program')])(
    'is thrown: %s',
    async (fault) => {
      await expect((await failing(fault)).refreshed).rejects.toBe(fault);
    },
  );
});

describe('a refresh that no caller waits for', () => {
  const tryOnce = async (change: (deps: MemoryDeps) => void) => {
    const { deps } = await refreshing();
    const request = await requestFor(deps);
    change(deps);
    return tryRefresh(deps, request);
  };

  it.each<[string, (deps: MemoryDeps) => void, Attempt]>([
    ['answered', () => {}, { outcome: 'refreshed', sign: 'answered' }],
    [
      'in trouble',
      (deps) => answering(deps, new ProviderFault('transient', { status: 503 })),
      { outcome: 'postponed', sign: 'transient' },
    ],
    [
      'not to blame',
      (deps) => answering(deps, new ProviderFault('client_fault', { status: 401 })),
      { outcome: 'postponed', sign: 'none' },
    ],
    [
      'certain that the token is dead',
      (deps) => answering(deps, new ProviderFault('dead_grant', { status: 400 })),
      { outcome: 'unusable', sign: 'answered' },
    ],
    [
      'not asked, because the secret cannot be read',
      (deps) => {
        deps.sealer.openToReseal = () => Promise.reject(new ServiceError('credential_unreadable'));
      },
      { outcome: 'postponed', sign: 'none' },
    ],
    [
      'not asked',
      (deps) => {
        deps.users.readCredential = async () => null;
      },
      { outcome: 'notDue', sign: 'none' },
    ],
  ])('tells of a provider that is %s', async (_, change, expected) => {
    expect(await tryOnce(change)).toEqual(expected);
  });
});

describe('a lease that is not free', () => {
  const acquire = async (lease: Partial<RefreshLease>, more: Partial<RefreshRequest> = {}) => {
    const { deps } = await refreshing();
    const request = await requestFor(deps, more);
    const taken: RefreshLease = {
      ...{ id: 'l', tokenRev: refreshTokenRev(request.credential), until: deps.clock.now() - 3_600_000, held: true },
      ...{ rotates: true, uncertain: false, failures: 0, ...lease },
    };
    putLease(deps, taken);
    const attempt = await acquireLease(deps, request, knownProvider());
    return { attempt, isKept: (await deps.refreshes.readLease(KEY))?.id === 'l' };
  };

  it('is left alone while the token may be spent and the access token is valid', async () => {
    expect(await acquire({})).toEqual({ attempt: { kind: 'unavailable', retryAfterSeconds: 1 }, isKept: true });
  });

  it('is taken where the provider does not rotate refresh tokens', async () => {
    expect(await acquire({ rotates: false })).toMatchObject({ attempt: { kind: 'acquired' }, isKept: false });
  });
});

describe('a lease', () => {
  it('is left to the reporter whose back-off is about to take its place', async () => {
    const { deps } = await refreshing();
    const { credential, ...request } = await requestFor(deps, { isRefused: true });
    const pausing: RefreshLease = {
      ...{ id: 'l', tokenRev: 'older', nextRev: refreshTokenRev(credential), until: deps.clock.now(), held: true },
      ...{ rotates: true, uncertain: false, failures: 0 },
    };
    putLease(deps, pausing);
    const repeated = { ...request, credential: { ...credential, accessRev: 'rev' } };
    expect(await acquireLease(deps, repeated, knownProvider())).toEqual({ kind: 'held' });
    expect(await deps.refreshes.readLease(KEY)).toEqual(pausing);
  });

  it.each([
    ['a provider that rotates refresh tokens', knownProvider({ rotatesRefreshTokens: true }), true],
    ['one that does not', knownProvider({ rotatesRefreshTokens: false }), false],
    ['an MCP server, which has no record', null, true],
  ])('says whether a lost answer may have spent the token: %s', async (_, known, rotates) => {
    const { deps } = await refreshing();
    expect(await acquireLease(deps, await requestFor(deps), known)).toMatchObject({ held: { lease: { rotates } } });
  });

  it('is of no use where the credential is gone by then', async () => {
    const { deps } = await refreshing();
    const request = await requestFor(deps);
    deps.users.readCredential = async () => null;
    expect(await refreshToken(deps, request)).toEqual({ kind: 'conflict' });
  });
});

describe('a grant of a provider that is named by its issuer', () => {
  const unread = (fault: Error) => ({
    ...knownProvider(),
    fromIssuer: { recall: () => null, read: () => Promise.reject(fault) } as never,
  });

  const refreshAt = async (fault: Error) => {
    const { deps } = await refreshing();
    deps.providers.set(unread(fault));
    return refreshToken(deps, await requestFor(deps));
  };

  it('waits half a minute where it keeps no endpoints and the issuer does not answer', async () => {
    const refused = new ServiceError('server_not_connectable');
    const result = await refreshAt(refused);
    expect(result).toMatchObject({ kind: 'failed', cause: { code: 'refresh_unavailable', cause: refused } });
    expect((result as { cause: ServiceError }).cause.retryAfterSeconds).toBeGreaterThan(1);
  });

  it('does not take a fault of the program for an issuer that does not answer', async () => {
    const fault = new Error('a fault of the program');
    await expect(refreshAt(fault)).rejects.toBe(fault);
  });
});

describe('a released lease', () => {
  it.each([
    ['at once', undefined, 0],
    ['after a back-off that ends later', { until: 9_000_000, failures: 1, uncertain: false }, 9_000_000],
  ])('frees the row %s, and is kept for a week after it can matter', async (_, backOff, more) => {
    const { deps } = await refreshing({ livesMilliseconds: -7_200_000 });
    const request = await requestFor(deps);
    const attempt = await acquireLease(deps, request, knownProvider());
    if (attempt.kind !== 'acquired') throw new Error(attempt.kind);
    const swapped = vi.spyOn(deps.refreshes, 'swapLease');
    const until = deps.clock.now() + more;
    expect(await releaseLease(deps, attempt.held, backOff && { ...backOff, until })).toBe(true);
    const swap = swapped.mock.lastCall?.[1];
    expect(swap?.to).toMatchObject({ held: false, until: backOff ? until : 0 });
    const matters = Math.max(attempt.held.lease.until, backOff ? until : 0);
    expect(swap?.ttlSeconds).toBe(leaseTtlSeconds({ until: matters }, null));
  });
});

describe('the client of a refresh', () => {
  const issued = { tokenEndpoint: 'https://acme.example/token' };

  it('is a fault of the configuration where there is no record', async () => {
    const { deps } = await refreshing();
    const held = { known: null } as never;
    const found = findRefreshClient(deps, held, { known: null, secret: {} as never });
    await expect(found).rejects.toMatchObject({ kind: 'client_fault' });
  });

  it('is a fault of the configuration where the tenant of the grant fits no template', async () => {
    const { deps } = await refreshing();
    const known = knownProvider({
      tokenEndpoint: 'https://{tenant}.acme.example/token',
      templateVariables: { tenant: { pattern: '[a-z]+' } },
    });
    const found = findRefreshClient(deps, { known } as never, { known, secret: {} });
    await expect(found).rejects.toMatchObject({ kind: 'client_fault', cause: { code: 'invalid_request' } });
  });

  it('is logged as missing where a grant of an MCP server says nothing of its server', async () => {
    const { deps } = await refreshing();
    const { credential: stored } = await storedGrant(deps);
    const opened = { stored, secret: { refreshToken: 'r', server: {} }, serverClient: null, known: null } as never;
    await expect(exchangeToken(deps, {} as never, opened)).rejects.toMatchObject({ kind: 'client_fault' });
    expect(deps.log.lines).toContainEqual({
      level: 'warn',
      message: 'grant not sent',
      fields: { provider: 'acme', mismatch: 'no_client' },
    });
  });

  it.each([
    ['client_fault', null, false, true],
    ['rejected', 404, false, false],
    ['rejected', 404, true, true],
    ['rejected', 400, true, false],
    ['transient', null, true, false],
  ] as const)(
    'may be old after a fault %s of status %j, with endpoints of an issuer %s: %s',
    (kind, status, isIssued, isOld) => {
      const profile = { issuerEndpoints: isIssued ? issued : null };
      const fault = { kind, status } as ProviderFault;
      expect(isOfOldConfiguration(fault, { profile } as never)).toBe(isOld);
    },
  );

  it.each([
    ['the same', {}, false],
    ['another authentication', { clientAuth: 'client_secret_basic' as const }, true],
    ['another endpoint', { refreshEndpoint: 'https://acme.example/elsewhere' }, true],
  ])('read past the cache with %s is tried again: %j %s', async (_, changed, isOther) => {
    const { deps, tokens } = await refreshing();
    const known = knownProvider();
    deps.providers.set({ ...known, profile: { ...known.profile, ...changed } });
    const refused = { ...known, ...known.client } as never;
    const found = await findRotatedClient(deps, refused, { ...tokens, clientId: known.client?.clientId } as never);
    expect(found !== null).toBe(isOther);
  });
});
