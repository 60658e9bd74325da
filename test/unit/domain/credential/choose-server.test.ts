// Choosing among the credentials of MCP servers and hosts for a URL: what covers it, what lies innermost, and when the first is enough.
import { describe, expect, it } from 'vitest';
import {
  chooseOwn,
  isBestFit,
  isBestFitByUrl,
  isCandidate,
  type Wanted,
} from '../../../../lib/domain/credential/choose-credential.ts';
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { type CredentialRow, rowId } from '../../../../lib/domain/credential/rows.ts';
import { readableRow, START, unreadableRow } from '../../../support/builders.ts';

const NOW = START;
const ROOT = 'https://mcp.example';
const INNER = 'https://mcp.example/team/mcp';

const server = (id: string, resource: string, given: Partial<StoredCredential> = {}) =>
  readableRow({ id, provider: 'mcp', type: 'oauth2', scopes: ['a'], resource, ...given });
const host = (id: string, given: Partial<StoredCredential> = {}) =>
  readableRow({ id, provider: 'p', type: 'host_scoped', host: 'mcp.example', ...given });
const key = (id: string) => readableRow({ id, provider: 'mcp', type: 'api_key' });

const want = (given: Partial<Wanted>): Wanted => ({ scopes: [], ...given });
const choose = (rows: CredentialRow[], given: Partial<Wanted>) => {
  const row = chooseOwn(rows, want(given), NOW);
  return row && rowId(row);
};

describe('the credential of an MCP server is a candidate', () => {
  it.each<[string, Partial<Wanted>, boolean]>([
    ['for its URL', { url: INNER }, true],
    ['for a URL below it', { url: `${INNER}/tools` }, true],
    ['for its provider and URL', { provider: 'mcp', url: INNER }, true],
    ['by its id', { credentialId: 'm' }, true],
    ['for a URL beside it', { url: `${ROOT}/other` }, false],
    ['for its provider alone', { provider: 'mcp' }, false],
    ['for nothing that is named', {}, false],
    ['for another provider', { provider: 'p', url: INNER }, false],
  ])('%s', (_, given, expected) => {
    expect(isCandidate(server('m', INNER), want(given))).toBe(expected);
  });
});

describe('the first row is the best fit', () => {
  it.each<[string, CredentialRow, Partial<Wanted>, boolean]>([
    ['of a provider', key('k'), { provider: 'mcp' }, true],
    ['of a provider, with a URL', key('k'), { provider: 'mcp', url: `${ROOT}/deep` }, true],
    ['not of another provider', key('k'), { provider: 'p' }, false],
    ['of a server at its own path', server('m', INNER), { provider: 'mcp', url: INNER }, true],
    ['of a server at its own path with a slash', server('m', INNER), { provider: 'mcp', url: `${INNER}/` }, true],
    ['not where a server below could cover the URL', server('m', ROOT), { provider: 'mcp', url: INNER }, false],
    ['of a server by its id', server('m', ROOT), { credentialId: 'm' }, true],
    ['not without the scopes', server('m', INNER), { provider: 'mcp', url: INNER, scopes: ['b'] }, false],
    ['not when it is broken', server('m', INNER, { brokenReason: 'refused' }), { provider: 'mcp', url: INNER }, false],
    ['not when it cannot be read', unreadableRow({ provider: 'mcp' }), { provider: 'mcp' }, false],
  ])('%s', (_, row, given, expected) => {
    expect(isBestFit(row, want(given), NOW)).toBe(expected);
  });

  it.each<[string, CredentialRow, string, string[], boolean]>([
    ['by the URL of a server', server('m', INNER), INNER, [], true],
    ['by the URL of a server, with its scopes', server('m', INNER), INNER, ['a'], true],
    ['not by the URL of a server, without the scopes', server('m', INNER), INNER, ['b'], false],
    ['not by a URL beside the server', server('m', INNER), `${ROOT}/x`, [], false],
    ['not where a server below could cover the URL', server('m', ROOT), INNER, [], false],
    ['not by the URL of a broken server', server('m', INNER, { brokenReason: 'refused' }), INNER, [], false],
    ['by the URL of a host', host('h'), INNER, [], true],
    ['by the URL of a host, whatever the scopes', host('h'), INNER, ['b'], true],
    ['not by the URL of another host', host('h'), 'https://other.example', [], false],
    ['not by the URL of an expired host', host('h', { expiresAt: NOW }), INNER, [], false],
    ['not of a key', key('k'), INNER, [], false],
    ['not of a row that cannot be read', unreadableRow({ provider: 'mcp' }), INNER, [], false],
  ])('%s, of a call by URL', (_, row, url, scopes, expected) => {
    expect(isBestFitByUrl(row, { scopes, url }, NOW)).toBe(expected);
  });
});

describe('of several credentials', () => {
  const outer = server('outer', ROOT, { createdAt: 1 });
  const inner = server('inner', INNER, { createdAt: 2 });

  it.each<[string, CredentialRow[], Partial<Wanted>, string | undefined]>([
    ['the innermost server serves', [outer, inner], { url: `${INNER}/tools` }, 'inner'],
    ['the innermost server serves, in any order', [inner, outer], { url: INNER }, 'inner'],
    ['the outer one serves what only it covers', [outer, inner], { url: `${ROOT}/x` }, 'outer'],
    ['the innermost serves with the provider too', [outer, inner], { provider: 'mcp', url: INNER }, 'inner'],
    ['a server stands before a host', [host('h'), outer], { url: INNER }, 'outer'],
    ['a host serves where no server covers the URL', [host('h'), inner], { url: `${ROOT}/x` }, 'h'],
    [
      'a broken server does not fall through to a host',
      [host('h'), server('m', INNER, { brokenReason: 'refused' })],
      { url: INNER },
      'm',
    ],
    [
      'the active one of two of a server serves',
      [server('a', INNER, { brokenReason: 'refused', createdAt: 1 }), server('b', INNER, { createdAt: 2 })],
      { url: INNER },
      'b',
    ],
    [
      'a key created before an outer server serves',
      [server('late', ROOT, { createdAt: NOW + 1 }), key('k')],
      { provider: 'mcp', url: INNER },
      'k',
    ],
    ['a server created before a key serves', [key('k'), outer], { provider: 'mcp', url: INNER }, 'outer'],
    ['none serves without a URL', [outer, inner], {}, undefined],
    ['none serves the provider alone', [outer, inner], { provider: 'mcp' }, undefined],
    ['none serves another origin', [outer, inner, host('h')], { url: 'https://other.example/team/mcp' }, undefined],
  ])('%s', (_, rows, given, expected) => {
    expect(choose(rows, given)).toBe(expected);
  });
});
