// The checks of protected-resource metadata (RFC 9728).
import { describe, expect, it } from 'vitest';
import {
  checkResourceMetadata,
  chooseIssuers,
  isUsableIssuer,
} from '../../../../../lib/domain/mcp/discovery/resource-metadata.ts';

const URL_OF_SERVER = 'https://mcp.example.com/mcp';
const ISSUER = 'https://auth.example.com';
const document = (given: object = {}) => ({ resource: URL_OF_SERVER, authorization_servers: [ISSUER], ...given });
const check = (given: object = {}) => checkResourceMetadata(document(given), URL_OF_SERVER);
const refusal = (reason: string) =>
  expect.objectContaining({ code: 'server_not_connectable', members: { step: 'resource_metadata', reason } });

describe('checkResourceMetadata', () => {
  it('gives resource, issuers and scopes', () => {
    const given = { scopes_supported: ['a', 'b'], bearer_methods_supported: ['header'], more: {} };
    expect(check(given)).toEqual({ resource: URL_OF_SERVER, issuers: [ISSUER], scopes: ['a', 'b'] });
  });

  it.each(['https://mcp.example.com', 'https://mcp.example.com/'])('accepts %s, which covers the URL', (resource) => {
    expect(check({ resource }).resource).toBe(resource);
  });

  it.each([
    'https://mcp.example.com/other',
    'https://mcp.example.com/mcp/deeper',
    'https://evil.example/mcp',
    'https://mcp.example.com/mcp/../mcp',
    'mcp.example.com/mcp',
  ])('refuses the resource %s', (resource) => {
    expect(() => check({ resource })).toThrow(refusal('resource_mismatch'));
  });

  it('keeps the order of the issuers, each once', () => {
    const issuers = ['https://b.example', 'https://a.example', 'https://b.example'];
    expect(check({ authorization_servers: issuers }).issuers).toEqual(['https://b.example', 'https://a.example']);
  });

  it.each([undefined, null, []])('refuses authorization servers %j', (servers) => {
    expect(() => check({ authorization_servers: servers })).toThrow(refusal('no_authorization_server'));
  });

  it.each<[string, unknown]>([
    ['no object', []],
    ['null', null],
    ['a text', 'x'],
    ['no resource', { authorization_servers: [ISSUER] }],
    ['an empty resource', document({ resource: '' })],
    ['a resource of another type', document({ resource: [URL_OF_SERVER] })],
    ['a resource over 2,048 characters', document({ resource: `${URL_OF_SERVER}/${'x'.repeat(2048)}` })],
    ['servers of another type', document({ authorization_servers: ISSUER })],
    ['a server of another type', document({ authorization_servers: [ISSUER, 1] })],
    ['an empty server', document({ authorization_servers: [''] })],
    ['33 servers', document({ authorization_servers: Array.from({ length: 33 }, (_, i) => `${ISSUER}/${i}`) })],
  ])('refuses a document with %s', (_, given) => {
    expect(() => checkResourceMetadata(given, URL_OF_SERVER)).toThrow(refusal('invalid_metadata'));
  });

  it('accepts 32 servers', () => {
    const servers = Array.from({ length: 32 }, (_, i) => `${ISSUER}/${i}`);
    expect(check({ authorization_servers: servers }).issuers).toEqual(servers);
  });

  it.each<[string, unknown]>([
    ['none', undefined],
    ['a text', 'a b'],
    ['one that is no scope', ['a', 'b c']],
    ['an empty one', ['']],
    ['one with a quote', ['a"b']],
    ['more than 100', Array.from({ length: 101 }, (_, i) => `s${i}`)],
    ['one over 256 characters', ['x'.repeat(257)]],
  ])('counts scopes as not listed where the list has %s', (_, scopes) => {
    expect(check({ scopes_supported: scopes }).scopes).toBeNull();
  });

  it('accepts 100 scopes of 256 characters', () => {
    const scopes = Array.from({ length: 100 }, (_, i) => String(i).padEnd(256, 'x'));
    expect(check({ scopes_supported: scopes }).scopes).toEqual(scopes);
  });
});

describe('isUsableIssuer', () => {
  it.each([
    ['https://auth.example.com', true],
    ['https://auth.example.com/tenant', true],
    ['https://auth.example.com?x=1', false],
    ['https://auth.example.com/#x', false],
    ['https://auth.example.com/a/../b', false],
    ['https://auth.example.com/a%2fb', false],
    ['http://auth.example.com', false],
    ['http://127.0.0.1', false],
    ['https://169.254.169.254', false],
  ])('of %s: %s', (issuer, expected) => {
    expect(isUsableIssuer(issuer, 'public')).toBe(expected);
  });

  it('follows the policy', () => {
    expect(isUsableIssuer('http://127.0.0.1:4000', 'local')).toBe(true);
  });
});

describe('chooseIssuers', () => {
  it('keeps the first three that may be called, in order', () => {
    const issuers = ['http://a.example', 'https://b.example', 'https://localhost', 'https://c.example'];
    const more = ['https://d.example', 'https://e.example'];
    expect(chooseIssuers([...issuers, ...more], 'public')).toEqual([
      'https://b.example',
      'https://c.example',
      'https://d.example',
    ]);
  });

  it('refuses a list of which none may be called', () => {
    expect(() => chooseIssuers(['http://a.example'], 'public')).toThrow(refusal('no_authorization_server'));
  });
});
