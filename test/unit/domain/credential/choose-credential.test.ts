// Choosing a credential: which ones match a request, and which of them is used.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseOwn,
  coversWanted,
  isCandidate,
  systemFor,
  type Wanted,
} from '../../../../lib/domain/credential/choose-credential.ts';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { type CredentialRow, rowId } from '../../../../lib/domain/credential/rows.ts';
import { readableRow, START, unreadableRow } from '../../../support/builders.ts';

const NOW = START;
const URL_A = 'https://a.example.com/v1';

const key = (id: string, given: Partial<StoredCredential> = {}) => readableRow({ id, provider: 'p', ...given });
const grant = (id: string, given: Partial<StoredCredential> = {}) =>
  key(id, { type: 'oauth2', scopes: ['a'], ...given });
const host = (id: string, given: Partial<StoredCredential> = {}) =>
  key(id, { type: 'host_scoped', host: 'a.example.com', ...given });

const want = (given: Partial<Wanted>): Wanted => ({ scopes: [], ...given });
const choose = (rows: CredentialRow[], given: Partial<Wanted>) => {
  const row = chooseOwn(rows, want(given), NOW);
  return row && rowId(row);
};

describe('isCandidate', () => {
  it.each<[string, CredentialRow, Partial<Wanted>, boolean]>([
    ['a credential of the provider', key('k'), { provider: 'p' }, true],
    ['a credential of another provider', key('k'), { provider: 'q' }, false],
    ['any credential when no provider is named', key('k'), {}, true],
    ['a key for any URL', key('k'), { url: 'https://any.example/' }, true],
    ['a host-scoped credential for its URL', host('h'), { url: URL_A }, true],
    ['a host-scoped credential for another URL', host('h'), { url: 'https://b.example.com/' }, false],
    ['a host-scoped credential without a URL', host('h'), {}, true],
    ['a host-scoped credential without a host', host('h', { host: null }), { url: URL_A }, false],
    ['an unreadable row of the provider', unreadableRow({ provider: 'p' }), { provider: 'p' }, true],
    ['an unreadable row without a provider', unreadableRow({ provider: null }), { provider: 'p' }, false],
  ])('%s', (_, row, given, candidate) => {
    expect(isCandidate(row, want(given))).toBe(candidate);
  });
});

describe('coversWanted', () => {
  it.each<[string, CredentialRow, string[], boolean]>([
    ['an OAuth credential with the scopes', grant('g', { scopes: ['a', 'b'] }), ['b'], true],
    ['an OAuth credential without them', grant('g'), ['b'], false],
    ['an OAuth credential without a scope list', grant('g', { scopes: null }), ['b'], false],
    ['an OAuth credential when no scopes are wanted', grant('g', { scopes: null }), [], true],
    ['a key', key('k'), ['b'], true],
    ['an unreadable row', unreadableRow(), ['b'], true],
  ])('%s', (_, row, scopes, covers) => {
    expect(coversWanted(row, { scopes })).toBe(covers);
  });
});

describe('chooseOwn', () => {
  it.each<[string, CredentialRow[], Partial<Wanted>, string | undefined]>([
    ['none from an empty list', [], { provider: 'p' }, undefined],
    ['none of another provider', [key('k', { provider: 'q' })], { provider: 'p' }, undefined],
    ['none without provider and URL', [key('k'), host('h')], {}, undefined],
    [
      'a match by provider before one by URL',
      [host('h', { provider: 'q' }), key('k')],
      { provider: 'p', url: URL_A },
      'k',
    ],
    [
      'a broken match by provider before one by URL',
      [host('h', { provider: 'q' }), key('k', { expiresAt: NOW })],
      { provider: 'p', url: URL_A },
      'k',
    ],
    [
      'a match by URL when none matches by provider',
      [host('h', { provider: 'q' })],
      { provider: 'p', url: URL_A },
      'h',
    ],
    ['a match by URL when no provider is named', [key('k'), host('h')], { url: URL_A }, 'h'],
    ['none for another URL', [host('h')], { url: 'https://b.example.com/' }, undefined],
    ['no key by URL', [key('k')], { url: URL_A }, undefined],
    ['no unreadable row by URL', [unreadableRow({ type: 'host_scoped' })], { url: URL_A }, undefined],
    ['the earliest', [key('b', { createdAt: 1 }), key('a', { createdAt: 2 })], { provider: 'p' }, 'b'],
    ['the first of the same edit', [key('a', { ordinal: 1 }), key('b', { ordinal: 0 })], { provider: 'p' }, 'b'],
    [
      'an active credential before a broken one',
      [key('a', { expiresAt: NOW, createdAt: 1 }), key('b')],
      { provider: 'p' },
      'b',
    ],
    [
      'a readable credential before an unreadable row',
      [unreadableRow({ id: 'a', provider: 'p' }), key('b')],
      { provider: 'p' },
      'b',
    ],
    [
      'a broken credential before an unreadable row',
      [unreadableRow({ id: 'a', provider: 'p' }), key('b', { expiresAt: NOW })],
      { provider: 'p' },
      'b',
    ],
    [
      'a credential that covers the scopes',
      [grant('a', { createdAt: 1 }), grant('b', { scopes: ['a', 'b'] })],
      { provider: 'p', scopes: ['b'] },
      'b',
    ],
    [
      'covering scopes before status',
      [grant('a'), grant('b', { scopes: ['b'], brokenReason: 'invalid_grant' })],
      { provider: 'p', scopes: ['b'] },
      'b',
    ],
  ])('chooses %s', (_, rows, given, id) => {
    expect(choose(rows, given)).toBe(id);
  });

  it('chooses nothing when nothing is wanted', () => {
    expect(chooseOwn([key('k'), host('h')], want({}), NOW)).toBeUndefined();
  });

  const rows = fc
    .array(
      fc.record({
        createdAt: fc.nat(2),
        ordinal: fc.nat(1),
        expiresAt: fc.constantFrom(null, NOW, NOW + 1),
        kind: fc.constantFrom(key, grant, host),
        scopes: fc.subarray(['a', 'b']),
      }),
      { maxLength: 6 },
    )
    .map((list) =>
      list.map(({ kind, scopes, ...given }, index) =>
        kind === grant ? kind(`id-${index}`, { ...given, scopes }) : kind(`id-${index}`, given),
      ),
    );

  it('chooses the same credential in any order of rows', () => {
    fc.assert(
      fc.property(rows, fc.subarray(['a', 'b']), fc.constantFrom(undefined, URL_A), (list, scopes, url) => {
        const wanted = { provider: 'p', scopes, url };
        expect(choose(list.toReversed(), wanted)).toBe(choose(list, wanted));
      }),
    );
  });

  it('chooses a credential whenever there is a candidate', () => {
    fc.assert(
      fc.property(rows, (list) => {
        expect(choose(list, { provider: 'p' }) !== undefined).toBe(list.length > 0);
      }),
    );
  });
});

describe('systemFor', () => {
  it.each([
    ['openai', '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a'],
    ['webshare_proxy', 'a5b3c7d9-2e4f-4a6b-8c1d-9e0f1a2b3c4d'],
    ['OpenAI', undefined],
    ['constructor', undefined],
    [undefined, undefined],
  ])('of %s is %s', (provider, id) => {
    expect(systemFor(provider)?.id).toBe(id);
  });
});
