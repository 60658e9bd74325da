// The documents are true: every file, route, error code and setting they name exists, and none is left out.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config.ts';
import { errorCodes, ServiceError } from '../../../lib/domain/values/service-error.ts';
import { problemDocument } from '../../../lib/http/problem.ts';
import { routeKey, routes } from '../../../lib/http/routes/routes.ts';

const read = (path: string): string => readFileSync(path, 'utf8');

/** A path in code format: it has a slash and a file ending, and begins in a folder of the repository. */
const PATH = /`((?:lib|functions|cdk|local|scripts|test|docs)\/[\w./-]*\.\w+)`/g;

const findPaths = (text: string): string[] => [...text.matchAll(PATH)].map(([, path = '']) => path);

/** The first cells of a Markdown table's rows below a heading, without the head. */
const firstCells = (text: string, heading: string): string[] => {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => /^\| (?!-)/.test(line));
  return rows.slice(1).map((row) => row.split('|')[1]?.trim() ?? '');
};

describe.each(['README.md', ...globSync('docs/*.md').toSorted()])('%s', (document) => {
  it('names only files that exist', () => {
    expect(findPaths(read(document)).filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const terms = firstCells(read('docs/architecture.md'), 'Glossary');

  it('explains at most 30 terms, each once, in alphabetical order', () => {
    const plain = terms.map((term) => term.replaceAll('`', '').toLowerCase());
    expect(plain.length).toBeGreaterThan(20);
    expect(plain.length).toBeLessThanOrEqual(30);
    expect(plain).toEqual([...new Set(plain)].toSorted());
  });

  it('names files along the way of a request', () => {
    expect(findPaths(read('docs/architecture.md')).length).toBeGreaterThan(10);
  });
});

describe('docs/api.md', () => {
  const api = read('docs/api.md');
  const named = [...api.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/v1\/[^`?]*)`/g)].map(([, route]) => route);
  const known = routes.map(routeKey);

  it('names every route', () => {
    expect(known.filter((route) => !named.includes(route))).toEqual([]);
  });

  it('names no route that is not built', () => {
    expect(named.filter((route) => !known.some((key) => key === route))).toEqual([]);
  });

  it.each(errorCodes)('lists %s with its status', (code) => {
    const { status } = problemDocument(new ServiceError(code), '');
    expect(api).toContain(`| \`${code}\` | ${status} |`);
  });
});

describe('README.md', () => {
  const readme = read('README.md');
  /** Set by the stack or the local server, not by an operator. */
  const internal = new Set(['TABLE_NAME', 'LOOPBACK_PROVIDERS']);
  const settings = Object.keys(readConfig({ TABLE_NAME: 'table' })).filter((name) => !internal.has(name));

  it.each([...settings, 'PUBLIC_BASE_URL', 'PORT', 'KEYHOLD_HOME'])('has a row for the setting %s', (name) => {
    expect(readme).toContain(`| \`${name}\` |`);
  });

  it('has no comment line in a block to paste: zsh does not accept one at its prompt', () => {
    const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(5);
    expect(blocks.filter((block) => /^\s*#/m.test(block))).toEqual([]);
  });
});
