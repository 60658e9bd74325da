// The list is read from the index; a row that is not in it is still listed. A write between the reads is not taken for that.
import { describe, expect, it, vi } from 'vitest';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { ALICE, newApiKey, storedItems, userWith } from '../../../support/builders.ts';

const ids = ['a', 'b', 'c'];
const createUser = () => userWith(ids.map((id) => newApiKey({ id })));

const list = async (deps: Awaited<ReturnType<typeof createUser>>) => {
  const { version, credentials } = await listCredentials(deps, { userId: ALICE });
  return { version, ids: credentials.filter(({ source }) => source === 'user').map(({ id }) => id) };
};

describe('listCredentials', () => {
  it('reads the index, after the version, and no row', async () => {
    const deps = await createUser();
    const reads: string[] = [];
    for (const method of ['readUserRecord', 'readSummaries', 'readUser', 'readCredential', 'readFirst'] as const) {
      const read = deps.users[method] as (...given: unknown[]) => never;
      vi.spyOn(deps.users, method).mockImplementation(((...given: unknown[]) => {
        reads.push(method);
        return read(...given);
      }) as never);
    }
    expect(await list(deps)).toEqual({ version: 3, ids });
    expect(reads).toEqual(['readUserRecord', 'readSummaries']);
  });

  it('lists a row without its index key at its place', async () => {
    const deps = await createUser();
    const { lookup: _, ...row } = storedItems(deps)[1] ?? {};
    deps.table.users.get(ALICE)?.credentials.set('b', row);
    expect(await list(deps)).toEqual({ version: 3, ids });
  });

  it.each<[string, number]>([
    ['deleted', 2],
    ['added', 4],
  ])(
    'reads no row, and answers no newer version than theirs, when one is %s between the two reads',
    async (change, count) => {
      const deps = await createUser();
      const { readSummaries, readCredential, write } = deps.users;
      vi.spyOn(deps.users, 'readSummaries').mockImplementationOnce(async (userId, range) => {
        const row = await readCredential(userId, 'b');
        if (!row?.readable) throw new Error('no row b');
        const put = { kind: 'put', credential: { ...row.credential, id: 'd' }, when: 'absent' } as const;
        const removal = { kind: 'remove', credentialId: 'b', when: 'present' } as const;
        await write(userId, { token: 't', maxCredentials: 10, changes: [change === 'added' ? put : removal] });
        return readSummaries(userId, range);
      });
      const readUser = vi.spyOn(deps.users, 'readUser');
      const listed = await list(deps);
      expect(listed.ids).toHaveLength(count);
      expect(listed.version).toBe(3);
      expect(readUser).not.toHaveBeenCalled();
    },
  );
});
