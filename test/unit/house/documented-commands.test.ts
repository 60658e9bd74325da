// The commands of the documents that no test can run (blocks marked `console`): they are those of this repository and of the tools that
// it installs, with their parameters. Blocks marked `sh` are run, by the tests in e2e.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OperatorProvider } from '../../../lib/domain/oauth/provider-record.ts';
import { checkCommand } from '../../support/documents/check-command.ts';
import { splitCommands } from '../../support/documents/shell-words.ts';

const documents = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md').toSorted()];

interface Block {
  document: string;
  language: string;
  text: string;
}

/** The fenced blocks of a document, those in lists too. */
const readBlocks = (document: string): Block[] =>
  [...readFileSync(document, 'utf8').matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(
    ([, indent = '', language = '', text = '']) => ({
      document,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );

const blocks = documents.flatMap(readBlocks);
const marked = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));

describe('the check of documented commands', () => {
  it.each([
    ['npx keyhold import users.jsonl --verfiy', "Unknown option '--verfiy'"],
    ['npx keyhold lists alice', 'unknown command: npx keyhold lists alice'],
    ['npx keyhold list', 'wrong number of words: npx keyhold list'],
    ['npx cdk deploy -c stage=prod', 'unknown stage: prod'],
    ['npx cdk deploy --hot', 'unknown option: npx cdk deploy --hot'],
    ['npm run smok -- --url <ApiUrl>', 'unknown script: npm run smok -- --url <ApiUrl>'],
    ['npm run smoke -- --uri <ApiUrl>', 'unknown option: npm run smoke --uri'],
    ['npm run synth -- -c stage=prod', 'unknown stage: prod'],
    ['npx keyhold list alice --url <ApiURL>', 'unknown output: ApiURL'],
    ['aws kms rotate-key --key-id 1', 'unknown operation: aws kms rotate-key'],
    ['aws kms rotate-key-on-demand --key 1', 'unknown parameter: aws kms rotate-key-on-demand --key'],
    ['A=$(aws kms rotate-key --key-id 1)', 'unknown operation: aws kms rotate-key'],
    ['CONNECT_PAGE_COLOR=red npm start', 'unknown setting: CONNECT_PAGE_COLOR'],
    ['curl https://example.com', 'not checked by any test: curl https://example.com'],
  ])('finds what is wrong in %s', (line, problem) => {
    expect(checkCommand(line)).toEqual([expect.stringContaining(problem)]);
  });
});

describe('the documented commands', () => {
  it('that no test runs name only what exists', () => {
    const lines = marked('console').flatMap(({ document, text }) =>
      splitCommands(text).flatMap((line) => checkCommand(line).map((problem) => `${document}: ${problem}`)),
    );
    expect(marked('console').length).toBeGreaterThan(20);
    expect(lines).toEqual([]);
  });

  it('are marked as run or as checked', () => {
    const shells = blocks.filter(
      ({ language, text }) => !/^(sh|console)$/.test(language) && /^ *(npx|npm|aws|curl) /m.test(text),
    );
    expect(shells).toEqual([]);
  });

  it('of each guide that are marked as run are run', () => {
    const suite = readFileSync('test/e2e/guides.test.ts', 'utf8');
    const guides = marked('sh').flatMap(({ document }) => /^docs\/guides\/(.*)\.md$/.exec(document)?.[1] ?? []);
    expect(new Set(guides).size).toBeGreaterThan(9);
    expect(guides.filter((guide) => !suite.includes(`follow('${guide}'`))).toEqual([]);
  });

  it('can be parsed by a shell', () => {
    const script = marked('console', 'sh')
      .map(({ text }) => text.replaceAll(/<[^<>\n]*>/g, 'placeholder'))
      .join('\n');
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it('have no comment line in a block to paste: zsh does not accept one at its prompt', () => {
    expect(marked('sh').length).toBeGreaterThan(30);
    expect(marked('sh').filter(({ text }) => /^\s*#/m.test(text))).toEqual([]);
  });
});

describe('the documented JSON', () => {
  it('of each guide can be parsed', () => {
    const guides = marked('json').filter(({ document }) => document.startsWith('docs/guides/'));
    expect(guides.length).toBeGreaterThan(5);
    for (const { text } of guides) expect(() => JSON.parse(text)).not.toThrow();
  });

  it('fields of a provider’s entry exist', () => {
    const rows = readFileSync('docs/guides/your-own-provider.md', 'utf8').match(/^\| `.*? \|/gm) ?? [];
    const names = rows.flatMap((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
    expect(names.length).toBeGreaterThan(12);
    expect(names.filter((name) => !Object.hasOwn(OperatorProvider.shape, name))).toEqual([]);
  });
});

describe('the programs in the guides', () => {
  it.each([
    ['call-from-a-worker', 'ts', 'client/examples/github-worker.ts'],
    ['embed-the-connect-page', 'ts', 'client/examples/connect-link.ts'],
  ])('of %s are the files that tests run', (guide, language, file) => {
    const shown = marked(language).filter(({ document }) => document === `docs/guides/${guide}.md`);
    expect(shown.map(({ text }) => text)).toEqual([readFileSync(file, 'utf8')]);
  });

  it('in Python stand in the worker', () => {
    const worker = readFileSync('docs/examples/worker.py', 'utf8');
    const [shown] = marked('python').filter(({ document }) => document === 'docs/guides/call-from-a-worker.md');
    for (const line of splitCommands(shown?.text ?? 'none')) expect(worker).toContain(line);
  });
});
