// Rows of the table: what is written can be read back, and what cannot be parsed is an unreadable row.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { viewRow } from '../../../../lib/domain/credential/credential-view.ts';
import {
  byCreation,
  type CredentialRow,
  credentialItem,
  type Item,
  managedItem,
  parseCredentialItem,
  parseManagedItem,
  rowId,
  rowProvider,
  rowType,
} from '../../../../lib/domain/credential/rows.ts';
import { credential, readableRow, START, unreadableRow } from '../../../support/builders.ts';

const OWNER = { userId: 'alice', id: 'c1' };
const parse = (item: Item) => parseCredentialItem(item, OWNER);

const full = credential({
  type: 'oauth2',
  title: 'T',
  username: 'octo',
  scopes: ['a', 'b'],
  expiresAt: START + 1,
  refreshTokenExpiresAt: START + 2,
  hasRefreshToken: true,
  brokenReason: 'invalid_grant',
  ordinal: 3,
});

describe('credentialItem', () => {
  it.each<[string, StoredCredential]>([
    ['with everything', full],
    ['with nothing that may be missing', credential()],
    ['of a host', credential({ type: 'host_scoped', host: 'a.example.com' })],
  ])('is parsed to the same credential: one %s', (_, original) => {
    expect(parse(credentialItem(original))).toEqual({
      readable: true,
      credential: original,
      rowVersion: { version: 1, secretRev: 'rev-1' },
    });
  });

  it('holds neither user, id nor nulls', () => {
    const item = credentialItem(credential());
    expect(item).not.toHaveProperty('userId');
    expect(item).not.toHaveProperty('id');
    expect(Object.values(item)).not.toContain(null);
  });
});

describe('parseCredentialItem', () => {
  it('takes user and id from the key, not from the item', () => {
    const row = parse({ ...credentialItem(full), userId: 'mallory', id: 'other' });
    expect(row).toMatchObject({ readable: true, credential: OWNER });
  });

  it('ignores unknown attributes', () => {
    expect(parse({ ...credentialItem(full), pk: 'p', sk: 's', neverHeardOf: 7 })).toMatchObject({ credential: full });
  });

  it.each<[string, Item]>([
    ['nothing', {}],
    ['no schema version', { ...credentialItem(full), schemaVersion: undefined }],
    ['an older schema version', { ...credentialItem(full), schemaVersion: 0 }],
    ['no sealed document', { ...credentialItem(full), sealed: undefined }],
    ['a wrapped key that is text', { ...credentialItem(full), wrappedKey: 'AQID' }],
    ['a version of 0', { ...credentialItem(full), version: 0 }],
    ['a version that is text', { ...credentialItem(full), version: '1' }],
    ['an unknown type', { ...credentialItem(full), type: 'passkey' }],
    ['scopes that are text', { ...credentialItem(full), scopes: 'a b' }],
    ['a time that is no whole number', { ...credentialItem(full), expiresAt: 1.5 }],
    ['a time no date can hold', { ...credentialItem(full), createdAt: 8.64e15 + 1 }],
  ])('returns an unreadable, replaceable row for %s', (_, item) => {
    expect(parse(item)).toMatchObject({ readable: false, id: 'c1', newerSchema: false });
  });

  it.each([2, 3, 99])('reports schema %i as newer, although its fields parse', (schemaVersion) => {
    expect(parse({ ...credentialItem(full), schemaVersion })).toMatchObject({ readable: false, newerSchema: true });
  });

  it('reads provider and type of an unreadable row where they are valid', () => {
    expect(parse({ provider: 'github', type: 'oauth2' })).toMatchObject({ provider: 'github', type: 'oauth2' });
    expect(parse({ provider: 5, type: {} })).toMatchObject({ provider: null, type: null });
    expect(parse({ provider: 'x'.repeat(65) })).toMatchObject({ provider: null });
  });

  it.each<[string, Item, { createdAt: number | null; ordinal: number }]>([
    ['both', { createdAt: START, ordinal: 3 }, { createdAt: START, ordinal: 3 }],
    ['neither', {}, { createdAt: null, ordinal: 0 }],
    ['a time outside of four-digit years', { createdAt: 8.64e15 + 1, ordinal: 3 }, { createdAt: null, ordinal: 3 }],
    ['a negative ordinal', { createdAt: START, ordinal: -1 }, { createdAt: START, ordinal: 0 }],
    ['text', { createdAt: String(START), ordinal: '3' }, { createdAt: null, ordinal: 0 }],
    ['a newer schema', { createdAt: START, ordinal: 3, schemaVersion: 2 }, { createdAt: START, ordinal: 3 }],
  ])('reads createdAt and ordinal of an unreadable row with %s', (_, item, place) => {
    expect(parse(item)).toMatchObject({ readable: false, ...place });
  });

  it('keeps version and secretRev of any type for conditions', () => {
    expect(parse({ version: 'odd', secretRev: 7 }).rowVersion).toEqual({ version: 'odd', secretRev: 7 });
  });
});

/** Anything DynamoDB can hold, and some of what code puts there by mistake. */
const anything = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    0,
    -1,
    1.5,
    9e15,
    Number.NaN,
    Number.MAX_SAFE_INTEGER,
    true,
    '__proto__',
    [],
    {},
  ),
  fc.anything({ withBigInt: true, withNullPrototype: true }),
  fc.uint8Array({ maxLength: 8 }),
);
const names = Object.keys({ ...credentialItem(full), host: 1, extra: 1 });
const mutated = fc
  .array(fc.tuple(fc.constantFrom(...names), anything), { minLength: 1, maxLength: 4 })
  .map((changes): Item => ({ ...credentialItem(full), ...Object.fromEntries(changes) }));

describe('a mutated item', () => {
  it('can be listed under its id, in 2,000 mutations', () => {
    fc.assert(
      fc.property(mutated, (item) => {
        const row = parse(item);
        const view = viewRow(row, START);
        expect([rowId(row), view.id]).toEqual(['c1', 'c1']);
        JSON.stringify(view);
        rowProvider(row);
        rowType(row);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not prevent sorting the rows', () => {
    fc.assert(
      fc.property(fc.array(mutated, { maxLength: 6 }), (items) => {
        const rows = [...items.map(parse), readableRow({ id: 'fine' })];
        expect(rows.toSorted(byCreation)).toHaveLength(rows.length);
      }),
    );
  });
});

describe('byCreation', () => {
  const sorted = (...rows: CredentialRow[]) => rows.toSorted(byCreation).map(rowId);

  it.each<[string, CredentialRow[], string[]]>([
    ['time of creation', [readableRow({ id: 'a', createdAt: 2 }), readableRow({ id: 'b', createdAt: 1 })], ['b', 'a']],
    ['place in one edit', [readableRow({ id: 'a', ordinal: 2 }), readableRow({ id: 'b', ordinal: 1 })], ['b', 'a']],
    ['id', [readableRow({ id: 'b' }), readableRow({ id: 'B' }), readableRow({ id: 'a' })], ['B', 'a', 'b']],
    [
      'time of creation, readable or not',
      [
        readableRow({ id: 'a', createdAt: 3 }),
        unreadableRow({ id: 'b', createdAt: 2 }),
        readableRow({ id: 'c', createdAt: 1 }),
      ],
      ['c', 'b', 'a'],
    ],
    [
      'ordinal, readable or not',
      [readableRow({ id: 'a', createdAt: 1, ordinal: 1 }), unreadableRow({ id: 'b', createdAt: 1, ordinal: 0 })],
      ['b', 'a'],
    ],
    [
      'id where the time of creation is unknown, after all others',
      [unreadableRow({ id: 'z' }), readableRow({ id: 'm' }), unreadableRow({ id: 'a', ordinal: 1 })],
      ['m', 'a', 'z'],
    ],
  ])('orders by %s', (_, rows, ids) => {
    expect(sorted(...rows)).toEqual(ids);
    expect(sorted(...rows.toReversed())).toEqual(ids);
  });
});

describe('managed keys as items', () => {
  const managed = {
    userId: 'alice',
    provider: 'ayrshare',
    secretRev: 'r',
    sealed: 's',
    wrappedKey: new Uint8Array([1]),
    updatedAt: START,
  };
  const owner = { userId: 'alice', provider: 'ayrshare' };

  it('are parsed to the same managed key', () => {
    expect(parseManagedItem(managedItem(managed), owner)).toEqual({ readable: true, managed });
  });

  it.each([{}, { ...managedItem(managed), schemaVersion: 2 }, { ...managedItem(managed), sealed: 5 }])(
    'are unreadable when broken or newer: %#',
    (item) => {
      expect(parseManagedItem(item, owner)).toEqual({ readable: false });
    },
  );
});
