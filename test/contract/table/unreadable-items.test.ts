// Unreadable items in a user's partition: they do not affect others, can be deleted, and newer items are never overwritten.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { credentialKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import { cryptoRandom } from '../../../lib/adapters/runtime/crypto-random.ts';
import { credentialItem, rowId } from '../../../lib/domain/credential/rows.ts';
import { deleteCredential } from '../../../lib/operations/credential/delete-credential.ts';
import { listCredentials } from '../../../lib/operations/credential/list-credentials.ts';
import { replaceCredential } from '../../../lib/operations/credential/replace-credential.ts';
import { memoryDeps } from '../../support/memory/memory-deps.ts';
import { adding, storedCredential, uniqueToken, userWrite } from '../../support/table/stored.ts';
import { openTestTable } from '../../support/table/test-engine.ts';

const table = await openTestTable();
const deps = memoryDeps({ users: dynamodbUserStore(table), random: cryptoRandom });

const VALUES: unknown[] = [
  null,
  true,
  '',
  'x'.repeat(70),
  -1,
  1.5,
  10n ** 30n,
  [],
  { a: [{ b: null }] },
  new Uint8Array([0, 255]),
  new Set(['a']),
  new Set([1]),
  '\u0000',
  -0.5,
];
const FIELDS = Object.keys(credentialItem(storedCredential({ userId: 'u', title: 't', expiresAt: 1, scopes: [] })));

/** Each field with each invalid value, and each field missing. */
const mutations = FIELDS.flatMap((field) => [...VALUES.map((value) => ({ [field]: value })), { [field]: undefined }]);

const put = (userId: string, id: string, item: object) => {
  const Item = { ...credentialKey(userId, id), ...item };
  return table.client.send(new PutCommand({ TableName: table.name, Item }));
};

const ordinary = (userId: string) => credentialItem(storedCredential({ userId }));

describe('an unreadable item', () => {
  it(`leaves the others readable in each of ${mutations.length} shapes, and can be deleted`, async () => {
    expect(mutations.length).toBeGreaterThanOrEqual(200);
    const userId = uniqueToken();
    await deps.users.write(userId, userWrite([adding(storedCredential({ userId, id: 'good' }))]));
    for (const [index, mutation] of mutations.entries()) {
      await put(userId, `p${index}`, { ...ordinary(userId), ...mutation });
    }
    const { rows } = await deps.users.readUser(userId);
    expect(rows).toHaveLength(mutations.length + 1);
    expect(rows.find((row) => rowId(row) === 'good')).toMatchObject({ readable: true });
    expect(rows.filter((row) => !row.readable).length).toBeGreaterThan(150);
    const { credentials } = await listCredentials(deps, { userId });
    expect(credentials.filter((view) => view.id.startsWith('p'))).toHaveLength(mutations.length);
    for (const index of mutations.keys()) await deleteCredential(deps, { userId, id: `p${index}` });
    expect((await deps.users.readUser(userId)).rows).toHaveLength(1);
  });

  it('can be replaced in each shape that is not of a newer release', async () => {
    const userId = uniqueToken();
    const credential = { type: 'api_key', provider: 'openai', apiKey: 'k' } as const;
    const replaceable = mutations.filter((mutation) => !('type' in mutation || 'provider' in mutation));
    for (const [index, mutation] of replaceable.entries()) {
      const id = `p${index}`;
      await put(userId, id, { ...ordinary(userId), ...mutation });
      await replaceCredential(deps, { userId, id, credential });
      expect(await deps.users.readCredential(userId, id)).toMatchObject({ readable: true });
    }
  });

  it('of a newer release is shown as unreadable and never written over', async () => {
    const userId = uniqueToken();
    await put(userId, 'newer', { ...ordinary(userId), schemaVersion: 2, invention: 'kept' });
    expect(await deps.users.readCredential(userId, 'newer')).toMatchObject({ readable: false, newerSchema: true });
    const credential = { type: 'api_key', provider: 'openai', apiKey: 'k' } as const;
    const replaced = replaceCredential(deps, { userId, id: 'newer', credential });
    await expect(replaced).rejects.toMatchObject({ code: 'credential_unreadable' });
    await deleteCredential(deps, { userId, id: 'newer' });
  });
});
