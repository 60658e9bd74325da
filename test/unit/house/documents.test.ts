// The documents are true: every file, link, npm script, route, error code and setting they name exists, and no route, code or
// setting is left out.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config.ts';
import { errorCodes, ServiceError } from '../../../lib/domain/values/service-error.ts';
import { problemDocument } from '../../../lib/http/problem.ts';
import { routeKey } from '../../../lib/http/routes/route.ts';
import { routes } from '../../../lib/http/routes/routes.ts';
import { readPageConfig } from '../../../lib/page-config.ts';

const read = (path: string): string => readFileSync(path, 'utf8');

/** A path in code format: it has a slash and a file ending, and begins in a folder of the repository. */
const PATH = /`((?:lib|functions|cdk|client|cli|local|scripts|test|docs|web)\/[\w./-]*\.\w+)`/g;

const findPaths = (text: string): string[] => [...text.matchAll(PATH)].map(([, path = '']) => path);

/** The first cells of a Markdown table's rows below a heading, without the head. */
const firstCells = (text: string, heading: string): string[] => {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => /^\| (?!-)/.test(line));
  return rows.slice(1).map((row) => row.split('|')[1]?.trim() ?? '');
};

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '');

/** The targets of the links to files and headings, such as `docs/api.md#errors`; the text of a link may be code. */
const findLinks = (text: string): string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The anchors of a document's headings, made as GitHub makes them: a repeated heading gets a number. */
const findAnchors = (text: string): Set<string> => {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const taken = [...anchors].filter((other) => other.replace(/-\d+$/, '') === anchor).length;
    anchors.add(taken === 0 ? anchor : `${anchor}-${taken}`);
  }
  return anchors;
};

const isBrokenLink = (document: string, target: string): boolean => {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : posix.join(posix.dirname(document), path);
  if (!existsSync(file)) return true;
  return anchor !== undefined && !findAnchors(read(file)).has(anchor);
};

const scripts = Object.keys(JSON.parse(read('package.json')).scripts);

/** The npm scripts that a text runs; `npm test` and `npm start` are scripts too. */
const findScripts = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test|start)\b)/g)].map(([, script, short]) => script ?? short ?? '');

describe('the check of links', () => {
  it('finds files and headings that do not exist', () => {
    const text =
      '[a](docs/api.md) [b](docs/api.md#errors) [`c`](#nowhere) `[d](none.md)` [e](none.md) [f](https://a.b)';
    const broken = findLinks(text).filter((target) => isBrokenLink('README.md', target));
    expect(broken).toEqual(['#nowhere', 'none.md']);
  });

  it('makes anchors as GitHub does', () => {
    const text = '# A `b`, c\n\n## A b c\n\n## A b c\n\n```sh\n# not one\n```\n';
    expect([...findAnchors(text)]).toEqual(['a-b-c', 'a-b-c-1', 'a-b-c-2']);
  });
});

describe.each(['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md').toSorted()])('%s', (document) => {
  it('names only files that exist', () => {
    expect(findPaths(read(document)).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('links only to files and headings that exist', () => {
    expect(findLinks(read(document)).filter((target) => isBrokenLink(document, target))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    expect(findScripts(read(document)).filter((script) => !scripts.includes(script))).toEqual([]);
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
  const named = [...api.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/(?:v1\/[^`?]*|connect))`/g)].map(
    ([, route]) => route,
  );
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

  it.each([...settings, ...Object.keys(readPageConfig({})), 'PUBLIC_BASE_URL', 'PORT', 'KEYHOLD_HOME'])(
    'has a row for the setting %s',
    (name) => {
      expect(readme).toContain(`| \`${name}\` |`);
    },
  );
});
