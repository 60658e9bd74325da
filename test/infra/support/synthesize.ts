// Synthesizes the stack like the command line, with the flags of cdk.json, but without bundling: template tests do not need the
// code. The files of the suite share their imports, so each template is made once for all of them.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { keyholdApp } from '../../../cdk/keyhold-app.ts';
import { KeyholdStack } from '../../../cdk/keyhold-stack.ts';

const flags = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8')).context;

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
  Metadata?: Record<string, unknown>;
}

export type Context = Record<string, string | number | boolean>;

/** Context the command line adds; the tests find resources by their path. */
const COMMAND_LINE = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'infra-'));

/** A stage must say who its users are. */
const withIdentity = (context: Record<string, unknown>) =>
  ['stage', 'identity', 'jwtIssuer', 'jwtAudience'].some((name) => name in context)
    ? context
    : { identity: 'cognito', ...context };

const newApp = ({ context, ...props }: AppProps): App =>
  keyholdApp({
    ...props,
    context: { ...flags, ...COMMAND_LINE, ...withIdentity(context ?? {}) },
    outdir: mkdtempSync(join(folder, 'app-')),
  });

/** Without bundling and CloudFormation's validation rules, whose engine takes seconds to start. */
export const makeApp = (context: Context = {}): App =>
  newApp({ context: { ...context, 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false });

/** As deployed: with the code of the functions and those rules. */
export const makeBundledApp = (): App => newApp({});

export const getStack = (app: App): KeyholdStack => {
  const stack = app.node.children.find((child) => child instanceof KeyholdStack);
  if (!stack) throw new Error('the app has no stack');
  return stack;
};

const templates = new Map<string, Template>();

/** The template for a context; must not be changed. */
export const synthesize = (context: Context = {}): Template => {
  const key = JSON.stringify(context);
  const template = templates.get(key) ?? Template.fromStack(getStack(makeApp(context)));
  templates.set(key, template);
  return template;
};

export const findResources = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type)) as [string, Resource][];

/** The only resource of a type. */
export const onlyResource = (template: Template, type: string): Resource => {
  const [found, ...others] = findResources(template, type);
  if (!found || others.length > 0) throw new Error(`expected one ${type}`);
  return found[1];
};

/** The function made from `functions/<name>.ts`: its logical id and resource. */
export const functionResource = (template: Template, name: string): [string, Resource] => {
  const word = name.replaceAll('-', '').toLowerCase();
  const found = findResources(template, 'AWS::Lambda::Function').filter(([, resource]) =>
    String(resource.Metadata?.['aws:cdk:path']).toLowerCase().includes(`/${word}/`),
  );
  if (!found[0] || found.length > 1) throw new Error(`expected one function ${name}`);
  return found[0];
};

export const readEnvironment = (template: Template, name: string): Record<string, unknown> => {
  const [, resource] = functionResource(template, name);
  // A function without variables has no environment.
  return (resource.Properties.Environment as { Variables: Record<string, unknown> } | undefined)?.Variables ?? {};
};
