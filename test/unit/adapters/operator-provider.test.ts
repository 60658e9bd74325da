// An operator's entry over the catalogue's record: what it may say, and what it inherits.
import { describe, expect, it } from 'vitest';
import { readOperatorProvider } from '../../../lib/adapters/secrets/operator-provider.ts';
import { checkOutboundUrl } from '../../../lib/domain/values/outbound-url.ts';
import { catalogueProviders } from '../../../lib/providers/catalogue.ts';

const allows = (url: string) => checkOutboundUrl(url, 'public') !== null;
const read = (provider: string, entry: object) =>
  readOperatorProvider(provider, { clientId: 'c', ...entry }, allows)?.profile ?? null;

const acme = {
  authorizationEndpoint: 'https://acme.example.com/authorize',
  tokenEndpoint: 'https://acme.example.com/token',
};

describe('the API of an entry', () => {
  it('is its own', () => {
    const api = { apiBaseUrl: 'https://api.example.com/v2', apiHosts: ['*.example.com', 'api.example.net:8443'] };
    expect(read('acme', { ...acme, ...api })).toMatchObject(api);
  });

  it('is unknown when the entry does not say', () => {
    expect(read('acme', acme)).toMatchObject({ apiBaseUrl: null, apiHosts: [] });
  });

  it.each<[string, object]>([
    ['a base URL over http', { apiBaseUrl: 'http://api.example.com' }],
    ['a base URL on loopback', { apiBaseUrl: 'http://127.0.0.1:3000' }],
    ['a base URL with an address', { apiBaseUrl: 'https://169.254.169.254/' }],
    ['a base URL with a private name', { apiBaseUrl: 'https://api.internal/' }],
    ['a base URL with a user', { apiBaseUrl: 'https://user@api.example.com/' }],
    ['a base URL with a query', { apiBaseUrl: 'https://api.example.com/?x=1' }],
    ['a base URL with a fragment', { apiBaseUrl: 'https://api.example.com/#x' }],
    ['a base URL with a backslash', { apiBaseUrl: 'https://api.example.com\\@evil.example' }],
    ['no base URL', { apiBaseUrl: 'api.example.com' }],
    ['a URL for a host', { apiHosts: ['https://api.example.com'] }],
    ['every host', { apiHosts: ['*'] }],
    ['every host of a top-level domain', { apiHosts: ['*.com'] }],
    ['a host with a path', { apiHosts: ['api.example.com/x'] }],
    ['no host', { apiHosts: [] }],
    ['a text for hosts', { apiHosts: 'api.example.com' }],
    ['a variable whose pattern does not compile', { templateVariables: { shop: { pattern: '(' } } }],
    ['a variable whose pattern may take for ever', { templateVariables: { shop: { pattern: '(a+)+$' } } }],
    [
      'a kept value whose pattern may take for ever',
      { keeps: [{ name: 'team', from: 'token_reply', path: 'team', pattern: '(a+)+$' }] },
    ],
  ])('makes the entry invalid with %s', (_, entry) => {
    expect(read('acme', { ...acme, ...entry })).toBeNull();
  });

  it('may have placeholders', () => {
    const templateVariables = { shop: { pattern: '[a-z]+' } };
    const api = { apiBaseUrl: 'https://{shop}.example.com/admin', apiHosts: ['{shop}.example.net'] };
    expect(read('acme', { ...acme, ...api, templateVariables })).toMatchObject(api);
  });
});

describe('the MCP servers that an entry’s client is for', () => {
  const lentTo = (provider: string, given: object) =>
    readOperatorProvider(provider, { clientId: 'c', ...given }, allows)?.lentTo;
  const OWN = { issuer: 'https://auth.example.com' };
  const ELSEWHERE = { tokenEndpoint: 'https://other.example.com/token' };

  it.each<[string, string, object]>([
    ['a provider of the catalogue', 'gitlab', {}],
    ['a provider of the catalogue, elsewhere', 'gitlab', { ...ELSEWHERE, ...OWN }],
    ['a provider with an API', 'acme', { ...acme, ...OWN, apiBaseUrl: 'https://api.example.com' }],
    ['a provider with hosts of an API', 'acme', { ...acme, ...OWN, apiHosts: ['*.example.com'] }],
  ])('are at the hosts of its API, of %s', (_, provider, given) => {
    expect(lentTo(provider, given)).toBe('api_hosts');
  });

  it.each<[string, object]>([
    ['by the issuer alone', OWN],
    ['by the issuer alone, with an API', { ...OWN, apiBaseUrl: 'https://api.example.com' }],
    ['with its endpoints', { ...acme, ...OWN }],
  ])('are all at an issuer of the operator’s own, %s', (_, given) => {
    expect(lentTo('tools', given)).toBe('all_servers');
  });

  it.each([
    ['gitlab', {}],
    ['tools', OWN],
  ])('are all or none where the entry says so (%s)', (provider, given) => {
    expect(lentTo(provider, { ...given, mcp: true })).toBe('all_servers');
    expect(lentTo(provider, { ...given, mcp: false })).toBe('no_server');
    expect(lentTo(provider, { ...given, mcp: 'yes' })).toBeUndefined();
  });
});

describe('the clients of an entry', () => {
  const readClient = (entry: object) =>
    readOperatorProvider('acme', { ...acme, clientId: 'c', ...entry }, allows)?.client;

  it('are the current one and those that grants were issued to before', () => {
    const olderClients = [{ clientId: 'b', clientSecret: 'secret-b' }, { clientId: 'a' }];
    const client = readClient({ olderClients });
    expect(client).toMatchObject({
      clientId: 'c',
      olderClients: [{ clientId: 'b' }, { clientId: 'a', clientSecret: null }],
    });
    expect(client?.olderClients?.[0]?.clientSecret?.expose()).toBe('secret-b');
    expect(JSON.stringify(client)).not.toContain('secret-b');
  });

  it.each([
    ['one without an id', [{ clientSecret: 's' }]],
    ['one with an empty id', [{ clientId: '' }]],
    ['one with an unknown field', [{ clientId: 'a', secret: 's' }]],
    ['one that is a text', ['a']],
    ['too many', Array.from({ length: 17 }, (_, number) => ({ clientId: `c${number}` }))],
  ])('make the entry invalid with %s', (_, olderClients) => {
    expect(readClient({ olderClients })).toBeUndefined();
  });
});

describe('the former origins of an entry', () => {
  it('may have placeholders and ports', () => {
    const formerTokenOrigins = ['https://old.example.com', 'https://{shop}.example.net:8443'];
    expect(read('acme', { ...acme, formerTokenOrigins })).toMatchObject({ formerTokenOrigins });
  });

  it.each([
    'http://old.example.com',
    'http://127.0.0.1:3000',
    'https://169.254.169.254',
    'https://old.internal',
    'https://old.example.com/',
    'https://old.example.com/token',
    'https://old.example.com?x=1',
    'https://user@old.example.com',
    'https://OLD.example.com',
    'old.example.com',
    '{origin}/',
    '*',
    '',
  ])('make the entry invalid: %s', (former) => {
    expect(read('acme', { ...acme, formerTokenOrigins: [former] })).toBeNull();
  });
});

describe('an entry over the catalogue', () => {
  it('inherits everything when it only brings a client', () => {
    expect(read('github', {})).toMatchObject({
      displayName: 'GitHub',
      tokenEndpoint: 'https://github.com/login/oauth/access_token',
      identityEndpoint: 'https://api.github.com/user',
    });
  });

  it('inherits everything when its token endpoint is at the same origin', () => {
    const moved = read('github', { tokenEndpoint: 'https://github.com/other/token' });
    expect(moved).toMatchObject({ identityEndpoint: 'https://api.github.com/user', revocationStyle: 'delete_basic' });
  });

  const elsewhere = {
    authorizationEndpoint: 'https://github.example.com/authorize',
    tokenEndpoint: 'https://github.example.com/token',
  };

  it('inherits no endpoint and no issuer when its token endpoint is at another origin', () => {
    expect(read('github', elsewhere)).toMatchObject({
      ...elsewhere,
      displayName: 'GitHub',
      refreshEndpoint: elsewhere.tokenEndpoint,
      revocationEndpoint: null,
      deviceAuthorizationEndpoint: null,
      identityEndpoint: null,
    });
    const places = { issuer: null, apiBaseUrl: null, apiHosts: [], formerTokenOrigins: [], verification: null };
    expect(read('gitlab', elsewhere)).toMatchObject(places);
  });

  it.each([
    ['another host', 'https://evil.example.com/login/oauth/access_token'],
    ['another port', 'https://github.com:8443/login/oauth/access_token'],
    ['a host that begins alike', 'https://github.com.evil.example.com/token'],
  ])('is invalid with nothing but a token endpoint at %s', (_, tokenEndpoint) => {
    expect(read('github', { tokenEndpoint })).toBeNull();
  });

  it('inherits no place at all, whatever the catalogue says', () => {
    for (const [provider, record] of catalogueProviders) {
      const moved = readOperatorProvider(provider, { clientId: 'c', ...elsewhere }, allows);
      const places = Object.entries(moved?.profile ?? {}).filter(([name]) =>
        /Endpoint$|^issuer$|^apiBaseUrl$/.test(name),
      );
      const strange = places.filter(([, value]) => value !== null && !Object.values(elsewhere).includes(String(value)));
      expect([provider, strange, record === undefined]).toEqual([provider, [], false]);
      expect(moved?.profile).toMatchObject({ formerTokenOrigins: [], apiHosts: [], verification: null });
    }
  });

  it('keeps the address of its own API wherever the token endpoint is', () => {
    const api = { apiBaseUrl: 'https://api.github.example.com', apiHosts: ['uploads.github.example.com'] };
    expect(read('github', { ...elsewhere, ...api })).toMatchObject(api);
  });
});
