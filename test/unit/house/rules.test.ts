// Checks test/rules.ts: every required rule is listed, and every test it names exists.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules.ts';

const numbered = (letter: string, ...numbers: number[]) => numbers.map((number) => `${letter}${number}`);
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

const REQUIRED = [
  ...numbered('B', ...upTo(37)),
  ...numbered('O', ...upTo(12)),
  ...numbered('R', ...upTo(8)),
  ...numbered('I', 1, 2, 3, 4, 5, 6, 8),
  ...numbered('D', 1, 2, 3, 6, 7, 8, 9, 10),
  ...numbered('L', 1, 2, 3),
];

describe('the table of rules', () => {
  it('lists every required rule', () => {
    expect(Object.keys(rules)).toEqual(expect.arrayContaining(REQUIRED));
  });

  it.each(Object.entries(rules).flatMap(([name, { shown }]) => shown.map(([file, title]) => [name, file, title])))(
    '%s is shown by a test in %s: %s',
    (_, file, title) => {
      expect(existsSync(`test/${file}`)).toBe(true);
      expect(readFileSync(`test/${file}`, 'utf8')).toContain(title);
    },
  );
});
