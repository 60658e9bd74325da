// The client of a grant at a discovered server: only the one that the grant was issued to, at its own issuer and redirect URI.
import { describe, expect, it } from 'vitest';
import type { ClientSource } from '../../../../lib/domain/mcp/authorization-server.ts';
import { clientSealContext } from '../../../../lib/domain/mcp/registered-client.ts';
import { providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { RegisteredClient } from '../../../../lib/domain/ports/issuer-store.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { ServiceError } from '../../../../lib/domain/values/service-error.ts';
import { type BoundClient, findGrantServerClient } from '../../../../lib/steps/mcp/find-grant-server-client.ts';
import { untouchable } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { memoryProviders } from '../../../support/memory/memory-oauth.ts';

const ISSUER = 'https://auth.example';
const REDIRECT = 'https://keyhold.example/v1/oauth/callback';
const PLACE = { issuer: ISSUER, redirectUri: REDIRECT, clientId: 'client-1', origins: [ISSUER], secretRev: 'rev-1' };

const bound = (given: Partial<BoundClient> = {}): BoundClient => ({
  issuer: ISSUER,
  redirectUri: REDIRECT,
  clientId: 'client-1',
  tokenEndpoint: `${ISSUER}/token`,
  revocationEndpoint: `${ISSUER}/revoke`,
  client: 'registered',
  clientAuth: 'client_secret_basic',
  ...given,
});

const withClient = async (given: Partial<RegisteredClient> = {}): Promise<MemoryDeps> => {
  const deps = memoryDeps({ registrations: untouchable('registrations') });
  const secret = await deps.sealer.seal(clientSealContext(PLACE), { clientSecret: 'sealed-secret' });
  const life = { expiresAt: null, createdAt: deps.clock.now(), refusedAt: null, unusedUntil: null };
  await deps.issuers.putClient({ ...PLACE, ...life, clientAuth: 'client_secret_basic', secret, ...given }, null);
  return deps;
};

const find = async (deps: MemoryDeps, given: Partial<BoundClient> = {}) => {
  const found = await findGrantServerClient(deps, bound(given));
  return found.kind === 'found' ? [found.clientId, found.clientSecret?.expose() ?? null] : found.kind;
};

describe('the client of a grant', () => {
  it('is the registered one with its secret', async () => {
    expect(await find(await withClient())).toEqual(['client-1', 'sealed-secret']);
  });

  it('is the registered one although its secret has expired: the server decides', async () => {
    const deps = await withClient({ expiresAt: 1 });
    expect(await find(deps)).toEqual(['client-1', 'sealed-secret']);
  });

  it('is the one that the grant was issued to after others took its place, refused or not', async () => {
    const deps = await withClient();
    await deps.issuers.noteRefusedClient(PLACE, 2);
    for (const clientId of ['client-2', 'client-3']) {
      const present = await deps.issuers.readClient(PLACE);
      if (present) await deps.issuers.putClient({ ...present, clientId, secretRev: clientId }, present);
    }
    expect(await find(deps)).toEqual(['client-1', 'sealed-secret']);
    expect(await find(deps, { issuer: 'https://auth2.example' })).toBe('client_gone');
    expect(await find(deps, { redirectUri: 'https://app.example/oauth/callback' })).toBe('client_gone');
    expect(await find(deps, { clientId: 'client-0' })).toBe('client_gone');
  });

  it('has no secret where the grant is a public client’s', async () => {
    expect(await find(await withClient({ secret: null, clientAuth: 'none' }), { clientAuth: 'none' })).toEqual([
      'client-1',
      null,
    ]);
  });

  it.each<[string, Partial<BoundClient>]>([
    ['another client', { clientId: 'client-0' }],
    ['another issuer', { issuer: 'https://auth2.example' }],
    ['another spelling of the issuer', { issuer: `${ISSUER}/` }],
    ['another redirect URI', { redirectUri: 'https://app.example/oauth/callback' }],
  ])('is gone for a grant of %s', async (_, given) => {
    expect(await find(await withClient(), given)).toBe('client_gone');
  });

  it('is gone where only a public client is left: no empty secret is sent', async () => {
    expect(await find(await withClient({ secret: null, clientAuth: 'none' }))).toBe('client_gone');
  });

  it.each<[string, Partial<RegisteredClient>]>([
    ['another issuer', { issuer: 'https://auth2.example' }],
    ['another redirect URI', { redirectUri: 'https://app.example/oauth/callback' }],
    ['another client', { clientId: 'client-2' }],
    ['another version of the secret', { secretRev: 'rev-2' }],
  ])('is unreadable where its row was copied to %s', async (_, moved) => {
    const deps = await withClient(moved);
    const { issuer, redirectUri, clientId } = { ...PLACE, ...moved };
    expect(await find(deps, { issuer, redirectUri, clientId })).toBe('unreadable');
  });

  it('is unreadable where a writer of the table named other origins: the secret is sealed under its own', async () => {
    const deps = await withClient({ origins: ['https://evil.example'] });
    expect(await find(deps, { tokenEndpoint: 'https://evil.example/token', revocationEndpoint: null })).toBe(
      'unreadable',
    );
  });

  it.each<[string, Partial<BoundClient>]>([
    ['the token endpoint', { tokenEndpoint: 'https://evil.example/token' }],
    ['the revocation endpoint', { revocationEndpoint: 'https://evil.example/revoke' }],
    ['no URL', { tokenEndpoint: '' }],
  ])('is not answered for %s at another origin than it was registered for, and nothing is opened', async (_, given) => {
    const deps = await withClient();
    deps.sealer = untouchable('sealer');
    expect(await find(deps, given)).toBe('other_origin');
  });

  it('is answered for both origins that it was registered for', async () => {
    const origins = [ISSUER, 'https://revoke.example'];
    const deps = memoryDeps();
    const place = { ...PLACE, origins };
    const secret = await deps.sealer.seal(clientSealContext(place), { clientSecret: 'sealed-secret' });
    const life = { expiresAt: null, createdAt: deps.clock.now(), refusedAt: null, unusedUntil: null };
    await deps.issuers.putClient({ ...place, ...life, clientAuth: 'client_secret_basic', secret }, null);
    const given = { revocationEndpoint: 'https://revoke.example/' };
    expect(await find(deps, given)).toEqual(['client-1', 'sealed-secret']);
  });

  it('is unreadable where the sealed document is not one', async () => {
    const deps = memoryDeps();
    const secret = await deps.sealer.seal(clientSealContext(PLACE), { clientSecret: '' });
    const rest = {
      expiresAt: null,
      createdAt: 1,
      refusedAt: null,
      unusedUntil: null,
      clientAuth: 'client_secret_basic' as const,
    };
    await deps.issuers.putClient({ ...PLACE, ...rest, secret }, null);
    expect(await find(deps)).toBe('unreadable');
  });

  it('is not answered while the key service fails', async () => {
    const deps = await withClient();
    deps.sealer.open = async () => {
      throw new ServiceError('keys_unavailable');
    };
    await expect(find(deps)).rejects.toMatchObject({ code: 'keys_unavailable' });
  });

  it('is the document’s URL as the grant has it, and nothing is read', async () => {
    const deps = { ...memoryDeps(), issuers: untouchable('issuers'), providers: untouchable('providers') };
    const given = {
      client: 'document' as const,
      clientId: 'https://old.example/client.json',
      clientAuth: 'none' as const,
    };
    expect(await findGrantServerClient(deps, bound(given))).toEqual({
      kind: 'found',
      clientId: 'https://old.example/client.json',
      clientSecret: null,
    });
  });
});

describe('the operator’s client of a grant', () => {
  const ENDPOINTS = { authorizationEndpoint: `${ISSUER}/authorize`, tokenEndpoint: `${ISSUER}/token` };
  const keys = (clientId: string) => ({ clientId, clientSecret: new Secret(`secret of ${clientId}`) });
  const operator = (issuer: string) => ({
    provider: 'acme',
    profile: providerProfile('acme', { ...ENDPOINTS, issuer }),
    client: { ...keys('present'), olderClients: [keys('older')] },
  });
  const source: { client: ClientSource } = { client: 'operator' };

  it.each(['present', 'older'])('is the %s one of the entry', async (clientId) => {
    const deps = memoryDeps({ providers: memoryProviders(operator(ISSUER)) });
    expect(await find(deps, { ...source, clientId })).toEqual([clientId, `secret of ${clientId}`]);
  });

  it('is not configured where no entry names it, or only one of another issuer', async () => {
    const [own, foreign] = [operator(ISSUER), operator('https://auth2.example')];
    expect(await find(memoryDeps({ providers: memoryProviders(own) }), { ...source, clientId: 'gone' })).toBe(
      'not_configured',
    );
    expect(await find(memoryDeps({ providers: memoryProviders(foreign) }), { ...source, clientId: 'present' })).toBe(
      'not_configured',
    );
    expect(await find(memoryDeps(), { ...source, clientId: 'present' })).toBe('not_configured');
  });

  it('is looked for past the cache before it counts as not configured', async () => {
    const deps = memoryDeps();
    const { findPastCache } = deps.providers;
    deps.providers.findPastCache = async (provider) => {
      deps.providers.set(operator(ISSUER));
      return findPastCache(provider);
    };
    expect(await find(deps, { ...source, clientId: 'present' })).toEqual(['present', 'secret of present']);
  });
});
