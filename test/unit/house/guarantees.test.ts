// Checks docs/guarantees.md: every guarantee names a test, and every named test exists.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/guarantees.md', 'utf8');
const SUITE = /`((?:unit|contract|e2e|infra|reliability)(?:\/[\w-]+)*)`/g;
const named = [...new Set([...page.matchAll(SUITE)].map(([, path = '']) => path))];

describe('the guarantees', () => {
  it('each name a test', () => {
    expect(named.length).toBeGreaterThan(15);
    const rows =
      page
        .split('## Not promised')[0]
        ?.split('\n')
        .filter((line) => /^\| [A-Z]/.test(line)) ?? [];
    expect(rows.filter((row) => !/simulator|histories|`\w+\//i.test(row))).toEqual([]);
  });

  it.each(named)('name %s, which exists', (path) => {
    expect(existsSync(`test/${path}`) || existsSync(`test/${path}.test.ts`)).toBe(true);
  });
});
