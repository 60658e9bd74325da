// What resolve reads: one row where the first credential of the provider or of the URL's domain serves, else the index's rows of
// either, and the chosen row as it is then.
import { describe, expect, it, vi } from 'vitest';
import type { NewCredential } from '../../../../lib/domain/credential/new-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { ALICE, newApiKey, newHostScoped, newOAuth2, START, userWith } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';

const URL_A = 'https://a.example.com/v1';

interface Request {
  provider?: string;
  url?: string;
  scopes?: string[];
}

const METHODS = ['readUser', 'readUserRecord', 'readFirst', 'readSummaries', 'readCredential'] as const;

/** Records the reads of users, in their order; a range by its kind. */
const recordReads = ({ users }: MemoryDeps): string[] => {
  const reads: string[] = [];
  for (const method of METHODS) {
    const read = users[method] as (...given: unknown[]) => never;
    vi.spyOn(users, method).mockImplementation(((...given: unknown[]) => {
      const [, range] = given as [string, { kind: string }];
      reads.push(method === 'readSummaries' ? range.kind : method);
      return read(...given);
    }) as never);
  }
  return reads;
};

const resolve = async (deps: MemoryDeps, request: Request): Promise<string> => {
  try {
    return (await resolveCredential(deps, { userId: ALICE, scopes: [], ...request })).credential.id;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const key = (id: string, given = {}) => newApiKey({ id, ...given });
const grant = (id: string, scopes: string[]) => newOAuth2({ id, scopes });
const host = (id: string, given = {}) => newHostScoped({ id, provider: 'x', host: 'a.example.com', ...given });
const expired = { expiresAt: START - 1 };

describe('resolveCredential reads', () => {
  it.each<[string, NewCredential[], Request, string, string[]]>([
    ['the first of its provider', [key('z'), key('a')], { provider: 'github' }, 'z', ['readFirst']],
    ['one that covers the scopes', [grant('z', ['s'])], { provider: 'github', scopes: ['s'] }, 'z', ['readFirst']],
    ['nothing of the provider', [key('z')], { provider: 'groq' }, 'not_connected', ['readFirst']],
    [
      'a later one, as the first has expired',
      [key('z', expired), key('a')],
      { provider: 'github' },
      'a',
      ['readFirst', 'provider', 'readCredential'],
    ],
    [
      'a later one, as the first does not cover the scopes',
      [grant('z', []), grant('y', ['s']), grant('a', ['s'])],
      { provider: 'github', scopes: ['s'] },
      'y',
      ['readFirst', 'provider', 'readCredential'],
    ],
    ['the first by URL', [key('z'), host('h'), host('a')], { url: URL_A }, 'h', ['readFirst']],
    [
      'a later one by URL, as the first is for another host',
      [host('z', { host: 'b.example.com' }), host('h'), host('a')],
      { url: URL_A },
      'h',
      ['readFirst', 'url', 'readCredential'],
    ],
    ['nothing by URL', [key('z')], { url: URL_A }, 'not_connected', ['readFirst']],
    [
      'nothing by a URL that no host pattern matches',
      [host('h')],
      { url: 'https://u@a.example.com/' },
      'not_connected',
      [],
    ],
    [
      'one by URL, as none is of the provider',
      [host('h')],
      { provider: 'github', url: URL_A },
      'h',
      ['readFirst', 'readFirst'],
    ],
    [
      'one of the provider that is for another URL, and then another',
      [host('z', { provider: 'github', host: 'b.example.com' }), key('a')],
      { provider: 'github', url: 'https://api.github.com/user' },
      'a',
      ['readFirst', 'provider', 'readCredential'],
    ],
  ])('%s', async (_, credentials, request, id, expected) => {
    const deps = await userWith(credentials);
    const reads = recordReads(deps);
    expect(await resolve(deps, request)).toBe(id);
    expect(reads).toEqual(expected);
  });

  it('a later one by URL, as the first is marked', async () => {
    const deps = await userWith([host('z'), host('h')]);
    const items = deps.table.users.get(ALICE)?.credentials;
    items?.set('z', { ...items.get('z'), brokenReason: 'refused' });
    const reads = recordReads(deps);
    expect(await resolve(deps, { url: URL_A })).toBe('h');
    expect(reads).toEqual(['readFirst', 'url', 'readCredential']);
  });

  it('an index whose row is deleted meanwhile, and chooses again', async () => {
    const deps = await userWith([key('z', expired), key('a'), key('b')]);
    const { readCredential } = deps.users;
    vi.spyOn(deps.users, 'readCredential').mockImplementationOnce(async (userId, id) => {
      deps.table.users.get(ALICE)?.credentials.delete(id);
      return readCredential(userId, id);
    });
    expect(await resolve(deps, { provider: 'github' })).toBe('b');
  });

  it('a chosen row as it is now: one that has been broken since is not chosen', async () => {
    const deps = await userWith([key('z', expired), key('a'), key('b')]);
    const { readCredential } = deps.users;
    vi.spyOn(deps.users, 'readCredential').mockImplementationOnce(async (userId, id) => {
      const items = deps.table.users.get(ALICE)?.credentials;
      items?.set(id, { ...items.get(id), brokenReason: 'invalid_grant' });
      return readCredential(userId, id);
    });
    expect(await resolve(deps, { provider: 'github' })).toBe('b');
  });

  it('bounded times while the rows keep changing', async () => {
    const deps = await userWith([key('z', expired), key('a')]);
    let reads = 0;
    vi.spyOn(deps.users, 'readCredential').mockImplementation(async () => {
      reads++;
      return null;
    });
    expect(await resolve(deps, { provider: 'github' })).toBe('refresh_unavailable');
    expect(reads).toBe(5);
  });
});

describe('what the operator configured of the provider', () => {
  const asked = async (request: Request & { credentialId?: string }) => {
    const deps = await userWith([newOAuth2({ id: 'g', provider: 'acme', scopes: ['a'] })]);
    const rules = vi.spyOn(deps.scopeRules, 'find');
    const placements = vi.spyOn(deps.placements, 'keyPlacement');
    await resolveCredential(deps, { userId: ALICE, scopes: [], ...request });
    return { rules: rules.mock.calls.flat(), first: placements.mock.calls[0] };
  };

  it('is read beside the table: the placements by the provider that is asked for', async () => {
    expect((await asked({ provider: 'acme' })).first).toEqual(['acme', null]);
    expect((await asked({ credentialId: 'g' })).first).toEqual(['', null]);
  });

  it('is not read for the scopes of a call that wants none', async () => {
    expect((await asked({ provider: 'acme' })).rules).toEqual([]);
  });

  it('is read for the scopes by the provider of the credential', async () => {
    expect((await asked({ provider: 'acme', scopes: ['a'] })).rules).toEqual(['acme', 'acme']);
    expect((await asked({ credentialId: 'g', scopes: ['a'] })).rules).toEqual(['acme']);
  });
});
