// Command lines that call nothing: their help, and what is wrong with them.
import { describe, expect, it } from 'vitest';
import { commands } from '../../../cli/commands.ts';
import { run } from '../../../cli/run.ts';

const runLine = async (...args: string[]) => {
  const printed = { out: '', err: '' };
  const exitCode = await run(args, {
    terminal: {
      print: (text) => {
        printed.out += `${text}\n`;
      },
      note: (text) => {
        printed.err += text;
      },
      isInteractive: false,
      ask: async () => '',
    },
    env: {},
  });
  return { exitCode, ...printed };
};

describe('a command line', () => {
  it.each([
    [['nonsense']],
    [['list']],
    [['list', 'alice', 'bob']],
    [['list', 'alice', '--unknown']],
    [['list', 'alice', '--url', 'http://example.com']],
    [['list', 'alice', '--url', 'https://example.com']],
    [['resolve', 'alice']],
    [['resolve', 'alice', '--provider', 'openai', '--min-ttl=-1']],
    [['connect', 'alice', '--device']],
    [['connect', 'alice', '--expires-in', '59']],
    [['connect', 'alice', 'github', '--mcp', 'https://mcp.example.com']],
    [['connect', 'alice', '--device', '--mcp', 'https://mcp.example.com']],
    [['connect', 'alice', '--mcp']],
    [['import', 'no-such-file']],
    [['import', 'package.json', '--format', 'csv']],
    [['export', 'alice']],
    [['users', 'erase', 'alice']],
    [['providers', '--url', 'https://example.com', '--region', 'eu-west-1']],
    [['system-keys', 'check', '--file', 'a', '--secret-id', 'b']],
  ])('%j ends with 2 and says how it is meant', async (args) => {
    const { exitCode, out, err } = await runLine(...args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toMatch(/^keyhold: .+\nUsage: npx keyhold/);
  });

  it('without a command shows the help', async () => {
    const [none, help] = [await runLine(), await runLine('--help')];
    expect([none.exitCode, help.exitCode, none.out]).toEqual([2, 0, help.out]);
    for (const { name } of commands) expect(help.out).toContain(`  ${name}`);
  });

  it.each(commands.map(({ name }) => [name]))(
    '%s --help explains every option, with examples to copy',
    async (name) => {
      const { exitCode, out } = await runLine(...name.split(' '), '--help');
      expect(exitCode).toBe(0);
      const command = commands.find((candidate) => candidate.name === name);
      for (const option of Object.keys(command?.options ?? {})) expect(out).toContain(`--${option}`);
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
      expect(out).toMatch(/Examples:\n {2}npx keyhold/);
    },
  );

  it.each(commands.flatMap(({ name, examples }) => examples.map((example) => [name, example])))(
    'the example of %s is a command line that is understood: %s',
    async (name, example) => {
      const words = example.split(' ').slice(2);
      expect(words.join(' ').startsWith(name)).toBe(true);
      const { exitCode } = await runLine(...words, '--help');
      expect(exitCode).toBe(0);
    },
  );
});
