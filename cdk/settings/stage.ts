// The options of a deployment: from `stages/<name>.json` with `-c stage=name`, otherwise from context; with neither, from
// stages/dev.json, whose stack is another than that of any other stage. An unknown name fails the synthesis, because a misspelled
// option would silently deploy its default.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Node } from 'constructs';
import * as z from 'zod';
import { nearestName } from './nearest-name.ts';
import { OPTION_RULES } from './option-rules.ts';

const FOLDER = fileURLToPath(new URL('../../stages', import.meta.url));

const plain = z.union([z.string(), z.number(), z.boolean()], 'must be a plain value').transform(String);

const option = (rule: (value: string) => string | undefined) =>
  plain
    .superRefine((value, context) => {
      const message = rule(value);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .optional();

/** All options and settings, as text; the only list of their names. */
const Options = z.strictObject(
  Object.fromEntries(Object.entries(OPTION_RULES).map(([name, rule]) => [name, option(rule)])) as Record<
    keyof typeof OPTION_RULES,
    ReturnType<typeof option>
  >,
);

/** The given options, checked; a missing one is undefined. */
export type Stage = z.infer<typeof Options>;

/** Names of options; a feature flag or a name of the CDK has a colon or begins with @. */
const ownContext = (node: Node): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(node.getAllContext() as Record<string, unknown>).filter(
      ([name, value]) => !/^@|:/.test(name) && value !== null,
    ),
  );

const readStageFile = (name: unknown): Record<string, unknown> => {
  if (typeof name !== 'string' || !/^[\w-]+$/.test(name)) throw new Error('context stage must be a name');
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')));
  } catch {
    throw new Error(`context stage must be the name of a file with one JSON object: stages/${name}.json`);
  }
};

/** Used when nothing is given, so that a first `cdk synth` or `cdk deploy` needs no option. */
const DEFAULT_STAGE = 'dev';

const gather = (node: Node): Record<string, unknown> => {
  const { stage, ...given } = ownContext(node);
  const [other] = Object.keys(given);
  if (stage === undefined) return other === undefined ? readStageFile(DEFAULT_STAGE) : given;
  if (other !== undefined) throw new Error(`context ${other} must be in stages/${stage}.json, not next to a stage`);
  return readStageFile(stage);
};

/** Checks options. Throws on an unknown name, with the nearest one, and on a malformed value, without the value. */
export const parseStage = (given: Record<string, unknown>): Stage => {
  const parsed = Options.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code !== 'unrecognized_keys') throw new Error(`context ${String(issue?.path[0])} ${issue?.message}`);
  const [unknown = ''] = issue.keys;
  const nearest = nearestName(unknown, ['stage', ...Object.keys(OPTION_RULES)]);
  throw new Error(`context ${unknown} is unknown; the nearest is ${nearest}`);
};

/** The options of the stage that the context names, or of the context itself. Throws as `parseStage`. */
export const readStage = (node: Node): Stage => parseStage(gather(node));
