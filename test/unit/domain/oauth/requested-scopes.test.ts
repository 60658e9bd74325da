import { describe, expect, it } from 'vitest';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { askedScopes } from '../../../../lib/domain/oauth/requested-scopes.ts';

const record = (given: Partial<ProviderRecord> = {}): ProviderRecord => ({
  authorizationEndpoint: 'https://acme.example/authorize',
  tokenEndpoint: 'https://acme.example/token',
  ...given,
});

const both = (...scopes: string[]) => ({ wanted: scopes, requested: scopes });

describe('askedScopes', () => {
  describe('of a new connection', () => {
    it.each<[string, readonly string[] | undefined, string[]]>([
      ['the default ones when none are named', undefined, ['default']],
      ['the default ones when the list is empty', [], ['default']],
      ['those that are named, without the default ones', ['b', 'a'], ['b', 'a']],
      ['each once', ['a', 'b', 'a'], ['a', 'b']],
    ])('are %s', (_, scopes, expected) => {
      expect(askedScopes(record({ defaultScopes: ['default'] }), scopes, [])).toEqual(both(...expected));
    });

    it('are none where none are named and the provider has no default', () => {
      expect(askedScopes(record(), undefined, [])).toEqual(both());
    });

    it('are all asked for, also where an upgrade would ask for the new ones only', () => {
      expect(askedScopes(record({ incrementalScopes: true }), ['a'], [])).toEqual(both('a'));
    });
  });

  describe('of a provider that gives refresh tokens for a scope', () => {
    it.each<[string, readonly string[] | undefined, string[]]>([
      ['named ones', ['a'], ['a', 'offline']],
      ['default ones', undefined, ['default', 'offline']],
    ])('hold it besides %s', (_, scopes, expected) => {
      const asked = askedScopes(record({ defaultScopes: ['default'], refreshTokenScope: 'offline' }), scopes, []);
      expect(asked).toEqual(both(...expected));
    });

    it('hold it once when it is named too', () => {
      expect(askedScopes(record({ refreshTokenScope: 'offline' }), ['offline', 'a'], [])).toEqual(both('offline', 'a'));
    });
  });

  describe('of an upgrade', () => {
    it('are the stored ones and the new ones', () => {
      expect(askedScopes(record(), ['b', 'a'], ['a', 'c'])).toEqual(both('a', 'c', 'b'));
    });

    it('are asked for only as far as they are new, where that is enough', () => {
      expect(askedScopes(record({ incrementalScopes: true }), ['a', 'b'], ['a', 'c'])).toEqual({
        wanted: ['a', 'c', 'b'],
        requested: ['b'],
      });
    });

    it('are all asked for when none of them is new', () => {
      expect(askedScopes(record({ incrementalScopes: true }), ['a'], ['a', 'b'])).toEqual(both('a', 'b'));
    });
  });

  it('leaves the lists it was given as they are', () => {
    const [defaults, stored] = [Object.freeze(['d']), Object.freeze(['s'])];
    askedScopes(record({ defaultScopes: defaults as string[] }), undefined, stored);
    expect([defaults, stored]).toEqual([['d'], ['s']]);
  });
});
