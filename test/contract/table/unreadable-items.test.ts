// Unreadable items in a user's partition: they do not affect others, can be deleted, and newer items are never overwritten.
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamodbUserStore } from '../../../lib/adapters/dynamodb/dynamodb-user-store.ts';
import { indexKeys } from '../../../lib/adapters/dynamodb/index/index-keys.ts';
import { credentialKey } from '../../../lib/adapters/dynamodb/item-keys.ts';
import { cryptoRandom } from '../../../lib/adapters/runtime/crypto-random.ts';
import { credentialItem, rowId } from '../../../lib/domain/credential/rows.ts';
import { addCredential } from '../../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../../lib/operations/credential/delete-credential.ts';
import { listCredentials } from '../../../lib/operations/credential/list-credentials.ts';
import { replaceCredential } from '../../../lib/operations/credential/replace-credential.ts';
import { resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';
import { memoryDeps } from '../../support/memory/memory-deps.ts';
import { memorySealer } from '../../support/memory/memory-sealer.ts';
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

/** Puts an item under the keys that its credential got when it was written. */
const put = (userId: string, id: string, item: object) => {
  const Item = { ...credentialKey(userId, id), ...indexKeys(storedCredential({ userId, id })), ...item };
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

const resolve = (userId: string) =>
  resolveCredential({ ...deps, sealer: memorySealer() }, { userId, provider: 'openai', scopes: [] });

const key = (id: string) => ({ id, type: 'api_key', provider: 'openai', apiKey: `key of ${id}` }) as const;

/** Changes one attribute of a stored row; undefined removes it. */
const damage = (userId: string, id: string, [name, value]: [string, unknown]) =>
  table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: credentialKey(userId, id),
      UpdateExpression: value === undefined ? 'REMOVE #name' : 'SET #name = :value',
      ExpressionAttributeNames: { '#name': name },
      ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
    }),
  );

describe('an item whose place in the index is damaged', () => {
  let userId: string;
  beforeEach(async () => {
    userId = uniqueToken();
    for (const id of ['c', 'a', 'b']) await addCredential(deps, { userId, credential: key(id) });
  });

  const listIds = async () =>
    (await listCredentials(deps, { userId })).credentials
      .filter(({ source }) => source === 'user')
      .map(({ id }) => id)
      .toSorted();

  it.each<[string, string | undefined]>([
    ['missing', undefined],
    ['of no provider', '!'],
    ['of another provider', 'groq#1#2#x'],
    ['first of its provider', 'openai#'],
    ['of a long text', `openai#${'x'.repeat(900)}`],
  ])('is listed, and hides no other: %s', async (_, lookup) => {
    const first = (await resolve(userId)).credential.id;
    await damage(userId, 'b', ['lookup', lookup]);
    expect(await listIds()).toEqual(['a', 'b', 'c']);
    expect((await resolve(userId)).credential.id).toBe(first);
    await deleteCredential(deps, { userId, id: 'b' });
    expect(await listIds()).toEqual(['a', 'c']);
  });

  it('is not resolved before one that was created earlier, wherever the index has it', async () => {
    deps.clock.advance(1);
    await addCredential(deps, { userId, credential: key('0-later') });
    await damage(userId, '0-later', ['lookup', 'openai#']);
    expect((await resolve(userId)).credential.id).not.toBe('0-later');
  });

  it('gets its own place again when it is replaced', async () => {
    await damage(userId, 'b', ['lookup', undefined]);
    await replaceCredential(deps, { userId, id: 'b', credential: key('b') });
    expect(await deps.users.readSummaries(userId, { kind: 'provider', provider: 'openai' })).toHaveLength(3);
  });

  it.each<[string, object]>([
    ['a lease', { sk: 'LEASE#x' }],
    ['a credential whose id is not one', { sk: 'CRED#not an id' }],
  ])('hides no other where it is %s', async (_, item) => {
    const { pk } = credentialKey(userId, 'a');
    const Item = { pk, lookup: 'openai#', urlLookup: 'HOST#example.com#', ...item };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
    expect((await resolve(userId)).credential.provider).toBe('openai');
    expect(await listIds()).toEqual(['a', 'b', 'c']);
  });

  it('serves another where its other attributes cannot be read', async () => {
    const first = (await resolve(userId)).credential.id;
    await damage(userId, first, ['wrappedKey', 'text']);
    const second = (await resolve(userId)).credential.id;
    expect(second).not.toBe(first);
    for (const id of ['a', 'b', 'c']) await damage(userId, id, ['sealed', 7]);
    await expect(resolve(userId)).rejects.toMatchObject({ code: 'credential_unreadable' });
  });
});
