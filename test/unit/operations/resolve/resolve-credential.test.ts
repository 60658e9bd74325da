// What resolve answers: the fields to send, and how fresh they are.
import { describe, expect, it, vi } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import type { KeyPlacement } from '../../../../lib/domain/credential/sendable-fields.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import {
  ALICE,
  MINUTE,
  newApiKey,
  newHostScoped,
  newOAuth2,
  newUserPassword,
  START,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const resolve = (deps: MemoryDeps, given: { minTtlSeconds?: number; scopes?: string[] } = {}) =>
  resolveCredential(deps, { userId: ALICE, credentialId: 'a', scopes: [], ...given });

const resolved = async (credential: NewCredential, placement?: KeyPlacement) => {
  const deps = await userWith([{ ...credential, id: 'a' }]);
  deps.placements = { keyPlacement: async () => placement };
  return resolve(deps);
};

const custom: KeyPlacement = { header: { name: 'X-Api-Key', prefix: 'Key ' } };

describe('the answer of resolveCredential', () => {
  it.each<[string, NewCredential, KeyPlacement | undefined, object]>([
    ['a key as a bearer token', newApiKey(), undefined, { headers: { authorization: 'Bearer key-1' }, query: {} }],
    ['a key in the header of its provider', newApiKey(), custom, { headers: { 'x-api-key': 'Key key-1' }, query: {} }],
    ['a key in the query', newApiKey(), { query: 'appid' }, { headers: {}, query: { appid: 'key-1' } }],
    ['a grant as a bearer token', newOAuth2(), undefined, { headers: { authorization: 'Bearer access-1' }, query: {} }],
    [
      'user name and password as Basic',
      newUserPassword(),
      custom,
      { headers: { authorization: `Basic ${btoa('user-1:password-1')}` }, query: {} },
    ],
    [
      'host headers as they are',
      newHostScoped({ headers: { 'x-a': '1', 'x-b': '2' } }),
      custom,
      { headers: { 'x-a': '1', 'x-b': '2' }, query: {} },
    ],
    ['nothing for a key that is no header', newApiKey({ apiKey: 'a\r\nx: y' }), undefined, { headers: {}, query: {} }],
  ])('carries %s', async (_, credential, placement, fields) => {
    expect(await resolved(credential, placement)).toMatchObject(fields);
  });

  it('carries the credential with its secret', async () => {
    const { credential } = await resolved(newApiKey({ title: 'T' }));
    expect(credential).toMatchObject({ id: 'a', title: 'T', status: 'active', secret: { apiKey: 'key-1' } });
  });

  it('carries the metadata, and never a refresh token', async () => {
    const answer = await resolved(newOAuth2({ refreshToken: 'canary', metadata: { m: 1 } }));
    expect(answer.credential.metadata).toEqual({ m: 1 });
    expect((await resolved(newApiKey())).credential.metadata).toBeNull();
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it("asks for the placement of the credential's own provider", async () => {
    const deps = await userWith([newApiKey({ id: 'a', provider: 'apollo' })]);
    deps.placements.keyPlacement = vi.fn(async () => undefined);
    await resolve(deps);
    expect(deps.placements.keyPlacement).toHaveBeenCalledWith('apollo', 'api_key');
  });

  it('asks for it while the secret is being opened', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const { open } = deps.sealer;
    const asked = Promise.withResolvers<void>();
    deps.placements.keyPlacement = async () => asked.resolve() as undefined;
    deps.sealer.open = async (...request) => {
      await asked.promise;
      return open(...request);
    };
    expect(await resolve(deps)).toMatchObject({ headers: { authorization: 'Bearer key-1' } });
  });

  it('asks for it while the table is read', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    const { readCredential } = deps.users;
    const asked = Promise.withResolvers<void>();
    deps.placements.keyPlacement = async () => asked.resolve() as undefined;
    deps.users.readCredential = async (...row) => {
      await asked.promise;
      return readCredential(...row);
    };
    expect(await resolve(deps)).toMatchObject({ headers: { authorization: 'Bearer key-1' } });
  });

  it('waits for it when the secret cannot be opened, and throws why', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    let isSettled = false;
    deps.placements.keyPlacement = async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      isSettled = true;
      throw new ServiceError('store_unavailable');
    };
    deps.sealer.open = async () => {
      throw new ServiceError('keys_unavailable');
    };
    await expect(resolve(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
    expect(isSettled).toBe(true);
  });

  it.each([
    [START + 10 * MINUTE, new Date(START + 10 * MINUTE).toISOString()],
    [undefined, null],
  ])('answers expiresAt: %j', async (accessTokenExpiresAt, expiresAt) => {
    expect(await resolved(newOAuth2({ accessTokenExpiresAt }))).toMatchObject({ expiresAt, stale: false });
  });

  it('carries the current system key', async () => {
    const deps = memoryDeps({ keys: { openai_api_key: 'op-1' } });
    const answer = await resolveCredential(deps, { userId: ALICE, provider: 'openai', scopes: [] });
    expect(answer).toMatchObject({
      headers: { authorization: 'Bearer op-1' },
      expiresAt: null,
      stale: false,
      credential: { source: 'system', secret: { apiKey: 'op-1' } },
    });
  });

  it('carries a system user name and password as Basic', async () => {
    const deps = memoryDeps({ keys: { webshare_proxy_username: 'u', webshare_proxy_password: 'p' } });
    const answer = await resolveCredential(deps, { userId: ALICE, provider: 'webshare_proxy', scopes: [] });
    expect(answer.headers).toEqual({ authorization: `Basic ${btoa('u:p')}` });
  });

  it('serves ollama with nothing configured', async () => {
    const answer = await resolveCredential(memoryDeps(), { userId: ALICE, provider: 'ollama', scopes: [] });
    expect(answer.credential.secret).toEqual({ apiKey: 'FAKE_API_KEY' });
  });

  it("throws secrets_unavailable when the operator's secrets cannot be read", async () => {
    const deps = memoryDeps();
    deps.systemKeys.systemKeys = vi.fn().mockRejectedValue(new ServiceError('secrets_unavailable'));
    const answer = resolveCredential(deps, { userId: ALICE, provider: 'openai', scopes: [] });
    await expect(answer).rejects.toMatchObject({ code: 'secrets_unavailable' });
  });

  it.each(['keys_unavailable', 'credential_unreadable'] as const)('passes on %s from the sealer', async (code) => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.sealer.open = vi.fn().mockRejectedValue(new ServiceError(code));
    await expect(resolve(deps)).rejects.toMatchObject({ code });
    expect(deps.meter.dimensionsFor('Resolves')).toEqual([{ outcome: code }]);
  });

  it('rethrows a bug and counts it as such', async () => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    deps.sealer.open = vi.fn().mockRejectedValue(new TypeError('a bug'));
    await expect(resolve(deps)).rejects.toThrow('a bug');
    expect(deps.meter.dimensionsFor('Resolves')).toEqual([{ outcome: 'internal_error' }]);
  });

  it('names the scopes that are missing', async () => {
    const deps = await userWith([newOAuth2({ id: 'a', scopes: ['x'] })]);
    await expect(resolve(deps, { scopes: ['z', 'x', 'y'] })).rejects.toMatchObject({
      code: 'insufficient_scopes',
      members: { missingScopes: ['z', 'y'] },
    });
  });
});

describe('resolveCredential of a broken credential', () => {
  it.each<[string, NewCredential]>([
    ['expired', newApiKey({ expiresAt: START })],
    ['no_refresh_token', newOAuth2({ accessTokenExpiresAt: START })],
  ])('answers the reason %s from the instant it expires', async (reason, credential) => {
    const deps = await userWith([{ ...credential, id: 'a' }]);
    await expect(resolve(deps)).rejects.toMatchObject({ code: 'reconnect_required', members: { reason } });
    deps.clock.set(START - 1);
    await expect(resolve(deps)).resolves.toBeDefined();
  });

  it.each(['invalid_grant', 'uncertain_refresh'])(
    'answers the reason %s where a refresh was refused',
    async (reason) => {
      const deps = await userWith([newOAuth2({ id: 'a', refreshToken: 'r' })]);
      const item = deps.table.users.get(ALICE)?.credentials.get('a');
      deps.table.users.get(ALICE)?.credentials.set('a', { ...item, brokenReason: reason });
      await expect(resolve(deps)).rejects.toMatchObject({ code: 'reconnect_required', members: { reason } });
    },
  );

  it('decrypts nothing', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: START })]);
    const open = vi.spyOn(deps.sealer, 'open');
    await resolve(deps).catch(() => {});
    expect(open).not.toHaveBeenCalled();
  });
});

describe('the freshness that resolveCredential asks for', () => {
  /** A token of an hour, stored at START. */
  const hour = (given = {}) => userWith([newOAuth2({ id: 'a', accessTokenExpiresAt: START + 60 * MINUTE, ...given })]);
  const staleWith = async (deps: MemoryDeps, leftMilliseconds: number, minTtlSeconds?: number) => {
    deps.clock.set(START + 60 * MINUTE - leftMilliseconds);
    return (await resolve(deps, { ...(minTtlSeconds !== undefined && { minTtlSeconds }) })).stale;
  };

  it.each([
    [300_001, undefined, false],
    [300_000, undefined, false],
    [299_999, undefined, true],
    [600_000, 600, false],
    [599_999, 600, true],
    [1, 0, false],
  ])('with %i ms left and a minimum of %s s is stale: %s', async (left, minTtlSeconds, stale) => {
    expect(await staleWith(await hour(), left, minTtlSeconds)).toBe(stale);
  });

  it.each([
    [150_000, false],
    [149_999, true],
  ])('with %i ms left of a life of five minutes is stale: %s', async (left, stale) => {
    const deps = await userWith([newOAuth2({ id: 'a', accessTokenExpiresAt: START + 5 * MINUTE })]);
    deps.clock.set(START + 5 * MINUTE - left);
    expect((await resolve(deps)).stale).toBe(stale);
  });

  it('takes the minimum of the deployment when the caller names none', async () => {
    const deps = await hour();
    deps.limits = { ...deps.limits, refreshMinTtlSeconds: 60 };
    expect(await staleWith(deps, 60_000)).toBe(false);
    expect(await staleWith(deps, 59_999)).toBe(true);
  });

  it('reports no API key as stale', async () => {
    const deps = await userWith([newApiKey({ id: 'a', expiresAt: START + 60 * MINUTE })]);
    expect(await staleWith(deps, 1)).toBe(false);
  });

  it.each([
    ['without a refresh token', { accessTokenExpiresAt: START + 60 * MINUTE }],
    ['that never expires', { refreshToken: 'r' }],
  ])('records no use of a grant %s, which the sweep never renews', async (_, given) => {
    const deps = await userWith([newOAuth2({ id: 'a', ...given })]);
    const note = vi.spyOn(deps.refreshes, 'noteUse');
    await resolve(deps);
    expect(note).not.toHaveBeenCalled();
  });

  it('serves a valid token as stale when it cannot be refreshed now', async () => {
    expect(await staleWith(await hour({ refreshToken: 'r' }), 1)).toBe(true);
  });

  it('answers refresh_unavailable once such a token has expired', async () => {
    const deps = await hour({ refreshToken: 'r' });
    deps.clock.set(START + 60 * MINUTE);
    await expect(resolve(deps)).rejects.toMatchObject({ code: 'refresh_unavailable' });
  });
});
