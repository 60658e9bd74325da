// Pastes blocks of commands into an interactive shell, as a reader of the banner or of README.md does, and records how each
// block ended and what it printed. zsh takes no comments at its prompt, and waits for the end of an open quote.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

export const SHELLS = {
  bash: ['bash', ['--norc', '--noprofile', '-i']],
  zsh: ['zsh', ['-f', '-i']],
} as const;
export type ShellName = keyof typeof SHELLS;

export interface PastedBlock {
  block: string;
  /** Of the last command; null when the shell did not get past the block. */
  exitCode: number | null;
  output: string;
}

export const isInstalled = (shell: ShellName): boolean => spawnSync(shell, ['-c', ':']).status === 0;

const END = '@@end-of-block';

/** A folder with a `sleep` that does not wait: the commands between two pauses are what is tested. */
const withoutPauses = (): string => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'no-pause-'));
  writeFileSync(join(folder, 'sleep'), '#!/bin/sh\n');
  chmodSync(join(folder, 'sleep'), 0o700);
  return folder;
};

const splitOutput = (stdout: string, blocks: readonly string[]): PastedBlock[] => {
  let rest = stdout;
  return blocks.map((block) => {
    const [, output = rest, code] = new RegExp(`^(.*?)${END} (\\d+)\\n`, 's').exec(rest) ?? [];
    rest = code === undefined ? '' : rest.slice(`${output}${END} ${code}\n`.length);
    return { block, output, exitCode: code === undefined ? null : Number(code) };
  });
};

/** Pastes the blocks one after another into one shell, so that later ones may use the variables of earlier ones. */
export const pasteInto = async (
  shell: ShellName,
  blocks: readonly string[],
): Promise<{ pasted: PastedBlock[]; stderr: string }> => {
  const [program, args] = SHELLS[shell];
  const folder = withoutPauses();
  const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, HOME: folder, PS1: '', PS2: '', PROMPT_EOL_MARK: '' };
  const child = spawn(program, args, { env, cwd: folder, detached: true });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.end(blocks.map((block) => `${block}\nprintf '${END} %s\\n' $?\n`).join(''));
  const [stdout, stderr] = await outputs;
  return { pasted: splitOutput(stdout, blocks), stderr };
};
