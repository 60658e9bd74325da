// A caller reports that the API refused the token it was given: one refresh for all who report the token that is stored, none for a
// report of an older one, and a mark where nothing can be refreshed.
import { describe, expect, it } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { ProviderFault } from '../../../../lib/domain/ports/oauth-protocol.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { ALICE, userWith } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { newGrant } from '../../../support/memory/memory-oauth.ts';
import {
  answering,
  expireToken,
  findLease,
  GRANT,
  inOwnProcess,
  KEY,
  nearlyExpireToken,
  putLease,
  readAccessToken,
  refreshing,
  storedGrant,
} from '../../../support/providers/refreshing.ts';

const report = (deps: MemoryDeps, refusedTokenRef?: string, provider = 'acme') =>
  resolveCredential(deps, { userId: ALICE, provider, scopes: [], refusedTokenRef });

const countRefreshes = (deps: MemoryDeps): number => deps.oauth.callsTo('refresh').length;

const TRANSIENT = new ProviderFault('transient');

describe('a report of the stored token', () => {
  it('is answered with a new token, although the old one has an hour left', async () => {
    const { deps } = await refreshing();
    const first = await report(deps);
    const second = await report(deps, first.tokenRef);
    expect(readAccessToken(second)).not.toBe(readAccessToken(first));
    expect(second.tokenRef).not.toBe(first.tokenRef);
    expect([countRefreshes(deps), second.stale]).toEqual([1, false]);
    // No back-off took the place of the lease.
    expect(findLease(deps)).toMatchObject({ held: true });
  });

  it('sends the refresh in the call itself, not through the function that refreshes', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    deps.dispatcher = { dispatch: async () => expect.unreachable() };
    await report(deps, tokenRef);
    expect(countRefreshes(deps)).toBe(1);
  });

  it('is one refresh for 200 reporters in four processes', async () => {
    const { deps } = await refreshing();
    // Sleeping takes turns and no time: of 200 sleepers each would advance the one clock.
    deps.sleep = () => new Promise((done) => setImmediate(done));
    const { tokenRef } = await report(deps);
    const processes = Array.from({ length: 4 }, () => inOwnProcess(deps));
    const reports = Array.from({ length: 200 }, (_, index) => report(processes[index % 4] as MemoryDeps, tokenRef));
    const answers = await Promise.all(reports);
    expect(new Set(answers.map(readAccessToken)).size).toBe(1);
    expect(countRefreshes(deps)).toBe(1);
  });

  it('joins the refresh that another caller has begun', async () => {
    const world = await refreshing();
    const { tokenRef } = await report(world.deps);
    nearlyExpireToken(world);
    const answers = await Promise.all([
      report(inOwnProcess(world.deps)),
      report(inOwnProcess(world.deps), tokenRef),
      report(inOwnProcess(world.deps), tokenRef),
    ]);
    expect(countRefreshes(world.deps)).toBe(1);
    expect(answers.slice(1).map((answer) => answer.tokenRef)).not.toContain(tokenRef);
  });

  it('refreshes although a lost holder may have spent the refresh token: the access token is worth nothing', async () => {
    const { deps } = await refreshing({ kind: 'grace' });
    const { tokenRef } = await report(deps);
    const { credential } = await storedGrant(deps);
    putLease(deps, {
      ...{ id: 'lost', tokenRev: credential.secretRev, nextRev: 'next', until: deps.clock.now() - 60_000 },
      ...{ held: true, rotates: true, uncertain: false, failures: 0 },
    });
    expect((await report(deps, tokenRef)).tokenRef).not.toBe(tokenRef);
    expect(countRefreshes(deps)).toBe(1);
  });

  it('checks the scopes first', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    const asked = { userId: ALICE, provider: 'acme', scopes: ['write'], refusedTokenRef: tokenRef };
    await expect(resolveCredential(deps, asked)).rejects.toMatchObject({ code: 'insufficient_scopes' });
    expect(countRefreshes(deps)).toBe(0);
  });

  it('marks the credential when the provider refuses the refresh token too', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    answering(deps, new ProviderFault('dead_grant'));
    const refused = { code: 'reconnect_required', members: { reason: 'invalid_grant' } };
    await expect(report(deps, tokenRef)).rejects.toMatchObject(refused);
    await expect(report(deps)).rejects.toMatchObject(refused);
    expect(countRefreshes(deps)).toBe(1);
  });
});

describe('a report of another token', () => {
  it.each(['x', '0'.repeat(64), '__proto__', '💥'])('such as %j changes nothing', async (unknown) => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    expect((await report(deps, unknown)).tokenRef).toBe(tokenRef);
    expect(countRefreshes(deps)).toBe(0);
  });

  it('is answered with the stored one: a slow reporter causes no second refresh', async () => {
    const { deps } = await refreshing();
    const first = await report(deps);
    const second = await report(deps, first.tokenRef);
    for (const late of [deps, inOwnProcess(deps)]) {
      expect((await report(late, first.tokenRef)).tokenRef).toBe(second.tokenRef);
    }
    expect(countRefreshes(deps)).toBe(1);
  });

  it('is refreshed as any call when the stored token has expired', async () => {
    const world = await refreshing();
    const first = await report(world.deps);
    await report(world.deps, first.tokenRef);
    expireToken(world);
    expect(readAccessToken(await report(world.deps, first.tokenRef))).not.toBe(readAccessToken(first));
    expect(countRefreshes(world.deps)).toBe(2);
  });
});

describe('a report during a back-off', () => {
  it('is 503 with Retry-After until the next step, which makes one more refresh', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    answering(deps, new ProviderFault('transient', { retryAfterSeconds: 30 }));
    const unavailable = { code: 'refresh_unavailable', retryAfterSeconds: 30 };
    await expect(report(deps, tokenRef)).rejects.toMatchObject(unavailable);
    for (const at of [deps, inOwnProcess(deps)]) await expect(report(at, tokenRef)).rejects.toMatchObject(unavailable);
    expect(countRefreshes(deps)).toBe(1);
    // A caller who does not report it still gets the token.
    expect((await report(deps)).tokenRef).toBe(tokenRef);
    deps.clock.advance(30_000);
    await expect(report(deps, tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(countRefreshes(deps)).toBe(2);
  });

  it('waits longer from step to step', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    answering(deps, TRANSIENT);
    for (let step = 0; step < 6; step++) {
      await expect(report(deps, tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
      deps.clock.set(findLease(deps)?.until ?? 0);
    }
    expect(findLease(deps)).toMatchObject({ failures: 6 });
    expect(countRefreshes(deps)).toBe(6);
  });
});

describe('a provider that answers the refused token again', () => {
  const repeating = async () => {
    const { deps, tokens } = await refreshing({ kind: 'static' });
    const first = await report(deps);
    answering(
      deps,
      newGrant({ accessToken: tokens.accessToken, refreshToken: 'refresh-f0-1', expiresInSeconds: 3600 }),
    );
    return { deps, first };
  };

  it('is called once per back-off step, and nobody is answered with the token they reported', async () => {
    const { deps, first } = await repeating();
    for (let step = 1; step <= 4; step++) {
      const reports = Array.from({ length: 20 }, () => report(inOwnProcess(deps), first.tokenRef));
      for (const { status, reason } of (await Promise.allSettled(reports)) as PromiseRejectedResult[]) {
        expect([status, reason.code]).toEqual(['rejected', 'refresh_unavailable']);
        expect(reason.retryAfterSeconds).toBeGreaterThanOrEqual(1);
      }
      expect(countRefreshes(deps)).toBe(step);
      expect(findLease(deps)).toMatchObject({ held: false, failures: step, uncertain: false });
      deps.clock.set(findLease(deps)?.until ?? 0);
    }
  });

  it('starts no back-off where nobody reported it', async () => {
    const { deps } = await repeating();
    deps.clock.advance(3_600_000);
    await report(deps);
    expect([countRefreshes(deps), findLease(deps)?.held]).toEqual([1, true]);
  });

  it('leaves its name and its new refresh token stored', async () => {
    const { deps, first } = await repeating();
    await expect(report(deps, first.tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect((await report(deps)).tokenRef).toBe(first.tokenRef);
    expect((await storedGrant(deps)).secret.refreshToken).toBe('refresh-f0-1');
  });

  it('gets no second call from a reporter who comes before the back-off is stored', async () => {
    const { deps, first } = await repeating();
    const { swapLease } = deps.refreshes;
    // The process dies after it has stored the result.
    deps.refreshes.swapLease = async (key, swap) => (swap.to.held ? swapLease(key, swap) : false);
    await expect(report(deps, first.tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    deps.refreshes.swapLease = swapLease;
    await expect(report(deps, first.tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(countRefreshes(deps)).toBe(1);
    deps.clock.advance(60_000);
    await expect(report(deps, first.tokenRef)).rejects.toMatchObject({ code: 'refresh_unavailable' });
    expect(countRefreshes(deps)).toBe(2);
  });
});

const STATIC: [string, NewCredential][] = [
  ['an API key', { type: 'api_key', provider: 'acme', id: GRANT, apiKey: 'k' }],
  ['a password', { type: 'user_password', provider: 'acme', id: GRANT, username: 'u', password: 'p' }],
  [
    'headers of a host',
    { type: 'host_scoped', provider: 'acme', id: GRANT, host: 'a.test', headers: { 'x-key': 'k' } },
  ],
  [
    'a token without a refresh token',
    { type: 'oauth2', provider: 'acme', id: GRANT, accessToken: 'at', scopes: [], accessTokenExpiresAt: undefined },
  ],
];

describe.each(STATIC)('a report of %s', (_, credential) => {
  const refused = { code: 'reconnect_required', members: { reason: 'refused' } };

  it('marks the credential for all callers and views, until it is replaced', async () => {
    const deps = await userWith([credential]);
    const { tokenRef } = await report(deps);
    await expect(report(deps, tokenRef)).rejects.toMatchObject(refused);
    await expect(report(deps, tokenRef)).rejects.toMatchObject(refused);
    await expect(report(deps)).rejects.toMatchObject(refused);
    const { credentials } = await listCredentials(deps, { userId: ALICE });
    expect(credentials[0]).toMatchObject({ id: GRANT, status: 'reconnect_required', reason: 'refused', version: 2 });
    const { id: __, ...next } = credential;
    await replaceCredential(deps, { userId: ALICE, id: GRANT, credential: next as NewCredential });
    const answer = await report(deps, tokenRef);
    expect(answer.credential).toMatchObject({ status: 'active', reason: null });
    expect(answer.tokenRef).not.toBe(tokenRef);
  });

  it('of an earlier secret marks nothing', async () => {
    const deps = await userWith([credential]);
    const { tokenRef } = await report(deps);
    const { id: __, ...next } = credential;
    await replaceCredential(deps, { userId: ALICE, id: GRANT, credential: next as NewCredential });
    expect((await report(deps, tokenRef)).credential.status).toBe('active');
  });

  it('that loses against a replacement leaves it unmarked, and answers it', async () => {
    const deps = await userWith([credential]);
    const { tokenRef } = await report(deps);
    const { markReconnectRequired } = deps.refreshes;
    const { id: __, ...next } = credential;
    deps.refreshes.markReconnectRequired = async (...marked) => {
      await replaceCredential(deps, { userId: ALICE, id: GRANT, credential: next as NewCredential });
      return markReconnectRequired(...marked);
    };
    expect((await report(deps, tokenRef)).credential.status).toBe('active');
  });
});

describe('a report of the key of one of two credentials', () => {
  it('marks that one, and later calls get the other', async () => {
    const key = (id: string): NewCredential => ({ type: 'api_key', provider: 'acme', id, apiKey: id });
    const deps = await userWith([key('a'), key('b')]);
    const { tokenRef } = await report(deps);
    await expect(report(deps, tokenRef)).rejects.toMatchObject({ code: 'reconnect_required' });
    for (const late of [undefined, tokenRef]) expect((await report(deps, late)).credential.id).toBe('b');
  });
});

describe('a report of a system key', () => {
  const withSystemKey = () => memoryDeps({ keys: { openai_api_key: 'operator-key' } });

  it('is reconnect_required for that call only, and raises the operator’s alarm', async () => {
    const deps = withSystemKey();
    const { tokenRef } = await report(deps, undefined, 'openai');
    await expect(report(deps, tokenRef, 'openai')).rejects.toMatchObject({
      code: 'reconnect_required',
      members: { reason: 'refused' },
    });
    expect(deps.meter.dimensionsFor('OperatorFaults')).toHaveLength(1);
    expect(deps.meter.dimensionsFor('RefusedSystemKeys')).toEqual([{ provider: 'openai' }]);
    const next = await report(deps, undefined, 'openai');
    expect([next.credential.status, next.tokenRef]).toEqual(['active', tokenRef]);
  });

  it('of an earlier key is answered with the present one', async () => {
    const { tokenRef } = await report(withSystemKey(), undefined, 'openai');
    const rotated = memoryDeps({ keys: { openai_api_key: 'rotated' } });
    expect((await report(rotated, tokenRef, 'openai')).credential.secret).toEqual({ apiKey: 'rotated' });
    expect(rotated.meter.dimensionsFor('OperatorFaults')).toEqual([]);
  });
});

describe('a refused token of a row that changes meanwhile', () => {
  it('is compared again: the refresh of another caller is answered, not repeated', async () => {
    const { deps } = await refreshing();
    const { tokenRef } = await report(deps);
    const { readLease } = deps.refreshes;
    let others = 0;
    deps.refreshes.readLease = async (key) => {
      if (others++ === 0) await report(inOwnProcess(deps), tokenRef);
      return readLease(key);
    };
    expect((await report(deps, tokenRef)).tokenRef).not.toBe(tokenRef);
    expect(countRefreshes(deps)).toBe(1);
    expect(KEY.credentialId).toBe(GRANT);
  });
});
