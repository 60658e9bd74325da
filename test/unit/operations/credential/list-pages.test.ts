// The list of a user in pages, and its size at worst.
import { describe, expect, it } from 'vitest';
import { boundScopes, MAX_SCOPES_BYTES, Scopes } from '../../../../lib/domain/values/names.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { ALICE, newApiKey, newOAuth2, userWith } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';

/** What a Lambda function may answer. */
const LAMBDA_BYTES = 6_291_556;

const list = (deps: MemoryDeps, given: object = {}) => listCredentials(deps, { userId: ALICE, ...given });

/** All pages, from the first on. */
const readPages = async (deps: MemoryDeps, given: object = {}) => {
  const pages = [await list(deps, given)];
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next) {
    pages.push(await list(deps, { ...given, after: next }));
  }
  return pages;
};

const viewIds = (pages: Awaited<ReturnType<typeof readPages>>) =>
  pages.flatMap(({ credentials }) => credentials.map(({ id }) => id));

const keys = (count: number) => Array.from({ length: count }, (_, i) => newApiKey({ id: `k${i}` }));

describe('the pages of a list', () => {
  it.each([1, 2, 3, 6, 7, 1000])('of %i together are the whole list, in order', async (limit) => {
    const deps = await userWith(keys(5));
    const pages = await readPages(deps, { limit });
    expect(viewIds(pages)).toEqual((await list(deps)).credentials.map(({ id }) => id));
    expect(pages).toHaveLength(Math.ceil(6 / limit));
  });

  it('continue after a credential that was deleted', async () => {
    const deps = await userWith(keys(5));
    const { credentials, next } = await list(deps, { limit: 2 });
    const whole = viewIds([await list(deps)]);
    deps.table.users.get(ALICE)?.credentials.delete(credentials[1]?.id ?? '');
    expect(viewIds([await list(deps, { after: next })])).toEqual(whole.slice(2));
  });

  it.each(['', 'junk', 'WzFd'])('refuse %j as a position', async (after) => {
    await expect(list(await userWith([]), { after })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('fit into what a function may answer, for 1,000 of the largest credentials', { timeout: 30_000 }, async () => {
    const scopes = boundScopes(Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(20, '"')));
    const largest = { title: '"'.repeat(256), scopes, username: '"'.repeat(256) };
    const deps = await userWith(
      Array.from({ length: 1000 }, (_, i) => newOAuth2({ ...largest, id: `${i}`.padEnd(128, '-') })),
    );
    const pages = await readPages(deps);
    const sizes = pages.map((page) => Buffer.byteLength(JSON.stringify({ body: JSON.stringify(page) })));
    expect(Math.max(...sizes)).toBeLessThan(LAMBDA_BYTES);
    expect(viewIds(pages)).toHaveLength(1001);
  });
});

describe('scopes', () => {
  it('are at most 4 KB together', () => {
    const fitting = [...Array(7)].map((_, i) => `${i}`.padEnd(511, 'x'));
    expect(Scopes.safeParse([...fitting, 'x'.repeat(511)]).success).toBe(true);
    expect(Scopes.safeParse([...fitting, 'x'.repeat(512)]).success).toBe(false);
  });

  it('of a provider are kept as far as they fit', () => {
    const kept = boundScopes([...Array(1000)].map((_, i) => `scope-${i}`));
    expect(kept.join(' ').length).toBeLessThan(MAX_SCOPES_BYTES);
    expect(kept[0]).toBe('scope-0');
  });
});
