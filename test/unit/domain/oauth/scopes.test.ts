// Scopes: how a reply is parsed, and which scopes are missing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScopes } from '../../../../lib/domain/oauth/scopes.ts';

const scope = fc.constantFrom(
  'repo',
  'user:email',
  'https://www.googleapis.com/auth/drive',
  '__proto__',
  'constructor',
);
const scopes = fc.array(scope);

describe('parseScopes', () => {
  it.each<[string, string[]]>([
    ['repo user', ['repo', 'user']],
    ['repo,user', ['repo', 'user']],
    ['repo, user', ['repo', 'user']],
    [' ,repo,,  user, ', ['repo', 'user']],
    ['user repo user', ['user', 'repo']],
    ['Repo repo', ['Repo', 'repo']],
    ['https://www.googleapis.com/auth/drive openid', ['https://www.googleapis.com/auth/drive', 'openid']],
    ['__proto__ constructor', ['__proto__', 'constructor']],
    ['', []],
    [' , ', []],
    ['a\tb c', ['c']],
    ['ok \u0000 caf\u00e9', ['ok']],
  ])('splits %j into %j', (text, expected) => {
    expect(parseScopes(text)).toEqual(expected);
  });

  it('reads back a joined list, whatever it was joined with', () => {
    fc.assert(
      fc.property(scopes, fc.constantFrom(' ', ',', ', '), (list, separator) => {
        expect(parseScopes(list.join(separator))).toEqual([...new Set(list)]);
      }),
    );
  });
});
