// What follows a failed refresh: only invalid_grant marks the grant; after any other failure the provider is not called
// for a while and a valid token is served.
import { describe, expect, it } from 'vitest';
import { ProviderFault, type ProviderFaultKind } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { ALICE, MINUTE } from '../../../support/builders.ts';
import { knownProvider, newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  answering,
  expireToken,
  findLease,
  GRANT,
  nearlyExpireToken,
  type Refreshing,
  readAccessToken,
  refreshing,
  resolveGrant,
  storedGrant,
  storeGrant,
} from '../../../support/providers/refreshing.ts';

const NOT_FOR_GOOD: ProviderFaultKind[] = ['transient', 'client_fault', 'rejected', 'denied'];
const unavailable = { code: 'refresh_unavailable' };

describe('a refresh token that the provider refuses with invalid_grant', () => {
  it('leads to reconnect_required and is never sent again', async () => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault('dead_grant'));
    expireToken(world);
    for (let call = 0; call < 3; call++) {
      await expect(resolveGrant(world.deps)).rejects.toMatchObject({
        code: 'reconnect_required',
        members: { reason: 'invalid_grant' },
      });
    }
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect((await storedGrant(world.deps)).credential).toMatchObject({ brokenReason: 'invalid_grant', version: 2 });
  });

  it('removes the grant from the sweep’s index', async () => {
    const world = await refreshing();
    await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).credential.dueAt).not.toBeNull();
    answering(world.deps, new ProviderFault('dead_grant'));
    expireToken(world);
    await resolveGrant(world.deps).catch(() => {});
    expect((await storedGrant(world.deps)).credential).toMatchObject({ dueAt: null, dueShard: null });
  });

  it('marks nothing when secretRev has changed meanwhile', async () => {
    const world = await refreshing();
    world.deps.oauth.script.meanwhile = async () => {
      world.deps.oauth.script.meanwhile = async () => undefined;
      await world.deps.refreshes.storeRefreshed(
        { userId: ALICE, credentialId: GRANT },
        await readSecretRev(world.deps),
        {
          ...(await storedGrant(world.deps)).credential,
          ...(await sealedAnew(world.deps, 'access-of-another')),
        },
      );
    };
    answering(world.deps, new ProviderFault('dead_grant'));
    expireToken(world);
    expect(readAccessToken(await resolveGrant(world.deps))).toBe('access-of-another');
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
  });

  it('is cleared by the next connection', async () => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault('dead_grant'));
    expireToken(world);
    await resolveGrant(world.deps).catch(() => {});
    const { replaceCredential } = await import('../../../../lib/operations/credential/replace-credential.ts');
    const credential = { type: 'oauth2', provider: 'acme', accessToken: 'again', scopes: ['read'] } as const;
    await replaceCredential(world.deps, { userId: ALICE, id: GRANT, credential: { ...credential, scopes: ['read'] } });
    expect(readAccessToken(await resolveGrant(world.deps))).toBe('again');
  });
});

describe.each(NOT_FOR_GOOD)('a refresh that fails as %s', (kind) => {
  it('marks nothing and serves a token that is still valid', async () => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault(kind));
    nearlyExpireToken(world);
    const resolved = await resolveGrant(world.deps);
    expect([readAccessToken(resolved), resolved.stale]).toEqual([world.tokens.accessToken, true]);
    expect((await storedGrant(world.deps)).credential).toMatchObject({ brokenReason: null, version: 1 });
  });

  it('is counted by kind, and as OperatorFaults for client_fault', async () => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault(kind));
    nearlyExpireToken(world);
    await resolveGrant(world.deps);
    expect(world.deps.meter.dimensionsFor('Refreshes')).toEqual([{ provider: 'acme', outcome: kind }]);
    expect(world.deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(kind === 'client_fault' ? 1 : 0);
  });

  it('answers refresh_unavailable with Retry-After without a valid token', async () => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault(kind));
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 1 });
  });

  it('has no effect after the next refresh that succeeds', async () => {
    const world = await refreshing();
    const works = world.deps.oauth.script.refreshed;
    answering(world.deps, new ProviderFault(kind));
    expireToken(world);
    await resolveGrant(world.deps).catch(() => {});
    world.deps.oauth.script.refreshed = works;
    world.deps.clock.advance(1_000);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });
});

describe('the back-off after a transient failure', () => {
  const failing = async (retryAfterSeconds: number | null = null) => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault('transient', { retryAfterSeconds }));
    expireToken(world);
    return world;
  };
  const readPause = (world: Awaited<ReturnType<typeof failing>>) =>
    (findLease(world.deps)?.until ?? 0) - world.deps.clock.now();

  it('prevents provider calls from any caller', async () => {
    const world = await failing();
    for (let call = 0; call < 5; call++) await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
  });

  it('doubles from one second to fifteen, jittered by half', async () => {
    const world = await failing();
    for (const longest of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]) {
      await resolveGrant(world.deps).catch(() => {});
      expect(readPause(world)).toBeGreaterThanOrEqual(longest / 2);
      expect(readPause(world)).toBeLessThanOrEqual(longest);
      world.deps.clock.advance(readPause(world));
    }
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(7);
  });

  it.each([
    [30, 30_000],
    [3_600, 60_000],
  ])('follows the provider’s Retry-After of %i s, up to a minute', async (asked, pause) => {
    const world = await failing(asked);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ retryAfterSeconds: pause / 1000 });
    expect(readPause(world)).toBe(pause);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: pause / 1000 });
  });

  it('ends with a new secret', async () => {
    const world = await failing(60);
    await resolveGrant(world.deps).catch(() => {});
    const { deleteCredential } = await import('../../../../lib/operations/credential/delete-credential.ts');
    await deleteCredential(world.deps, { userId: ALICE, id: GRANT });
    await storeGrant(world.deps, { ...world.provider.signIn('strict'), livesMilliseconds: 1 });
    world.deps.oauth.script.refreshed = (token) => world.provider.exchange(token);
    world.deps.clock.advance(1);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });
});

describe('a client that the provider refuses', () => {
  const rotated = async (secretNow: string) => {
    const world = await refreshing();
    const { provider, deps } = world;
    const known = knownProvider();
    deps.providers.findPastCache = async () => ({
      ...known,
      client: { clientId: 'client-1', clientSecret: new Secret(secretNow) },
    });
    deps.oauth.script.refreshed = (token, { clientSecret }) =>
      clientSecret?.expose() === 'rotated' ? provider.exchange(token) : new ProviderFault('client_fault');
    expireToken(world);
    return world;
  };

  it('is read once more past the cache, and used when it has changed', async () => {
    const world = await rotated('rotated');
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(2);
  });

  it('is an operator fault when it is the same, and marks no credential', async () => {
    const world = await rotated('client-secret-1');
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(world.deps.oauth.callsTo('refresh')).toHaveLength(1);
    expect((await storedGrant(world.deps)).credential.brokenReason).toBeNull();
    expect(world.deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
  });

  it('is an operator fault when it is no longer configured, and no lease is taken', async () => {
    const world = await refreshing();
    world.deps.providers.remove('acme');
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, cause: { kind: 'client_fault' } });
    expect(findLease(world.deps)).toBeUndefined();
    expect(world.deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
  });
});

describe('a fault of a dependency during a refresh', () => {
  it.each([
    ['the keys', 'keys_unavailable', 'sealer', 'openToReseal'],
    ['the operator’s secrets', 'secrets_unavailable', 'providers', 'find'],
    ['the table', 'store_unavailable', 'refreshes', 'readLease'],
    ['the table, under the lease', 'store_busy', 'users', 'readCredential'],
  ] as const)('of %s spends nothing, gives the lease back and says so', async (_, code, port, method) => {
    const world = await refreshing();
    expireToken(world);
    const works = world.deps[port] as unknown as Record<string, unknown>;
    const { [method]: working } = works;
    works[method] = async () => {
      throw new ServiceError(code);
    };
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code });
    works[method] = working;
    expect(world.deps.oauth.calls).toEqual([]);
    expect(findLease(world.deps)?.held ?? false).toBe(false);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
  });

  it.each([
    ['secrets_unavailable', 'providers', 'find'],
    ['keys_unavailable', 'sealer', 'openToReseal'],
    ['store_busy', 'refreshes', 'readLease'],
    ['store_unavailable', 'refreshes', 'swapLease'],
    ['refresh_unavailable', 'users', 'readCredential'],
  ] as const)('serves the token that still lives: %s', async (code, port, method) => {
    const world = await refreshing();
    nearlyExpireToken(world);
    (world.deps[port] as unknown as Record<string, unknown>)[method] = async () => {
      throw new ServiceError(code);
    };
    expect((await resolveGrant(world.deps)).stale).toBe(true);
  });

  it.each([
    ['not an OAuth secret', 'nonsense'],
    ['without the refresh token its row declares', { accessToken: 'a' }],
  ])('does not cause a provider call when the stored secret is %s', async (_, document) => {
    const world = await refreshing();
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async (...given) => ({ ...(await openToReseal(...given)), document });
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ code: 'credential_unreadable' });
    expect(world.deps.oauth.calls).toEqual([]);
    expect(findLease(world.deps)?.held).toBe(false);
  });

  const failingToEnd = async (error: Error) => {
    const world = await refreshing();
    answering(world.deps, new ProviderFault('transient', { retryAfterSeconds: 7 }));
    expireToken(world);
    const { swapLease } = world.deps.refreshes;
    world.deps.refreshes.swapLease = async (key, swap) => {
      if (!swap.to.held) throw error;
      return swapLease(key, swap);
    };
    return world;
  };

  it('leaves a lease that cannot be released to expire', async () => {
    const world = await failingToEnd(new ServiceError('store_busy'));
    await expect(resolveGrant(world.deps)).rejects.toMatchObject({ ...unavailable, retryAfterSeconds: 7 });
    expect(findLease(world.deps)?.held).toBe(true);
  });

  it.each<[string, ({ deps }: Refreshing) => object]>([
    ['the provider’s adapter', ({ deps }) => Object.assign(deps.oauth, { refresh: bug })],
    ['the store of the result', ({ deps }) => Object.assign(deps.refreshes, { storeRefreshed: bug })],
  ])('is not reported for a bug in %s', async (_, breakIt) => {
    const world = await refreshing();
    breakIt(world);
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toThrow('a bug');
  });

  it('is not reported for a bug in releasing the lease', async () => {
    const world = await failingToEnd(new TypeError('a bug'));
    await expect(resolveGrant(world.deps)).rejects.toThrow('a bug');
  });

  it('decrypts the data key before the provider call, and calls KMS no more after it', async () => {
    const world = await refreshing();
    world.deps.oauth.script.meanwhile = async () => {
      for (const method of ['seal', 'open', 'openToReseal'] as const) {
        world.deps.sealer[method] = async () => {
          throw new ServiceError('keys_unavailable');
        };
      }
    };
    expireToken(world);
    expect((await resolveGrant(world.deps)).stale).toBe(false);
    const { credential } = (await world.deps.users.readCredential(ALICE, GRANT)) as { credential: { version: number } };
    expect(credential.version).toBe(2);
  });

  it('stores the result when the store recovers within the lease', async () => {
    const world = await refreshing();
    const { storeRefreshed } = world.deps.refreshes;
    let refused = 0;
    world.deps.refreshes.storeRefreshed = async (...given) => {
      if (++refused <= 3) throw new ServiceError('store_unavailable');
      return storeRefreshed(...given);
    };
    expireToken(world);
    const resolved = await resolveGrant(world.deps);
    expect((await storedGrant(world.deps)).secret.accessToken).toBe(readAccessToken(resolved));
  });

  it('answers the new token in bounded time even when the store never accepts it', async () => {
    const world = await refreshing();
    world.deps.refreshes.storeRefreshed = async () => {
      throw new ServiceError('store_unavailable');
    };
    expireToken(world);
    const began = world.deps.clock.now();
    const resolved = await resolveGrant(world.deps);
    expect(readAccessToken(resolved)).not.toBe(world.tokens.accessToken);
    expect(world.deps.clock.now() - began).toBeLessThanOrEqual(world.deps.budget.leaseMilliseconds);
    expect(world.deps.meter.dimensionsFor('Refreshes')).toEqual([{ provider: 'acme', outcome: 'unsaved' }]);
    // The lease stays until it expires: the old refresh token may have been used.
    expect(findLease(world.deps)).toMatchObject({ held: true, rotates: true });
  });

  it('stops retrying the store one pause before the lease ends, and answers the version the row would have', async () => {
    const world = await refreshing();
    world.deps.budget = { ...world.deps.budget, leaseMilliseconds: 11_600 };
    world.deps.refreshes.storeRefreshed = async () => {
      throw new ServiceError('store_unavailable');
    };
    expireToken(world);
    const began = world.deps.clock.now();
    expect((await resolveGrant(world.deps)).credential.version).toBe(2);
    expect(world.deps.clock.now() - began).toBe(11_400);
  });

  it('starts no refresh that could not be stored within the lease', async () => {
    const world = await refreshing();
    const { openToReseal } = world.deps.sealer;
    world.deps.sealer.openToReseal = async (...given) => {
      world.deps.clock.advance(2 * MINUTE);
      return openToReseal(...given);
    };
    expireToken(world);
    await expect(resolveGrant(world.deps)).rejects.toMatchObject(unavailable);
    expect(world.deps.oauth.calls).toEqual([]);
  });
});

const bug = async (): Promise<never> => {
  throw new TypeError('a bug');
};

const readSecretRev = async (deps: Parameters<typeof storedGrant>[0]) => (await storedGrant(deps)).credential.secretRev;

/** The grant under another secret, as another process would store it. */
const sealedAnew = async (deps: Parameters<typeof storedGrant>[0], accessToken: string) => {
  const { credential } = await storedGrant(deps);
  const { sealContext: bindingOf } = await import('../../../../lib/domain/credential/credential.ts');
  const next = { ...credential, secretRev: 'another', expiresAt: deps.clock.now() + 60 * MINUTE };
  const { sealed } = await deps.sealer.seal(bindingOf(next), { accessToken, refreshToken: 'refresh-of-another' });
  return { secretRev: 'another', expiresAt: next.expiresAt, sealed };
};

describe('the grants of other users', () => {
  it('are not affected by a failure', async () => {
    const world = await refreshing();
    await storeGrant(world.deps, { id: 'second', ...world.provider.signIn('strict') });
    answering(world.deps, newGrant({ expiresInSeconds: 3600 }));
    expireToken(world);
    await resolveGrant(world.deps);
    expect(await world.deps.users.readCredential(ALICE, 'second')).toMatchObject({ credential: { version: 1 } });
  });
});
