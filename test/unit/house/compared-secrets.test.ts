// Secrets are compared as digests with timingSafeEqual, never by === , which tells by its time how much of them agrees.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Also taken out of its wrapping, or as what a function makes of it. */
const SECRET = String.raw`\b[\w.?]*(?:token|secret|receipt|password|apiKey|verifier)\b(?:\??\.expose\(\))?\)*`;
/** What is compared with a literal, or for being there at all, is no comparison of secrets. */
const HARMLESS = String.raw`(?:null|undefined|'[^']*'|"[^"]*"|\d+)`;
const COMPARISON = new RegExp(`${SECRET}\\s*(?:[!=]==|[!=]=(?!=))(?!\\s*${HARMLESS})`, 'gi');

const comparisons = (source: string): string[] => [...source.matchAll(COMPARISON)].map(([found]) => found);

describe('comparing secrets', () => {
  it.each(globSync('lib/**/*.ts').toSorted())('is never done by === in %s', (file) => {
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

  it.each(['refreshToken === undefined', 'token === null', "token.kind === 'x'"])('is not seen in %s', (line) => {
    expect(comparisons(line)).toEqual([]);
  });
});
