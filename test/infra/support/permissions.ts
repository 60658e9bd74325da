// The permissions of a function's role, one line per action, resource and condition, from every kind of policy in the
// template.
import type { Template } from 'aws-cdk-lib/assertions';
import { findResources, functionResource, type Resource } from './synthesize.ts';

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
  Principal?: unknown;
}

interface Document {
  Statement: Statement[];
}

const KNOWN = ['Effect', 'Action', 'Resource', 'Condition', 'Sid'];
const ATTACHABLE = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

export const toList = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one]);

const inlineDocuments = (role: Resource): Document[] =>
  ((role.Properties.Policies ?? []) as { PolicyDocument: Document }[]).map((policy) => policy.PolicyDocument);

const attachedDocuments = (template: Template, roleId: string): Document[] =>
  ATTACHABLE.flatMap((type) => findResources(template, type))
    .filter(([, { Properties: policy }]) => JSON.stringify([policy.Roles, policy.RoleName]).includes(`"${roleId}"`))
    .map(([, { Properties: policy }]) => policy.PolicyDocument as Document);

export const findRole = (template: Template, functionName: string): [string, Resource] => {
  const [, { Properties }] = functionResource(template, functionName);
  const [roleId] = (Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'];
  const role = template.findResources('AWS::IAM::Role')[roleId] as Resource | undefined;
  if (!role) throw new Error(`${functionName} has no role of its own`);
  return [roleId, role];
};

/** Refuses elements that could widen a statement, such as NotAction. */
const assertPlain = (statement: Statement): void => {
  const odd = Object.keys(statement).filter((key) => !KNOWN.includes(key));
  if (odd.length > 0) throw new Error(`a statement with ${odd}`);
};

export const readStatements = (template: Template, functionName: string): Statement[] => {
  const [roleId, role] = findRole(template, functionName);
  const statements = [...inlineDocuments(role), ...attachedDocuments(template, roleId)].flatMap(
    (document) => document.Statement,
  );
  for (const statement of statements) assertPlain(statement);
  return statements;
};

export const permission = (effect: string, action: string, on: unknown, condition: unknown): string =>
  JSON.stringify([effect, action, on, condition ?? null]);

/** The permissions of a function, sorted and unique. */
export const readPermissions = (template: Template, functionName: string): string[] => {
  const lines = readStatements(template, functionName).flatMap(({ Effect, Action, Resource: on, Condition }) =>
    toList(Action).flatMap((action) => toList(on).map((target) => permission(Effect, action, target, Condition))),
  );
  return [...new Set(lines)].sort();
};
