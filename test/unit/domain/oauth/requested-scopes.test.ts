// The scopes to request: for a new connection, and for more scopes on a stored credential.
import { describe, expect, it } from 'vitest';
import { type ProviderProfile, providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { requestedScopes } from '../../../../lib/domain/oauth/requested-scopes.ts';

const profile = (given: Partial<ProviderRecord> = {}): ProviderProfile =>
  providerProfile('acme', {
    authorizationEndpoint: 'https://acme.example/authorize',
    tokenEndpoint: 'https://acme.example/token',
    ...given,
  });

const both = (...scopes: string[]) => ({ wanted: scopes, requested: scopes });

describe('requestedScopes', () => {
  describe('for a new connection', () => {
    it.each<[string, readonly string[] | undefined, string[]]>([
      ['the default scopes when none are named', undefined, ['default']],
      ['the default scopes when the list is empty', [], ['default']],
      ['only the named scopes', ['b', 'a'], ['b', 'a']],
      ['each scope once', ['a', 'b', 'a'], ['a', 'b']],
    ])('returns %s', (_, scopes, expected) => {
      expect(requestedScopes(profile({ defaultScopes: ['default'] }), scopes, [])).toEqual(both(...expected));
    });

    it('returns no scopes when none are named and the provider has no defaults', () => {
      expect(requestedScopes(profile(), undefined, [])).toEqual(both());
    });

    it('requests every scope from a provider with incremental scopes', () => {
      expect(requestedScopes(profile({ incrementalScopes: true }), ['a'], [])).toEqual(both('a'));
    });
  });

  describe('with a scope for refresh tokens', () => {
    it.each<[string, readonly string[] | undefined, string[]]>([
      ['named scopes', ['a'], ['a', 'offline']],
      ['default scopes', undefined, ['default', 'offline']],
    ])('adds it to %s', (_, scopes, expected) => {
      const asked = requestedScopes(profile({ defaultScopes: ['default'], refreshTokenScope: 'offline' }), scopes, []);
      expect(asked).toEqual(both(...expected));
    });

    it('does not repeat it when it is named', () => {
      expect(requestedScopes(profile({ refreshTokenScope: 'offline' }), ['offline', 'a'], [])).toEqual(
        both('offline', 'a'),
      );
    });
  });

  describe('for an upgrade', () => {
    it('joins stored and new scopes', () => {
      expect(requestedScopes(profile(), ['b', 'a'], ['a', 'c'])).toEqual(both('a', 'c', 'b'));
    });

    it('requests only the new scopes from a provider with incremental scopes', () => {
      expect(requestedScopes(profile({ incrementalScopes: true }), ['a', 'b'], ['a', 'c'])).toEqual({
        wanted: ['a', 'c', 'b'],
        requested: ['b'],
      });
    });

    it('requests every scope when none is new', () => {
      expect(requestedScopes(profile({ incrementalScopes: true }), ['a'], ['a', 'b'])).toEqual(both('a', 'b'));
    });
  });

  it('does not modify its inputs', () => {
    const [defaults, stored] = [Object.freeze(['d']), Object.freeze(['s'])];
    requestedScopes(profile({ defaultScopes: defaults as string[] }), undefined, stored);
    expect([defaults, stored]).toEqual([['d'], ['s']]);
  });
});
