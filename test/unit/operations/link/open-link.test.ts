// Finding and claiming a link: the first browser holds it, every refusal is one answer with its own reason in the log, and the write
// that stores a credential spends it.
import { describe, expect, it } from 'vitest';
import { linkRefusals } from '../../../../lib/domain/link/link-refusal.ts';
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { claimLink, findLink } from '../../../../lib/operations/link/open-link.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { ALICE, MINUTE, newApiKey, newOAuth2 } from '../../../support/builders.ts';
import { type MemoryDeps, memoryDeps } from '../../../support/memory/memory-deps.ts';
import { makeLink, openLinkAs } from '../../../support/memory/memory-link.ts';

const add = async (deps: MemoryDeps, token: string, id: string) =>
  addCredential(deps, { userId: ALICE, credential: newApiKey({ id }), link: (await openLinkAs(deps, token)).use });
const storedIds = async (deps: MemoryDeps) => [...(deps.table.users.get(ALICE)?.credentials.keys() ?? [])];
const rowOf = (deps: MemoryDeps, token: string) => deps.table.links.get(hashToken(token));

describe('a link', () => {
  it('opens for its browser with what it allows', async () => {
    const deps = memoryDeps();
    const token = await makeLink(deps, { provider: 'openai', manage: true });
    const held = await openLinkAs(deps, token);
    expect(held.row.userId).toBe(ALICE);
    expect(held.allows).toEqual({
      provider: 'openai',
      mcpServerUrl: null,
      credentialId: null,
      scopes: null,
      variables: null,
      returnUrl: null,
      manage: true,
    });
    expect(held.use).toEqual({ tokenHash: hashToken(token), erasures: 0, spending: null, isForOne: false });
  });

  it('is for one credential where it names one', async () => {
    const deps = memoryDeps();
    await addCredential(deps, { userId: ALICE, credential: newOAuth2({ id: 'g' }) });
    const token = await makeLink(deps, { credentialId: 'g' });
    expect((await openLinkAs(deps, token)).use.isForOne).toBe(true);
  });

  it('is stored without its token, its browser and what it allows', async () => {
    const deps = memoryDeps();
    const token = await makeLink(deps, { provider: 'openai' });
    await openLinkAs(deps, token, 'the-secret-of-the-browser');
    const stored = JSON.stringify([...deps.table.links]);
    expect(stored).not.toMatch(new RegExp(`${token}|the-secret-of-the-browser|openai`));
  });

  it('names one browser differently in each link', async () => {
    const deps = memoryDeps();
    const tokens = [await makeLink(deps), await makeLink(deps)];
    for (const token of tokens) await openLinkAs(deps, token, 'same');
    const [a, b] = tokens.map((token) => rowOf(deps, token)?.browserHash);
    expect(a).not.toBe(b);
  });

  it('is claimed once: the browser that loses the race gets nothing', async () => {
    const deps = memoryDeps();
    const token = await makeLink(deps);
    const found = [await findLink(deps, { token, browser: 'a' }), await findLink(deps, { token, browser: 'b' })];
    expect(found.map(({ isFree }) => isFree)).toEqual([true, true]);
    await claimLink(deps, found[1] as (typeof found)[number]);
    const lost = claimLink(deps, found[0] as (typeof found)[number]);
    await expect(lost).rejects.toMatchObject({ code: 'link_invalid', logReason: 'other_browser' });
    await expect(openLinkAs(deps, token, 'b')).resolves.toMatchObject({ isFree: false });
  });
});

describe('a refused link', () => {
  const cases: [reason: string, refused: (deps: MemoryDeps) => Promise<unknown>][] = [
    ['malformed', (deps) => openLinkAs(deps, null)],
    ['malformed', (deps) => openLinkAs(deps, 'a'.repeat(44))],
    ['unknown', (deps) => openLinkAs(deps, 'a'.repeat(43))],
    [
      'expired',
      async (deps) => {
        const token = await makeLink(deps, { expiresInSeconds: 60 });
        deps.clock.advance(MINUTE - 1);
        await openLinkAs(deps, token);
        deps.clock.advance(1);
        return openLinkAs(deps, token);
      },
    ],
    [
      'spent',
      async (deps) => {
        const token = await makeLink(deps);
        await add(deps, token, 'k');
        return openLinkAs(deps, token);
      },
    ],
    [
      'other_browser',
      async (deps) => {
        const token = await makeLink(deps);
        await openLinkAs(deps, token);
        return openLinkAs(deps, token, 'browser-2');
      },
    ],
    [
      'unreadable',
      async (deps) => {
        const token = await makeLink(deps);
        Object.assign(rowOf(deps, token) ?? {}, { userId: 'mallory' });
        return openLinkAs(deps, token);
      },
    ],
    [
      'unknown',
      async (deps) => {
        const token = await makeLink(deps);
        await openLinkAs(deps, token);
        await eraseUser(deps, { userId: ALICE });
        return openLinkAs(deps, token);
      },
    ],
  ];

  it.each(cases)('is logged as %s', async (reason, refused) => {
    await expect(refused(memoryDeps())).rejects.toMatchObject({ code: 'link_invalid', logReason: reason });
  });

  it('has a case here for every reason but that of the page, which no operation sees', () => {
    const shown = new Set([...cases.map(([reason]) => reason), 'other_origin']);
    expect(linkRefusals.filter((reason) => !shown.has(reason))).toEqual([]);
  });
});

describe('the write that stores a credential', () => {
  it('spends a link without manage: of two requests that opened it together one stores', async () => {
    const deps = memoryDeps();
    const token = await makeLink(deps);
    const held = [await openLinkAs(deps, token), await openLinkAs(deps, token)];
    const results = await Promise.allSettled(
      held.map(({ use }, n) =>
        addCredential(deps, { userId: ALICE, credential: newApiKey({ id: `k${n}` }), link: use }),
      ),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results).toContainEqual(
      expect.objectContaining({ reason: expect.objectContaining({ code: 'link_invalid' }) }),
    );
    expect(await storedIds(deps)).toHaveLength(1);
  });

  it('does not spend a link with manage', async () => {
    const deps = memoryDeps();
    const token = await makeLink(deps, { manage: true });
    await add(deps, token, 'a');
    await add(deps, token, 'b');
    expect(await storedIds(deps)).toEqual(['a', 'b']);
  });

  it('leaves the link usable when it is refused', async () => {
    const deps = memoryDeps();
    await addCredential(deps, { userId: ALICE, credential: newApiKey({ id: 'taken' }) });
    const token = await makeLink(deps);
    await expect(add(deps, token, 'taken')).rejects.toMatchObject({ code: 'credential_exists' });
    await expect(add(deps, token, 'free')).resolves.toMatchObject({ id: 'free' });
  });

  it.each([{ manage: true }, { manage: false }])('stores nothing once the user was erased: %j', async (given) => {
    const deps = memoryDeps();
    const held = await openLinkAs(deps, await makeLink(deps, given));
    await eraseUser(deps, { userId: ALICE });
    const late = addCredential(deps, { userId: ALICE, credential: newApiKey(), link: held.use });
    await expect(late).rejects.toMatchObject({ code: 'link_invalid' });
    expect(await storedIds(deps)).toEqual([]);
  });
});
