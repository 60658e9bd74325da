// Which patterns of records take bounded time, by their shape: none is run on a hostile value here.
import { describe, expect, it } from 'vitest';
import { isBoundedPattern } from '../../../../lib/domain/values/bounded-pattern.ts';

describe('isBoundedPattern', () => {
  it.each([
    '(a+)+$',
    '(a+)+',
    '(a*)*',
    '(?:a+){2,}',
    '(?:a+){20}',
    '(?:a|a)*',
    '(?:a|ab)+',
    '(?:a?){30}',
    '((?:a?){8}){8}',
    '(?:[a-z.]+\\.)+com',
    '(?:-[a-z-]+)*',
    '(?:[^.]+\\.)+',
    '(?:(?:-[a-z]+)*x)*',
    '(?:a[a-z]+)*',
    '(?:b+\\(-[a-z]+)*',
    '(?:\\w+_)*',
    '(?:-[a-z]+|b)*',
    '(?:(?:ab)*c)*',
    '(?<name>a+)*',
    '(?=(a+)+b)a',
    '(a*)*?',
    'a*a*a*a*',
    '(?:a*){4}',
    '(a)\\1',
    '(?<x>a)\\k<x>',
    '(x+x+)+y',
    '([a-z]+[)(]*)*',
  ])('refuses %s', (pattern) => {
    expect(new RegExp(pattern)).toBeInstanceOf(RegExp);
    expect(isBoundedPattern(pattern)).toBe(false);
  });

  it.each([
    '',
    '[a-z]+',
    '[a-z0-9]+(?:-[a-z0-9]+)*',
    '(?:[a-z0-9-]+\\.)+[a-z]{2,}',
    '(\\d+/)*',
    '(?:\\.[a-z]*){1,9}',
    '[^]*',
    '.*',
    '\\d{1,24}',
    'us|eu',
    '^(?:common|organizations|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
    '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$',
    '[a-z0-9-]+(?:\\.[a-z]{2,3}){1,2}',
    'https://[a-z0-9][a-z0-9.-]*\\.(?:salesforce|force)\\.(?:com|mil)/?',
    '(?:ab)+',
    '[(+*)]+\\)',
    '\\(a+\\)b+',
    '[\\]+]+a{2}{',
    '(?:[a-z]{2}){20}',
  ])('accepts %s', (pattern) => {
    expect(new RegExp(pattern)).toBeInstanceOf(RegExp);
    expect(isBoundedPattern(pattern)).toBe(true);
  });
});
