// The stages in the repository: each file synthesises, offline, and an option stands in one place only.
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getStack, makeApp } from './support/synthesize.ts';

const stages = globSync('stages/*.json').map((file) => basename(file, '.json'));

describe('the stages', () => {
  it('are at least two, with stacks of different names', () => {
    const names = stages.map((stage) => getStack(makeApp({ stage })).stackName);
    expect(new Set(names).size).toBe(stages.length);
    expect(stages.length).toBeGreaterThan(1);
  });

  it.each(stages)('%s synthesises without an account', (stage) => {
    expect(makeApp({ stage }).synth().stacks).toHaveLength(1);
  });

  it('are not mixed with options of the command line', () => {
    expect(() => makeApp({ stage: 'dev', memoryMegabytes: 256 })).toThrow(
      'context memoryMegabytes must be in stages/dev.json',
    );
  });

  it.each(['none', '../package'])('named %s are refused', (stage) => {
    expect(() => makeApp({ stage })).toThrow('context stage must be');
  });
});
