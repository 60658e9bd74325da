import { describe, expect, it } from 'vitest';
import type { ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';
import { fillTemplate } from '../../../../lib/domain/oauth/provider-template.ts';

const shop = (given: Partial<ProviderRecord> = {}): ProviderRecord => ({
  authorizationEndpoint: 'https://{shop}.example/authorize',
  tokenEndpoint: 'https://{shop}.example/token',
  templateVariables: { shop: { pattern: '[a-z0-9-]+' } },
  ...given,
});

const invalid = (pointer: string, detail: unknown = expect.any(String)) =>
  expect.objectContaining({ code: 'invalid_request', errors: [{ pointer, detail }] });

describe('fillTemplate', () => {
  it('fills every endpoint and the issuer, wherever the place stands and however often', () => {
    const record = shop({
      refreshEndpoint: 'https://{shop}.example/refresh',
      revocationEndpoint: 'https://api.example/{shop}/revoke/{shop}',
      deviceAuthorizationEndpoint: 'https://{shop}.example/device',
      identityEndpoint: 'https://{shop}.example/me',
      issuer: 'https://{shop}.example',
    });
    expect(fillTemplate(record, { shop: 'one' })).toEqual({
      ...record,
      authorizationEndpoint: 'https://one.example/authorize',
      tokenEndpoint: 'https://one.example/token',
      refreshEndpoint: 'https://one.example/refresh',
      revocationEndpoint: 'https://api.example/one/revoke/one',
      deviceAuthorizationEndpoint: 'https://one.example/device',
      identityEndpoint: 'https://one.example/me',
      issuer: 'https://one.example',
    });
  });

  it('leaves every other field as it is', () => {
    const record = shop({ displayName: '{shop}', identityQuery: '{shop}', defaultScopes: ['{shop}'] });
    expect(fillTemplate(record, { shop: 'one' })).toMatchObject({
      displayName: '{shop}',
      identityQuery: '{shop}',
      defaultScopes: ['{shop}'],
    });
  });

  it('leaves the record it was given as it is', () => {
    const record = Object.freeze(shop());
    fillTemplate(record, { shop: 'one' });
    expect(record.tokenEndpoint).toBe('https://{shop}.example/token');
  });

  it("leaves the place of the client's own id", () => {
    const record = shop({ revocationEndpoint: 'https://{shop}.example/{client_id}/grant' });
    expect(fillTemplate(record, { shop: 'one' }).revocationEndpoint).toBe('https://one.example/{client_id}/grant');
  });

  it("does not let a variable take the place of the client's own id", () => {
    const record = shop({
      templateVariables: { client_id: { pattern: '.*' } },
      tokenEndpoint: 'https://a/{client_id}',
    });
    expect(fillTemplate(record, { client_id: 'x' }).tokenEndpoint).toBe('https://a/{client_id}');
  });

  it('is the record itself where there is no template', () => {
    const record = { authorizationEndpoint: 'https://a.example/a', tokenEndpoint: 'https://a.example/t' };
    expect(fillTemplate(record, {})).toEqual(record);
  });

  it('puts a value in as it is, not as a replacement pattern', () => {
    const record = shop({ templateVariables: { shop: { pattern: '.*' } } });
    expect(fillTemplate(record, { shop: "$&$'$1" }).tokenEndpoint).toBe("https://$&$'$1.example/token");
  });

  it('does not fill a place that came with a value', () => {
    const record = shop({
      tokenEndpoint: 'https://{shop}.example/{path}',
      templateVariables: { shop: { pattern: '.*' }, path: { pattern: '.*' } },
    });
    expect(fillTemplate(record, { shop: '{path}', path: 'p' }).tokenEndpoint).toBe('https://{path}.example/p');
  });

  it('takes the usual value of a variable that is not given, and no other', () => {
    const record = shop({ templateVariables: { shop: { pattern: 'com|eu', default: 'com' } } });
    expect(fillTemplate(record, {}).tokenEndpoint).toBe('https://com.example/token');
    expect(fillTemplate(record, { shop: 'eu' }).tokenEndpoint).toBe('https://eu.example/token');
    expect(() => fillTemplate(record, { shop: '' })).toThrow(invalid('#/variables/shop'));
  });

  it.each([
    ['a missing variable', {}, '#/variables/shop', 'the provider needs this variable'],
    ['one it does not know', { shop: 'one', other: 'x' }, '#/variables/other', 'the provider has no such variable'],
    ['a value', { shop: '/' }, '#/variables/shop', 'not a value the provider can have'],
  ])('says why it refuses %s', (_, variables, pointer, detail) => {
    expect(() => fillTemplate(shop(), variables)).toThrow(invalid(pointer, detail));
  });

  it.each(['region', 'constructor', 'toString', '__proto__'])('names the unknown variable %s', (name) => {
    const variables = JSON.parse(JSON.stringify({ shop: 'one' }).replace('}', `,"${name}":"x"}`));
    expect(() => fillTemplate(shop(), variables)).toThrow(invalid(`#/variables/${name}`));
  });

  it.each(['shop', 'constructor'])('takes no variable %s where the provider has none', (name) => {
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
    ['an escape', 'a%2fb'],
    ['a line break after it', 'one\n'],
    ['a line break before it', 'evil\none'],
    ['capitals', 'ONE'],
    ['nothing', ''],
    ['more than a host name may hold', 'a'.repeat(254)],
  ])('refuses %s', (_, value) => {
    expect(() => fillTemplate(shop(), { shop: value })).toThrow(invalid('#/variables/shop'));
  });

  it('holds a value against the whole of a pattern with alternatives', () => {
    const record = shop({ templateVariables: { shop: { pattern: 'com|eu' } } });
    expect(fillTemplate(record, { shop: 'eu' }).tokenEndpoint).toBe('https://eu.example/token');
    expect(() => fillTemplate(record, { shop: 'com.evil' })).toThrow(invalid('#/variables/shop'));
    expect(() => fillTemplate(record, { shop: 'evil.eu' })).toThrow(invalid('#/variables/shop'));
  });

  it('takes the longest host name', () => {
    expect(fillTemplate(shop(), { shop: 'a'.repeat(253) }).tokenEndpoint).toContain('a'.repeat(253));
  });

  it('shows nothing of a refused value', () => {
    expect(() => fillTemplate(shop(), { shop: 'CANARY' })).not.toThrow(/CANARY/);
    try {
      fillTemplate(shop(), { shop: 'CANARY' });
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('CANARY');
    }
  });
});
