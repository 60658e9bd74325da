// The keys of every kind of item, and how a row's kind is found from them.
import { describe, expect, it } from 'vitest';
import * as keys from '../../../../lib/adapters/dynamodb/item-keys.ts';

const KEY = { userId: 'a#b', credentialId: 'c1' };

describe('the keys of the table', () => {
  it.each<[string, keys.Key, string, string]>([
    ['a user record', keys.userRecordKey('alice'), 'USER#alice', '#HEAD'],
    ['a credential', keys.credentialKey('alice', 'c1'), 'USER#alice', 'CRED#c1'],
    ['a lease', keys.leaseKey({ userId: 'alice', credentialId: 'c1' }), 'USER#alice', 'LEASE#c1'],
    ['a managed key', keys.managedKey('alice', 'openai'), 'USER#alice', 'MANAGED#openai'],
    ['a count of states', keys.openStatesKey({ userId: 'alice', window: 7, erasures: 2 }), 'USER#alice', '#STATES#7#2'],
    ['a state', keys.stateKey('hash-1'), 'STATE#hash-1', 'STATE'],
    ['the way to a state', keys.flowKey('alice', 'hash-1'), 'USER#alice', 'FLOW#hash-1'],
    ['a link', keys.linkKey('hash-1'), 'LINK#hash-1', 'LINK'],
    ['the way to a link', keys.ownLinkKey('alice', 'hash-1'), 'USER#alice', 'LINK#hash-1'],
    [
      'a count of links',
      keys.openLinksKey({ userId: 'alice', windowSeconds: 3_600, window: 7, erasures: 2 }),
      'USER#alice',
      '#LINKS#3600#7#2',
    ],
    [
      'an issuer’s metadata',
      keys.issuerMetadataKey('https://auth.example.com'),
      'ISSUER#HOGEh-C5v-_IJZ13m_6YdC08ubyxmvltDNY-EnSxaKI',
      'METADATA',
    ],
    [
      'a registered client',
      keys.registeredClientKey({ issuer: 'https://auth.example.com', redirectUri: 'https://keyhold.example.com/cb' }),
      'ISSUER#HOGEh-C5v-_IJZ13m_6YdC08ubyxmvltDNY-EnSxaKI',
      'CLIENT#DvusvkgaUhLq9QpJimZ_ZfEWJo4I779Gn3LkGveZJw4',
    ],
    [
      'a former client',
      keys.formerClientKey({
        issuer: 'https://auth.example.com',
        redirectUri: 'https://keyhold.example.com/cb',
        clientId: 's6BhdRkqt3',
      }),
      'ISSUER#HOGEh-C5v-_IJZ13m_6YdC08ubyxmvltDNY-EnSxaKI',
      'CLIENT#DvusvkgaUhLq9QpJimZ_ZfEWJo4I779Gn3LkGveZJw4#7YRi4c--Dzpc0J93xle1IH0pFtIt9rJC5z_jqDMhlEw',
    ],
    ['the configuration', keys.configurationKey, 'CONFIG', 'CONFIG'],
    ['a credential of an odd user', keys.credentialKey(KEY.userId, KEY.credentialId), 'USER#a%23b', 'CRED#c1'],
  ])('are of %s', (_, key, pk, sk) => {
    expect(key).toEqual({ pk, sk });
  });
});

describe('userRange', () => {
  const { pk, first, last } = keys.userRange('alice');
  const within = ({ sk }: keys.Key) => sk >= first && sk <= last;

  it('covers one partition', () => {
    expect(pk).toBe('USER#alice');
  });

  it.each([
    ['the user record', keys.userRecordKey('alice'), true],
    ['the least credential', keys.credentialKey('alice', '-'), true],
    ['the greatest credential', keys.credentialKey('alice', 'z'.repeat(64)), true],
    ['a lease', keys.leaseKey({ userId: 'alice', credentialId: 'c1' }), false],
    ['a managed key', keys.managedKey('alice', 'openai'), false],
  ])('contains %s: %s', (_, key, expected) => {
    expect(within(key)).toBe(expected);
  });
});

describe('parseCredentialKey', () => {
  it.each([
    ['USER#alice', 'CRED#c1', { userId: 'alice', credentialId: 'c1' }],
    ['USER#a%23b', 'CRED#c1', { userId: 'a#b', credentialId: 'c1' }],
    ['USER', 'CRED#c1', null],
    ['USER#alice#more', 'CRED#c1', null],
    ['STATE#alice', 'CRED#c1', null],
    ['USER#%', 'CRED#c1', null],
    ['USER#alice', 'LEASE#c1', null],
    ['', '', null],
  ])('parses %j, %j as %j', (pk, sk, owned) => {
    expect(keys.parseCredentialKey({ pk, sk })).toEqual(owned);
  });
});

describe('parseCredentialSortKey', () => {
  it.each([
    ['CRED#c1', 'c1'],
    ['CRED#', null],
    ['CRED#a b', null],
    ['LEASE#c1', null],
    ['MANAGED#c1', null],
    ['#HEAD', null],
    ['CONFIG', null],
  ])('parses %j as %j', (sk, id) => {
    expect(keys.parseCredentialSortKey(sk)).toBe(id);
  });
});

describe('managedRange', () => {
  it('is that of the managed keys of one user', () => {
    expect(keys.managedRange('alice')).toEqual({ pk: 'USER#alice', prefix: 'MANAGED#' });
  });
});

describe('the other sort keys of a user', () => {
  it.each([
    ['MANAGED#openai', 'openai', null, null],
    ['MANAGED#a b', null, null, null],
    ['MANAGED#', null, null, null],
    ['FLOW#hash-1', null, 'hash-1', null],
    ['FLOW#', null, '', null],
    ['FLOW#%', null, null, null],
    ['LINK#hash-1', null, null, 'hash-1'],
    ['LINK#', null, null, ''],
    ['LINK#%', null, null, null],
    ['CRED#c1', null, null, null],
    ['x#MANAGED#', null, null, null],
    ['x#FLOW#', null, null, null],
    ['x#LINK#', null, null, null],
    ['', null, null, null],
  ])('parse %j as the provider %j, the state %j and the link %j', (sk, provider, state, link) => {
    expect(keys.parseManagedSortKey(sk)).toBe(provider);
    expect(keys.parseFlowSortKey(sk)).toBe(state);
    expect(keys.parseLinkSortKey(sk)).toBe(link);
  });
});

describe('findRowKind', () => {
  it.each([
    ['CRED#c1', 'credential'],
    ['MANAGED#openai', 'managed'],
    ['LEASE#c1', 'other'],
    ['#HEAD', 'other'],
    ['', 'other'],
  ])('finds the kind of %j: %s', (sk, kind) => {
    expect(keys.findRowKind(sk)).toBe(kind);
  });
});
