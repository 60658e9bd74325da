// Running the commands of the proof: their figures, their failures and their time limits.
import { describe, expect, it, vi } from 'vitest';
import { type Command, commandLine, readFigures, runCommands } from '../../../scripts/proof/run-commands.ts';
import { printFigure } from '../../support/run/figure.ts';

const node = (script: string): Command => ({ name: process.execPath, args: ['-e', script] });

describe('readFigures', () => {
  it('reads the lines of printFigure anywhere in the output', () => {
    const printed = vi.spyOn(console, 'log').mockReturnValue();
    printFigure('some name', { a: 1, b: 'x' });
    const [[line] = []] = printed.mock.calls;
    printed.mockRestore();
    const output = `first\n\u001b[22m\u001b[39m${line}\nlast`;
    expect(readFigures(output)).toEqual([{ name: 'some name', values: { a: 1, b: 'x' } }]);
  });
});

describe('runCommands', () => {
  it('collects the figures of all commands', async () => {
    const line = (value: number) => node(`console.log('figure: f ' + JSON.stringify({ value: ${value} }))`);
    const outcome = await runCommands([line(1), line(2)], 30);
    expect(outcome).toMatchObject({ isGreen: true, isLate: false });
    expect(outcome.figures.map(({ values }) => values.value)).toEqual([1, 2]);
  });

  it('is not green when a command fails', async () => {
    expect((await runCommands([node(''), node('process.exit(3)')], 30)).isGreen).toBe(false);
  });

  it('accepts a limit with a fraction of a millisecond', async () => {
    expect(await runCommands([node('')], 30.000_1)).toMatchObject({ isGreen: true, isLate: false });
  });

  it('kills commands that exceed the limit', async () => {
    expect(await runCommands([node('setInterval(() => {}, 1000)')], 0.3)).toMatchObject({
      isGreen: false,
      isLate: true,
    });
  });
});

describe('commandLine', () => {
  it('is the command as typed in a shell', () => {
    const command = { name: 'vitest', args: ['run', '--project', 'unit'], env: { SEEDS: '5' } };
    expect(commandLine(command)).toBe('SEEDS=5 npx vitest run --project unit');
  });
});
