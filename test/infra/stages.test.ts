// The stages in the repository: each file synthesises offline, and each option is in one place only.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyholdApp } from '../../cdk/keyhold-app.ts';
import { OPTION_RULES, PAGE_SETTING_RULES, SETTING_RULES } from '../../cdk/settings/option-rules.ts';
import { getStack, makeApp } from './support/synthesize.ts';

const stages = globSync('stages/*.json').map((file) => basename(file, '.json'));

describe('docs/deploy.md', () => {
  it('lists every option of a deployment and no other', () => {
    const rows = readFileSync('docs/deploy.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const options = Object.keys(OPTION_RULES).filter((name) => !(name in SETTING_RULES || name in PAGE_SETTING_RULES));
    expect(named.toSorted()).toEqual(options.toSorted());
  });
});

describe('the stages', () => {
  it('are at least two, with stacks of different names', () => {
    const names = stages.map((stage) => getStack(makeApp({ stage })).stackName);
    expect(new Set(names).size).toBe(stages.length);
    expect(stages.length).toBeGreaterThan(1);
  });

  it.each(stages)('%s synthesises without an account', (stage) => {
    expect(makeApp({ stage }).synth().stacks).toHaveLength(1);
  });

  it('are the dev stage when nothing is given, so that leaving out all options touches no other stack', () => {
    const withoutCode = { 'aws:cdk:bundling-stacks': [] };
    const { stackName } = getStack(keyholdApp({ context: withoutCode, builtinCloudFormationValidation: false }));
    expect(stackName).toBe(getStack(makeApp({ stage: 'dev' })).stackName);
    expect(stackName).not.toBe('Keyhold');
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
