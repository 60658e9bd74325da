// What a link fills in and refuses.
import { describe, expect, it } from 'vitest';
import { hashBrowser, type LinkPayload, linkWindow } from '../../../../lib/domain/link/connect-link.ts';
import { linkInvalid, linkRefusals } from '../../../../lib/domain/link/link-refusal.ts';
import {
  applyToConnection,
  applyToCredential,
  applyToDevice,
  isShown,
} from '../../../../lib/domain/link/link-rules.ts';
import { viewLink } from '../../../../lib/domain/link/link-view.ts';

const REDIRECTS = {
  publicBaseUrl: 'https://keys.example',
  allowedReturnUrls: ['https://app.example/a', 'https://app.example/b'],
  allowsOwnPaths: false,
  allowedCallbackUrls: [],
};
const OPEN: LinkPayload = {
  provider: null,
  mcpServerUrl: null,
  credentialId: null,
  scopes: null,
  variables: null,
  returnUrl: null,
  manage: false,
};
const connect = (link: Partial<LinkPayload>, request: object = {}) =>
  applyToConnection({ ...OPEN, ...link }, { provider: 'acme', ...request }, REDIRECTS);
const refusedAs = (detail: string) => expect.objectContaining({ code: 'link_not_allowed', detail });

describe('a connection by a link', () => {
  it.each<[Partial<LinkPayload>, object, object]>([
    [{}, {}, {}],
    [{}, { scopes: ['x'], variables: { shop: 'a' } }, { scopes: ['x'], variables: { shop: 'a' } }],
    [{ provider: 'acme' }, {}, {}],
    [{ scopes: ['a', 'b'] }, {}, { scopes: ['a', 'b'] }],
    [{ scopes: ['a', 'b'] }, { scopes: [] }, { scopes: ['a', 'b'] }],
    [{ scopes: ['a', 'b'] }, { scopes: ['b'] }, { scopes: ['b'] }],
    [{ scopes: [] }, {}, { scopes: [] }],
    [{ variables: { shop: 'a' } }, {}, { variables: { shop: 'a' } }],
    [{ variables: { shop: 'a' } }, { variables: { region: 'eu' } }, { variables: { shop: 'a', region: 'eu' } }],
    [{ variables: { shop: 'a' } }, { variables: { shop: 'a' } }, { variables: { shop: 'a' } }],
    [{ credentialId: 'c' }, {}, { credentialId: 'c' }],
    [{ credentialId: 'c' }, { credentialId: 'c' }, { credentialId: 'c' }],
    [{ manage: true }, { credentialId: 'c' }, { credentialId: 'c' }],
    [{ returnUrl: 'https://app.example/a?x=1' }, { returnUrl: 'https://app.example/a?x=1' }, {}],
    [{}, { returnUrl: 'https://keys.example/connect?from=x' }, {}],
    // Left to the operation, which refuses it as for every caller.
    [{}, { returnUrl: 'https://evil.example/' }, {}],
  ])('of %j takes %j and adds %j', (link, request, added) => {
    expect(connect(link, request)).toEqual({ provider: 'acme', ...request, ...added });
  });

  it.each<[Partial<LinkPayload>, object, string]>([
    [{ provider: 'other' }, {}, 'another provider'],
    [{ scopes: ['a'] }, { scopes: ['a', 'b'] }, 'other scopes'],
    [{ scopes: [] }, { scopes: ['a'] }, 'other scopes'],
    [{ variables: { shop: 'a' } }, { variables: { shop: 'b' } }, 'other variables'],
    [{ variables: { shop: 'a', region: 'eu' } }, { variables: { shop: 'b', region: 'eu' } }, 'other variables'],
    [{ credentialId: 'c' }, { credentialId: 'd' }, 'another credential'],
    [{ credentialId: 'c', manage: true }, { credentialId: 'd' }, 'another credential'],
    [{}, { credentialId: 'c' }, 'a credential, without manage'],
    [{}, { callbackUrl: 'https://app.example/callback' }, 'callbackUrl'],
    [{}, { returnUrl: 'https://app.example/a' }, 'another returnUrl'],
    [{ returnUrl: 'https://app.example/a' }, { returnUrl: 'https://app.example/b' }, 'another returnUrl'],
    [{ returnUrl: 'https://app.example/a' }, { returnUrl: 'https://app.example/a?x=1' }, 'another returnUrl'],
  ])('of %j refuses %j', (link, request, detail) => {
    expect(() => connect(link, request)).toThrow(refusedAs(detail));
  });

  it('names no credential where neither side does', () => {
    expect(connect({})).not.toHaveProperty('credentialId');
  });
});

describe('a device connection and a credential by a link', () => {
  it.each([applyToDevice, applyToCredential])('are of its provider and variables: %o', (apply) => {
    const request = { provider: 'acme', variables: { shop: 'a' } };
    expect(apply({ ...OPEN, provider: 'acme', variables: { shop: 'a' } }, { provider: 'acme' })).toEqual(request);
    expect(() => apply({ ...OPEN, provider: 'other' }, request)).toThrow(refusedAs('another provider'));
    expect(() => apply({ ...OPEN, variables: { shop: 'b' } }, request)).toThrow(refusedAs('other variables'));
    expect(() => apply({ ...OPEN, credentialId: 'c' }, { provider: 'acme' })).toThrow(refusedAs('a new credential'));
  });

  it('have its scopes, on a device', () => {
    expect(applyToDevice({ ...OPEN, scopes: ['a'] }, { provider: 'acme' })).toMatchObject({ scopes: ['a'] });
    expect(() => applyToDevice({ ...OPEN, scopes: ['a'] }, { provider: 'acme', scopes: ['b'] })).toThrow(
      refusedAs('other scopes'),
    );
  });
});

describe('what a link shows', () => {
  const view = (id: string, provider: string, source = 'user') => ({ id, provider, source }) as never;
  const held = (allows: Partial<LinkPayload>) =>
    ({ allows: { ...OPEN, ...allows }, row: { expiresAt: 0 } }) as Parameters<typeof viewLink>[0];

  it('is its own provider and credential', () => {
    expect(isShown(OPEN, view('a', 'acme'))).toBe(true);
    expect(isShown({ ...OPEN, provider: 'other' }, view('a', 'acme'))).toBe(false);
    expect(isShown({ ...OPEN, provider: 'acme', credentialId: 'a' }, view('a', 'acme'))).toBe(true);
    expect(isShown({ ...OPEN, provider: 'acme', credentialId: 'a' }, view('b', 'acme'))).toBe(false);
  });

  it.each([
    ['https://mcp.example/a', true],
    ['https://mcp.example/b', false],
    [null, false],
  ])('is what its MCP server is covered by: %s', (resource, isOne) => {
    const link = { ...OPEN, provider: 'mcp', mcpServerUrl: 'https://mcp.example/a' };
    expect(isShown(link, { id: 'a', provider: 'mcp', resource })).toBe(isOne);
  });

  it('leaves out the operator’s credentials, other providers, and a preset that there is not', () => {
    const providers = [{ provider: 'acme' }, { provider: 'other' }] as never;
    const credentials = [view('a', 'acme'), view('s', 'acme', 'system'), view('b', 'other')];
    expect(viewLink(held({}), { providers, credentials: null })).toEqual({
      manage: false,
      providers,
      preset: null,
      credentials: null,
      returnUrl: null,
      expiresAt: '1970-01-01T00:00:00.000Z',
    });
    expect(viewLink(held({ provider: 'acme' }), { providers, credentials })).toMatchObject({
      providers: [{ provider: 'acme' }],
      preset: { provider: 'acme', mcpServerUrl: null, credentialId: null, scopes: null, variables: null },
      credentials: [{ id: 'a' }],
    });
  });
});

describe('a link', () => {
  it('is refused with one answer for all reasons', () => {
    const answers = linkRefusals.map((reason) => {
      const { code, detail, members, errors } = linkInvalid(reason);
      return JSON.stringify({ code, detail, members, errors });
    });
    expect(new Set(answers).size).toBe(1);
  });

  it.each([
    [60, 3_600],
    [3_600, 3_600],
    [3_601, 86_400],
    [86_400, 86_400],
    [86_401, 604_800],
    [604_800, 604_800],
  ])('of %i seconds counts in a window of %i', (seconds, windowSeconds) => {
    expect(linkWindow(windowSeconds * 1000 * 7 + 1, seconds)).toEqual({ windowSeconds, window: 7 });
    expect(linkWindow(windowSeconds * 1000 * 7 - 1, seconds)).toEqual({ windowSeconds, window: 6 });
  });

  it('names a browser by its token and its secret together', () => {
    const names = [hashBrowser('a', 'b'), hashBrowser('b', 'a'), hashBrowser('ab', ''), hashBrowser('a', 'c')];
    expect(new Set(names).size).toBe(4);
    expect(hashBrowser('a', 'b')).toBe(names[0]);
  });
});

describe('a link for an MCP server', () => {
  const SERVER = 'https://mcp.example/mcp';
  const link = { ...OPEN, provider: 'mcp', mcpServerUrl: SERVER };
  const byUrl = (request: object) => applyToConnection(link, request, REDIRECTS);

  it('connects it', () => {
    expect(byUrl({ mcpServerUrl: SERVER })).toEqual({ mcpServerUrl: SERVER });
  });

  it.each([
    [{ mcpServerUrl: `${SERVER}/` }, 'another MCP server'],
    [{ mcpServerUrl: 'https://other.example/mcp' }, 'another MCP server'],
    [{ provider: 'acme' }, 'another provider'],
    [{ provider: 'mcp' }, 'another MCP server'],
  ])('refuses %j', (request, detail) => {
    expect(() => byUrl(request)).toThrow(refusedAs(detail));
  });

  it.each([
    ['its server', {}],
    ['a credential of it', { mcpServerUrl: null, credentialId: 'c-1' }],
    ['a credential of it, with manage', { mcpServerUrl: null, credentialId: 'c-1', manage: true }],
  ])('takes no challenge where it names %s: that could lead to another authorization server', (_, given) => {
    const challenge = 'Bearer resource_metadata="https://evil.example/m"';
    const start = (request: object) => applyToConnection({ ...link, ...given }, request, REDIRECTS);
    expect(() => start({ mcpServerUrl: SERVER, challenge })).toThrow(refusedAs('challenge'));
    expect(start({ mcpServerUrl: SERVER })).toMatchObject({ mcpServerUrl: SERVER });
  });

  it.each([null, 'mcp'])('takes a challenge where the server is free (provider %s)', (provider) => {
    const request = { mcpServerUrl: SERVER, challenge: 'Bearer' };
    expect(applyToConnection({ ...OPEN, provider, manage: true }, request, REDIRECTS)).toEqual(request);
  });

  it('stores no key, and starts nothing on a device', () => {
    expect(() => applyToCredential(link, { provider: 'mcp' })).toThrow(refusedAs('a new credential'));
    expect(() => applyToDevice(link, { provider: 'acme' })).toThrow(refusedAs('another provider'));
  });

  it('is not one of a provider', () => {
    const ofProvider = { ...OPEN, provider: 'acme' };
    const request = { mcpServerUrl: SERVER };
    expect(() => applyToConnection(ofProvider, request, REDIRECTS)).toThrow(refusedAs('another provider'));
    expect(applyToConnection(OPEN, request, REDIRECTS)).toEqual(request);
  });
});
