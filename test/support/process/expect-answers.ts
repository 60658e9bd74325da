// What is expected of every block of commands that a document shows: it ends, succeeds, and prints its answers readably.
import { expect } from 'vitest';
import type { PastedBlock } from './pasted-commands.ts';

/** Fails unless the block ended with 0, no answer is a refusal, and each answer stands on its own line. */
export const expectAnswers = ({ block, exitCode, output }: PastedBlock): void => {
  expect(exitCode, `the exit code of\n${block}`).toBe(0);
  expect(output, `the refusals of\n${block}`).not.toMatch(/"code": ?"|"message":/);
  expect(output, `the end of each answer of\n${block}`).toMatch(/^$|\n$/);
  expect(output, `answers on one line of\n${block}`).not.toMatch(/\}\{|\}Bearer/);
};
