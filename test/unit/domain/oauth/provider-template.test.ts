// Placeholders in a provider's URLs: how they are filled, and which values are refused.
import { describe, expect, it } from 'vitest';
import { type ProviderProfile, providerProfile } from '../../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { fillTemplate } from '../../../../lib/domain/oauth/provider-template.ts';

const shop = (given: Partial<ProviderRecord> = {}): ProviderProfile =>
  providerProfile('shop', {
    authorizationEndpoint: 'https://{shop}.example/authorize',
    tokenEndpoint: 'https://{shop}.example/token',
    templateVariables: { shop: { pattern: '[a-z0-9-]+' } },
    ...given,
  });

const invalid = (pointer: string, detail: unknown = expect.any(String)) =>
  expect.objectContaining({ code: 'invalid_request', errors: [{ pointer, detail }] });

describe('fillTemplate', () => {
  it('fills every placeholder in the endpoints and the issuer', () => {
    const profile = shop({
      refreshEndpoint: 'https://{shop}.example/refresh',
      revocationEndpoint: 'https://api.example/{shop}/revoke/{shop}',
      deviceAuthorizationEndpoint: 'https://{shop}.example/device',
      identityEndpoint: 'https://{shop}.example/me',
      issuer: 'https://{shop}.example',
    });
    expect(fillTemplate(profile, { shop: 'one' })).toEqual({
      ...profile,
      authorizationEndpoint: 'https://one.example/authorize',
      tokenEndpoint: 'https://one.example/token',
      refreshEndpoint: 'https://one.example/refresh',
      revocationEndpoint: 'https://api.example/one/revoke/one',
      deviceAuthorizationEndpoint: 'https://one.example/device',
      identityEndpoint: 'https://one.example/me',
      issuer: 'https://one.example',
    });
  });

  it('changes no other field', () => {
    const profile = shop({ displayName: '{shop}', identityQuery: '{shop}', defaultScopes: ['{shop}'] });
    expect(fillTemplate(profile, { shop: 'one' })).toMatchObject({
      displayName: '{shop}',
      identityQuery: '{shop}',
      defaultScopes: ['{shop}'],
    });
  });

  it('does not modify its input', () => {
    const profile = Object.freeze(shop());
    fillTemplate(profile, { shop: 'one' });
    expect(profile.tokenEndpoint).toBe('https://{shop}.example/token');
  });

  it('keeps the placeholder {client_id}', () => {
    const profile = shop({ revocationEndpoint: 'https://{shop}.example/{client_id}/grant' });
    expect(fillTemplate(profile, { shop: 'one' }).revocationEndpoint).toBe('https://one.example/{client_id}/grant');
  });

  it('fills {client_id} from no variable', () => {
    const profile = shop({
      templateVariables: { client_id: { pattern: '.*' } },
      tokenEndpoint: 'https://a/{client_id}',
    });
    expect(fillTemplate(profile, { client_id: 'x' }).tokenEndpoint).toBe('https://a/{client_id}');
  });

  it('returns an equal profile without template variables', () => {
    const profile = shop({
      authorizationEndpoint: 'https://a.example/a',
      tokenEndpoint: 'https://a.example/t',
      templateVariables: undefined,
    });
    expect(fillTemplate(profile, {})).toEqual(profile);
  });

  it('inserts $ patterns literally', () => {
    const profile = shop({ templateVariables: { shop: { pattern: '.*' } } });
    expect(fillTemplate(profile, { shop: "$&$'$1" }).tokenEndpoint).toBe("https://$&$'$1.example/token");
  });

  it('does not fill placeholders inside values', () => {
    const profile = shop({
      tokenEndpoint: 'https://{shop}.example/{path}',
      templateVariables: { shop: { pattern: '.*' }, path: { pattern: '.*' } },
    });
    expect(fillTemplate(profile, { shop: '{path}', path: 'p' }).tokenEndpoint).toBe('https://{path}.example/p');
  });

  it('uses the default only for an omitted variable', () => {
    const profile = shop({ templateVariables: { shop: { pattern: 'com|eu', default: 'com' } } });
    expect(fillTemplate(profile, {}).tokenEndpoint).toBe('https://com.example/token');
    expect(fillTemplate(profile, { shop: 'eu' }).tokenEndpoint).toBe('https://eu.example/token');
    expect(() => fillTemplate(profile, { shop: '' })).toThrow(invalid('#/variables/shop'));
  });

  it.each([
    ['a missing variable', {}, '#/variables/shop', 'the provider needs this variable'],
    ['an unknown variable', { shop: 'one', other: 'x' }, '#/variables/other', 'the provider has no such variable'],
    ['a value', { shop: '/' }, '#/variables/shop', 'does not match the pattern of this variable'],
  ])('explains why it refuses %s', (_, variables, pointer, detail) => {
    expect(() => fillTemplate(shop(), variables)).toThrow(invalid(pointer, detail));
  });

  it.each(['region', 'constructor', 'toString', '__proto__'])('points at the unknown variable %s', (name) => {
    const variables = JSON.parse(JSON.stringify({ shop: 'one' }).replace('}', `,"${name}":"x"}`));
    expect(() => fillTemplate(shop(), variables)).toThrow(invalid(`#/variables/${name}`));
  });

  it.each(['shop', 'constructor'])('refuses the variable %s when the provider has none', (name) => {
    expect(() => fillTemplate(shop({ templateVariables: undefined }), { [name]: 'x' })).toThrow(
      invalid(`#/variables/${name}`),
    );
  });

  it.each([
    ['another host', 'evil.example/'],
    ['a user', 'a@evil.example'],
    ['a path', 'a/b'],
    ['a query', 'a?b'],
    ['a fragment', 'a#b'],
    ['a percent escape', 'a%2fb'],
    ['a line break after it', 'one\n'],
    ['a line break before it', 'evil\none'],
    ['capital letters', 'ONE'],
    ['an empty value', ''],
    ['a value longer than a host name', 'a'.repeat(254)],
  ])('refuses %s', (_, value) => {
    expect(() => fillTemplate(shop(), { shop: value })).toThrow(invalid('#/variables/shop'));
  });

  it('matches the whole value against each alternative of a pattern', () => {
    const profile = shop({ templateVariables: { shop: { pattern: 'com|eu' } } });
    expect(fillTemplate(profile, { shop: 'eu' }).tokenEndpoint).toBe('https://eu.example/token');
    expect(() => fillTemplate(profile, { shop: 'com.evil' })).toThrow(invalid('#/variables/shop'));
    expect(() => fillTemplate(profile, { shop: 'evil.eu' })).toThrow(invalid('#/variables/shop'));
  });

  it('accepts 253 characters, the longest host name', () => {
    expect(fillTemplate(shop(), { shop: 'a'.repeat(253) }).tokenEndpoint).toContain('a'.repeat(253));
  });

  it('does not repeat the refused value in the error', () => {
    expect(() => fillTemplate(shop(), { shop: 'CANARY' })).not.toThrow(/CANARY/);
    try {
      fillTemplate(shop(), { shop: 'CANARY' });
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('CANARY');
    }
  });
});
