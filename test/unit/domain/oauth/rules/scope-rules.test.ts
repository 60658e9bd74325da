// The rules by which granted scopes cover wanted ones: names, contained scopes, and those that are never reported.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coversScopes,
  DEFAULT_SCOPE_RULES,
  type ScopeRules,
  uncoveredScopes,
  ungrantedScopes,
} from '../../../../../lib/domain/oauth/rules/scope-rules.ts';

const rules = (given: Partial<ScopeRules> = {}): ScopeRules => ({ ...DEFAULT_SCOPE_RULES, ...given });

const scope = fc.constantFrom(
  'repo',
  'user:email',
  'https://www.googleapis.com/auth/drive',
  '__proto__',
  'constructor',
);
const scopes = fc.array(scope);

type Case = [what: string, given: Partial<ScopeRules>, granted: string[], wanted: string[], missing: string[]];

describe('uncoveredScopes', () => {
  it.each<Case>([
    ['a granted scope', {}, ['a', 'b'], ['a'], []],
    ['missing ones, in the order wanted, each once', {}, ['a'], ['c', 'a', 'b', 'c'], ['c', 'b']],
    ['names of prototypes', {}, [], ['__proto__', 'constructor'], ['__proto__', 'constructor']],
    ['case, which matters', {}, ['a'], ['A'], ['A']],
    ['case, where the provider ignores it', { scopesIgnoreCase: true }, ['User.Read'], ['user.read', 'B'], ['B']],
    ['nothing', {}, [], [], []],
  ])('compares %s', (_, given, granted, wanted, missing) => {
    expect(uncoveredScopes(rules(given), granted, wanted)).toEqual(missing);
  });

  const email = { scopeAliases: { email: 'https://acme.example/userinfo.email' } };
  it.each<Case>([
    ['the granted name of a wanted one', email, ['https://acme.example/userinfo.email'], ['email'], []],
    ['the requested name of a wanted one', email, ['email'], ['https://acme.example/userinfo.email'], []],
    ['no other name', { scopeAliases: { a: 'b' } }, ['c'], ['a'], ['a']],
    ['several steps', { scopeAliases: { a: 'b', b: 'c' } }, ['c'], ['a'], []],
    ['two requested names of one granted', { scopeAliases: { a: 'c', b: 'c' } }, ['a'], ['b'], []],
    ['names that lead to each other', { scopeAliases: { a: 'b', b: 'a' } }, ['a'], ['b'], []],
    [
      'a placeholder',
      { scopeAliases: { 'https://g.example/{x}': '{x}' } },
      ['Mail.Read'],
      ['https://g.example/Mail.Read'],
      [],
    ],
    [
      'a placeholder, not empty',
      { scopeAliases: { 'https://g.example/{x}': '{x}' } },
      ['a'],
      ['https://g.example/'],
      ['https://g.example/'],
    ],
    ['a star as a letter', { scopeAliases: { '*': 'all' } }, ['all'], ['*', 'b'], ['b']],
    [
      'a placeholder and case',
      { scopeAliases: { 'https://g.example/{x}': '{x}' }, scopesIgnoreCase: true },
      ['Mail.Read'],
      ['HTTPS://g.example/mail.read'],
      [],
    ],
  ])('takes by alias %s', (_, given, granted, wanted, missing) => {
    expect(uncoveredScopes(rules(given), granted, wanted)).toEqual(missing);
  });

  const admin = { scopeImplies: { 'admin:org': ['write:org'], 'write:org': ['read:org'] } };
  it.each<Case>([
    ['a contained scope', { scopeImplies: { write: ['read'] } }, ['write'], ['read', 'write'], []],
    ['not the containing one', { scopeImplies: { write: ['read'] } }, ['read'], ['write'], ['write']],
    ['through several', admin, ['admin:org'], ['read:org'], []],
    ['in a circle', { scopeImplies: { a: ['b'], b: ['a'] } }, ['b'], ['a'], []],
    ['with a placeholder', { scopeImplies: { 'write_{x}': ['read_{x}'] } }, ['write_products'], ['read_products'], []],
    [
      'with a placeholder, of no other filling',
      { scopeImplies: { 'write_{x}': ['read_{x}'] } },
      ['write_products'],
      ['read_orders'],
      ['read_orders'],
    ],
    [
      'with a star as a letter',
      { scopeImplies: { 'orders.*': ['orders.read', 'orders.write'] } },
      ['orders.read'],
      ['orders.write'],
      ['orders.write'],
    ],
    [
      'by the alias of the containing one',
      { scopeAliases: { full: 'f' }, scopeImplies: { full: ['a'] } },
      ['f'],
      ['a'],
      [],
    ],
    [
      'by the alias of the contained one',
      { scopeAliases: { read: 'r' }, scopeImplies: { w: ['r'] } },
      ['w'],
      ['read'],
      [],
    ],
    ['whatever its name', { scopeImplies: { __proto__x: ['constructor'] } }, ['__proto__x'], ['constructor'], []],
  ])('takes as implied %s', (_, given, granted, wanted, missing) => {
    expect(uncoveredScopes(rules(given), granted, wanted)).toEqual(missing);
  });

  it('ends for a rule that applies to its own result', () => {
    const growing = rules({ scopeImplies: { 'a{x}': ['aa{x}', 'ab{x}'] }, scopeAliases: { 'b{x}': 'bb{x}' } });
    expect(uncoveredScopes(growing, ['a1'], ['ab1', 'c'])).toEqual(['c']);
    expect(uncoveredScopes(growing, ['b1'], ['c'])).toEqual(['c']);
  });

  const identity = ['openid', 'offline_access', 'profile', 'email'];
  it.each<Case>([
    ['the four of OpenID Connect', {}, ['Mail.Read'], [...identity, 'a'], ['a']],
    ['none of the four once one is reported', {}, ['openid', 'a'], identity, ['offline_access', 'profile', 'email']],
    [
      'none of the four once one is reported by another name',
      email,
      ['https://acme.example/userinfo.email'],
      identity,
      ['openid', 'offline_access', 'profile'],
    ],
    [
      'those of the record, reported or not',
      { scopesNotReported: ['offline_access'] },
      ['openid'],
      identity,
      ['profile', 'email'],
    ],
    ['those of the record only', { scopesNotReported: ['refresh'] }, ['a'], ['refresh', 'openid'], ['openid']],
    ['nothing where the record says so', { scopesNotReported: [] }, [], ['openid'], ['openid']],
    [
      'a placeholder',
      { scopesNotReported: ['{resource}/.default'] },
      ['a'],
      ['https://g.example/.default', '.default'],
      ['.default'],
    ],
  ])('takes as not reported %s', (_, given, granted, wanted, missing) => {
    expect(uncoveredScopes(rules(given), granted, wanted)).toEqual(missing);
  });
});

describe('coversScopes', () => {
  it('holds without rules exactly when every wanted scope is granted', () => {
    fc.assert(
      fc.property(scopes, scopes, (granted, wanted) => {
        expect(coversScopes(DEFAULT_SCOPE_RULES, granted, wanted)).toBe(wanted.every((one) => granted.includes(one)));
      }),
    );
  });
});

describe('ungrantedScopes', () => {
  it('names what is not granted by any name, unreported scopes included', () => {
    const given = rules({ scopeAliases: { a: 'b' }, scopeImplies: { w: ['r'] } });
    expect(ungrantedScopes(given, ['b', 'w'], ['a', 'r', 'openid', 'c'])).toEqual(['openid', 'c']);
  });
});
