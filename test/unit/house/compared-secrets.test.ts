// Secrets are compared as digests with timingSafeEqual, never by ===, whose duration reveals how long the common prefix is.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Also a property or a function's result of such a name. */
const SECRET = String.raw`\b[\w.?]*(?:token|secret|receipt|password|apiKey|verifier)\b(?:\??\.expose\(\))?\)*`;
/** A comparison with a literal, null or undefined does not compare secrets. */
const HARMLESS = String.raw`(?:null|undefined|'[^']*'|"[^"]*"|\d+)`;
const COMPARISON = new RegExp(`${SECRET}\\s*(?:[!=]==|[!=]=(?!=))(?!\\s*${HARMLESS})`, 'gi');

const comparisons = (source: string): string[] => [...source.matchAll(COMPARISON)].map(([found]) => found);

describe('comparing secrets', () => {
  it.each(globSync('lib/**/*.ts').toSorted())('does not use === in %s', (file) => {
    expect(comparisons(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it.each([
    'if (token === row.token) {',
    'stored.apiKey !== given',
    'a.clientSecret == b',
    'a.clientSecret?.expose() !== b.clientSecret?.expose()',
    'hashToken(receipt) === row.receiptHash',
  ])('is noticed: %s', (line) => {
    expect(comparisons(line)).toHaveLength(1);
  });

  it.each(['refreshToken === undefined', 'token === null', "token.kind === 'x'"])('ignores %s', (line) => {
    expect(comparisons(line)).toEqual([]);
  });
});
