// The keys and queries of the local indexes: ranges, order and what they project.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildIndexQuery,
  indexKeys,
  isInPlace,
  lookupKey,
} from '../../../../lib/adapters/dynamodb/index/index-keys.ts';
import { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { CredentialSummary, comparePositions } from '../../../../lib/domain/credential/rows.ts';
import { SUMMARY_ATTRIBUTES } from '../../../../lib/platform.ts';
import { credential, START } from '../../../support/builders.ts';

const EARLIEST = -62_167_219_200_000;
const LATEST = 253_402_300_799_999;

const id = fc.stringMatching(/^[A-Za-z0-9_:-][A-Za-z0-9._:-]{0,5}$/);
const placed = fc.record({
  id,
  createdAt: fc.oneof(fc.constantFrom(EARLIEST, -1, 0, 1, LATEST), fc.integer({ min: EARLIEST, max: LATEST })),
  ordinal: fc.oneof(fc.constantFrom(0, 9, 10, Number.MAX_SAFE_INTEGER), fc.maxSafeNat()),
});

const sign = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('isInPlace', () => {
  const hostScoped = credential({ provider: 'x', type: 'host_scoped', host: 'a.example', createdAt: START, id: 'h' });
  const itsKeys = indexKeys(hostScoped);

  it.each([
    ['its keys', itsKeys, true],
    ['its keys and other attributes', { ...itsKeys, pk: 'USER#alice' }, true],
    ['no keys', {}, false],
    ['the lookup key of another', { ...itsKeys, lookup: 'y' }, false],
    ['the URL lookup key of another', { ...itsKeys, urlLookup: 'y' }, false],
    ['no URL lookup key', { lookup: itsKeys.lookup }, false],
  ])('judges an item with %s: %s', (_, item, expected) => {
    expect(isInPlace(item, hostScoped)).toBe(expected);
  });
});

describe('the keys of the local indexes', () => {
  it('place a credential by provider, time, ordinal and id', () => {
    expect(indexKeys(credential({ provider: 'github', createdAt: START, ordinal: 3, id: 'c1' }))).toEqual({
      lookup: 'github#064060675200000#0000000000000003#c1',
    });
  });

  it.each([
    ['*.api.example.com:8443', 'example.com'],
    ['localhost', 'localhost'],
    ['192.0.2.7', '2.7'],
    ['[2001:db8::1]', '[2001:db8::1]'],
  ])('place a credential for %s among those found by URL, in the range of %s', (host, domain) => {
    const hostScoped = credential({ provider: 'x', type: 'host_scoped', host, createdAt: 0, ordinal: 0, id: 'h' });
    expect(indexKeys(hostScoped)).toEqual({
      lookup: 'x#062167219200000#0000000000000000#h',
      urlLookup: `HOST#${domain}#062167219200000#0000000000000000#h`,
    });
    const { ExpressionAttributeValues: values } = buildIndexQuery('alice', { kind: 'url', domain });
    expect(values?.[':prefix']).toBe(`HOST#${domain}#`);
  });

  it.each([
    ['https://tools.mcp.example/v1/mcp', 'mcp.example'],
    ['http://localhost:3000', 'localhost'],
  ])('place a credential of the MCP server %s before the hosts, in the range of %s', (resource, domain) => {
    const ofServer = credential({ provider: 'mcp', type: 'oauth2', resource, createdAt: 0, ordinal: 0, id: 'm' });
    expect(indexKeys(ofServer)).toEqual({
      lookup: 'mcp#062167219200000#0000000000000000#m',
      urlLookup: `HOST#${domain}#-#062167219200000#0000000000000000#m`,
    });
    const host = credential({ type: 'host_scoped', host: domain, createdAt: EARLIEST, id: '-' });
    expect(sign(indexKeys(ofServer).urlLookup ?? '', indexKeys(host).urlLookup ?? '')).toBe(-1);
  });

  it('sort as the order of creation, at any time and ordinal that a row can hold', () => {
    fc.assert(
      fc.property(placed, placed, (a, b) => {
        const keys = [a, b].map((place) => lookupKey(credential(place)));
        expect(Math.sign(sign(keys[0] ?? '', keys[1] ?? ''))).toBe(Math.sign(comparePositions(a, b)));
      }),
    );
  });

  it('fit into the 1,024 bytes of a sort key', () => {
    const long = { provider: 'p'.repeat(64), id: 'i'.repeat(128), createdAt: LATEST, ordinal: Number.MAX_SAFE_INTEGER };
    expect(lookupKey(credential(long)).length).toBeLessThan(1_024);
  });

  it.each([
    ['github', 'github', true],
    ['github', 'git', false],
    ['git', 'github', false],
    ['a', 'a:b', false],
    ['a.', 'a', false],
  ])('of provider %s stand in the range of %s: %s', (provider, range, expected) => {
    const { ExpressionAttributeValues: values } = buildIndexQuery('alice', { kind: 'provider', provider: range });
    expect(lookupKey(credential({ provider })).startsWith(String(values?.[':prefix']))).toBe(expected);
  });
});

describe('buildIndexQuery', () => {
  it.each([
    [{ kind: 'all' } as const, 'lookup', { ':pk': 'USER#a%23b' }],
    [{ kind: 'provider', provider: 'p' } as const, 'lookup', { ':pk': 'USER#a%23b', ':prefix': 'p#' }],
    [{ kind: 'url', domain: 'd#' } as const, 'urlLookup', { ':pk': 'USER#a%23b', ':prefix': 'HOST#d%23#' }],
  ])('stays in the partition of the user: %j', (range, IndexName, values) => {
    const query = buildIndexQuery('a#b', range);
    expect(query).toMatchObject({ IndexName, ExpressionAttributeValues: values });
    expect(query.KeyConditionExpression).toMatch(/^pk = :pk\b/);
    expect(query.KeyConditionExpression?.includes(`begins_with(${IndexName}, :prefix)`)).toBe(range.kind !== 'all');
  });
});

describe('what the indexes project', () => {
  it('is what a summary is parsed from', () => {
    const fields = Object.keys(CredentialSummary.shape).filter((name) => name !== 'userId' && name !== 'id');
    expect([...SUMMARY_ATTRIBUTES].toSorted()).toEqual([...fields, 'schemaVersion'].toSorted());
  });

  it('is at most 20 attributes, the limit of DynamoDB, and none that a use or the sweep changes, and nothing sealed', () => {
    expect(SUMMARY_ATTRIBUTES.length).toBeLessThanOrEqual(20);
    const left = Object.keys(StoredCredential.shape).filter((name) => !SUMMARY_ATTRIBUTES.includes(name as never));
    expect(left).toEqual(expect.arrayContaining(['sealed', 'wrappedKey', 'usedDay', 'dueShard', 'dueAt']));
  });
});
