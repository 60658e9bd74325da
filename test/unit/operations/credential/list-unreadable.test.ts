// An unreadable item never hides the others.
import { describe, expect, it } from 'vitest';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { ALICE, BROKEN_ITEM, newApiKey, putRawItem, userWith } from '../../../support/builders.ts';
import type { MemoryDeps } from '../../../support/memory/memory-deps.ts';

const OLLAMA = '744fdc56-071a-4761-b5a5-0af0ce10a2b5';

const list = (deps: MemoryDeps) => listCredentials(deps, { userId: ALICE });
const ownIds = async (deps: MemoryDeps) =>
  (await list(deps)).credentials.filter((view) => view.source === 'user').map((view) => view.id);

describe('listCredentials with an unreadable item', () => {
  it('shows one of unknown createdAt as unreadable, after the others', async () => {
    const deps = await userWith([newApiKey({ id: 'z' })]);
    putRawItem(deps, 'broken', BROKEN_ITEM);
    const { credentials } = await list(deps);
    expect(credentials.map(({ id, status }) => [id, status])).toEqual([
      ['z', 'active'],
      ['broken', 'unreadable'],
      [OLLAMA, 'active'],
    ]);
    expect(credentials[1]).toMatchObject({ provider: 'github', type: 'api_key', reason: 'unreadable', title: null });
  });

  it('keeps its place in the order of creation where createdAt can be read', async () => {
    const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'b' }), newApiKey({ id: 'c' })]);
    const items = deps.table.users.get(ALICE)?.credentials;
    items?.set('b', { ...items.get('b'), sealed: 7 });
    expect(await ownIds(deps)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['no attributes', {}],
    ['a newer schema', { ...BROKEN_ITEM, schemaVersion: 2 }],
    ['a provider that is not a string', { ...BROKEN_ITEM, provider: { evil: true } }],
    ['an unknown type', { ...BROKEN_ITEM, type: 'passkey' }],
    ['a title that is not a string', { ...BROKEN_ITEM, title: 5 }],
  ])('lists the others beside an item with %s', async (_, item) => {
    const deps = await userWith([newApiKey({ id: 'a' })]);
    putRawItem(deps, 'broken', item);
    expect(await ownIds(deps)).toEqual(['a', 'broken']);
  });

  it.each(['createdAt', 'updatedAt', 'expiresAt'])(
    'lists the others beside an item whose %s is out of range for a Date',
    async (name) => {
      const deps = await userWith([newApiKey({ id: 'a' }), newApiKey({ id: 'far' })]);
      const item = deps.table.users.get(ALICE)?.credentials.get('far');
      putRawItem(deps, 'far', { ...item, [name]: 8.64e15 + 1 });
      expect(await ownIds(deps)).toContain('a');
    },
  );
});
