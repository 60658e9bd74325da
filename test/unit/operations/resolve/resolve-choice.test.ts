// Which credential resolve chooses: the first class with any candidate decides, and only it.
import { describe, expect, it } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import {
  ALICE,
  BOB,
  BROKEN_ITEM,
  newApiKey,
  newHostScoped,
  newOAuth2,
  putRawItem,
  START,
  untouchable,
  userWith,
} from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';

const OPENAI = '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a';
/** At a host of OpenAI's API, so that keys, too, may be sent there. */
const URL_A = 'https://a.api.openai.com/v1';
const openaiKey = { keys: { openai_api_key: 'system-key' } };

interface Request {
  provider?: string;
  credentialId?: string;
  url?: string;
  scopes?: string[];
}

const resolve = (deps: MemoryDeps, request: Request, userId = ALICE) =>
  resolveCredential(deps, { userId, scopes: [], ...request });

const chosen = async (credentials: NewCredential[], request: Request): Promise<string | object> => {
  const deps = await userWith(credentials, openaiKey);
  try {
    return (await resolve(deps, request)).credential.id;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const own = (given = {}) => newApiKey({ id: 'own', provider: 'openai', ...given });
const grant = (id: string, given = {}) => newOAuth2({ id, provider: 'google', scopes: ['a'], ...given });
const host = (id: string, given = {}) => newHostScoped({ id, provider: 'openai', host: 'a.api.openai.com', ...given });

const expired = { accessTokenExpiresAt: START - 1 };

describe('resolveCredential chooses', () => {
  it.each<[string, NewCredential[], Request, string]>([
    ["the user's own before the operator's", [own()], { provider: 'openai' }, 'own'],
    ["the operator's where the user has none", [], { provider: 'openai' }, OPENAI],
    ['nothing where no credential matches', [own()], { provider: 'github' }, 'not_connected'],
    ['a host-scoped one for its URL', [host('h')], { url: URL_A }, 'h'],
    ['nothing for a URL that none fits', [host('h')], { url: 'https://b.example.com/' }, 'not_connected'],
    ['own for the provider before host-scoped for the URL', [host('h', { provider: 'x' }), own()], both(), 'own'],
    ["host-scoped for the URL before the operator's", [host('h', { provider: 'x' })], both(), 'h'],
    ["the operator's when neither fits", [host('h', { provider: 'x', host: 'b.example.com' })], both(), OPENAI],
    ['no host-scoped one of the provider for another URL', [host('h', { host: 'b.example.com' })], both(), OPENAI],
    ['only host-scoped ones by URL alone', [own()], { url: URL_A }, 'not_connected'],
  ])('%s', async (_, credentials, request, id) => {
    expect(await chosen(credentials, request)).toBe(id);
  });

  it.each<[string, NewCredential[], Request, string]>([
    ['the earliest created', [own({ id: 'z' }), own({ id: 'a' })], { provider: 'openai' }, 'z'],
    [
      'an active one before a broken one',
      [own({ id: 'z', expiresAt: START - 1 }), own({ id: 'a' })],
      { provider: 'openai' },
      'a',
    ],
    [
      'one that covers the scopes before an earlier one',
      [grant('z'), grant('b', { scopes: ['a', 'b'] })],
      { provider: 'google', scopes: ['b'] },
      'b',
    ],
    [
      'the earliest when all cover the scopes',
      [grant('z', { scopes: ['b', 'a'] }), grant('b', { scopes: ['b'] })],
      { provider: 'google', scopes: ['b'] },
      'z',
    ],
    [
      'a broken one that covers the scopes before an active one that does not',
      [grant('narrow'), grant('broken', { scopes: ['a', 'b'], ...expired })],
      { provider: 'google', scopes: ['b'] },
      'reconnect_required',
    ],
    [
      'a key whatever scopes are asked for',
      [newApiKey({ id: 'k', provider: 'google' })],
      { provider: 'google', scopes: ['b'] },
      'k',
    ],
    [
      'an expired grant that can be refreshed before a later one',
      [grant('z', { refreshToken: 'r', ...expired }), grant('a')],
      { provider: 'google' },
      'refresh_unavailable',
    ],
    ['the earliest of those that fit a URL', [host('z'), host('a', { host: '*.example.com' })], { url: URL_A }, 'z'],
  ])('within a class %s', async (_, credentials, request, id) => {
    expect(await chosen(credentials, request)).toBe(id);
  });

  it.each<[string, NewCredential[], Request, string]>([
    ['expired', [own({ expiresAt: START })], { provider: 'openai' }, 'reconnect_required'],
    [
      'past its expiry without a refresh token',
      [newOAuth2({ provider: 'openai', scopes: [], ...expired })],
      { provider: 'openai' },
      'reconnect_required',
    ],
    [
      'narrow',
      [newOAuth2({ provider: 'openai', scopes: [] })],
      { provider: 'openai', scopes: ['x'] },
      'insufficient_scopes',
    ],
  ])("no system credential when the user's own is %s", async (_, credentials, request, code) => {
    expect(await chosen(credentials, request)).toBe(code);
  });

  it("no system credential when the user's own is unreadable", async () => {
    const deps = memoryDeps(openaiKey);
    putRawItem(deps, 'x', { ...BROKEN_ITEM, provider: 'openai' });
    await expect(resolve(deps, { provider: 'openai' })).rejects.toMatchObject({ code: 'credential_unreadable' });
  });

  it('a readable one before an unreadable one', async () => {
    const deps = await userWith([own()]);
    putRawItem(deps, 'a', { ...BROKEN_ITEM, provider: 'openai' });
    expect((await resolve(deps, { provider: 'openai' })).credential.id).toBe('own');
  });

  it('no credential of another user', async () => {
    const deps = await userWith([newApiKey({ id: 'a', provider: 'github' })]);
    await expect(resolve(deps, { provider: 'github' }, BOB)).rejects.toMatchObject({ code: 'not_connected' });
    await expect(resolve(deps, { credentialId: 'a' }, BOB)).rejects.toMatchObject({ code: 'not_connected' });
  });

  it("the user's own while the operator's secrets cannot be read", async () => {
    const deps = await userWith([own()]);
    deps.systemKeys = untouchable('systemKeys');
    expect((await resolve(deps, { provider: 'openai' })).credential.id).toBe('own');
  });
});

describe('resolveCredential with a credentialId', () => {
  it.each<[string, Request, string]>([
    ['the one that is named, not the earliest', { credentialId: 'k2' }, 'k2'],
    ['it when the provider fits', { credentialId: 'k2', provider: 'openai' }, 'k2'],
    ['nothing when the provider is another', { credentialId: 'k2', provider: 'github' }, 'not_connected'],
    ['nothing for an unknown id', { credentialId: 'nope' }, 'not_connected'],
    ['a grant that covers the scopes', { credentialId: 'g', scopes: ['a'] }, 'g'],
    ['no grant that does not', { credentialId: 'g', scopes: ['a', 'b'] }, 'insufficient_scopes'],
    ['a host-scoped one for its URL', { credentialId: 'h', url: URL_A }, 'h'],
    ['no host-scoped one for another URL', { credentialId: 'h', url: 'https://evil.example/' }, 'not_connected'],
    ['a host-scoped one without a URL', { credentialId: 'h' }, 'h'],
    ['a key for a URL of its provider', { credentialId: 'k2', url: URL_A }, 'k2'],
    ['no key for a URL elsewhere', { credentialId: 'k2', url: 'https://any.example/' }, 'url_not_allowed'],
    ['a grant whatever the URL, where its API is not known', { credentialId: 'g', url: 'https://any.example/' }, 'g'],
    ["the operator's", { credentialId: OPENAI }, OPENAI],
    ["the operator's when the provider fits", { credentialId: OPENAI, provider: 'openai' }, OPENAI],
    ["nothing of the operator's for another provider", { credentialId: OPENAI, provider: 'groq' }, 'not_connected'],
    [
      "nothing of the operator's that is not configured",
      { credentialId: '4ec22295-8f97-4dd1-b42b-2c6957a02545' },
      'not_connected',
    ],
  ])('gives %s', async (_, request, id) => {
    const credentials = [own({ id: 'k1' }), own({ id: 'k2' }), grant('g'), host('h')];
    expect(await chosen(credentials, request)).toBe(id);
  });

  it.each([
    ['broken', BROKEN_ITEM],
    ['of a newer release', { ...BROKEN_ITEM, schemaVersion: 2 }],
    ['empty', {}],
  ])('answers credential_unreadable for a row that is %s', async (_, item) => {
    const deps = memoryDeps();
    putRawItem(deps, 'x', item);
    await expect(resolve(deps, { credentialId: 'x' })).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});

function both(): Request {
  return { provider: 'openai', url: URL_A };
}
