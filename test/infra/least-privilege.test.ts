// What each function may do is exactly what its routes ask for, by a table written here a second time; and the promise
// that user-api can seal and never open, whatever grants it.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capability } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { listOf, permission, permissionsOf, roleOf, type Statement, statementsOf } from './support/permissions.ts';
import { functionResource, onlyResource, resourcesOf, synthesize } from './support/synthesize.ts';

/** 'action on rows', 'action on key' or 'action on system keys'. */
const ASKS: Record<Capability, string[]> = {
  read_user: ['dynamodb:GetItem on USER#*', 'dynamodb:Query on USER#*'],
  write_user: ['dynamodb:PutItem on USER#*', 'dynamodb:UpdateItem on USER#*', 'dynamodb:DeleteItem on USER#*'],
  erase_user: [
    'dynamodb:Query on USER#*',
    'dynamodb:UpdateItem on USER#*',
    'dynamodb:DeleteItem on USER#*',
    'dynamodb:ConditionCheckItem on USER#*',
  ],
  refresh_credential: ['dynamodb:PutItem on USER#*', 'dynamodb:UpdateItem on USER#*'],
  read_due: ['dynamodb:Query on due index'],
  open_state: ['dynamodb:UpdateItem on USER#*', 'dynamodb:ConditionCheckItem on USER#*', 'dynamodb:PutItem on STATE#*'],
  consume_state: ['dynamodb:GetItem on STATE#*', 'dynamodb:UpdateItem on STATE#*', 'dynamodb:UpdateItem on USER#*'],
  park_code: ['dynamodb:GetItem on STATE#*', 'dynamodb:UpdateItem on STATE#*'],
  read_configuration: ['dynamodb:GetItem on CONFIG'],
  write_configuration: ['dynamodb:PutItem on CONFIG'],
  seal_secret: ['kms:GenerateDataKey on key'],
  open_secret: ['kms:Decrypt on key'],
  read_system_keys: ['secretsmanager:GetSecretValue on system keys'],
  read_oauth_clients: ['secretsmanager:GetSecretValue on oauth clients'],
  read_stream: [
    'dynamodb:DescribeStream on stream',
    'dynamodb:GetRecords on stream',
    'dynamodb:GetShardIterator on stream',
    'dynamodb:ListStreams on streams',
  ],
  write_dead_letters: ['sqs:SendMessage on undelivered'],
  publish_events: ['events:PutEvents on bus'],
};
const SWEEP: Capability[] = [
  'read_system_keys',
  'read_oauth_clients',
  'read_configuration',
  'write_configuration',
  'read_due',
  'read_user',
  'refresh_credential',
  'open_secret',
];
const PUBLISH: Capability[] = ['read_stream', 'write_dead_letters', 'publish_events'];
const ONE_SEAL = {
  StringEquals: { 'kms:EncryptionContext:purpose': ['credential', 'managed'] },
  Null: { 'kms:EncryptionContext:user': 'false', 'kms:EncryptionContext:credentialId': 'false' },
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['user', 'credentialId', 'purpose'] },
};

const functionNames = [...new Set(routes.map((route) => route.function)), 'refresh-sweep', 'publish-events'];

const UNROUTED: Record<string, Capability[]> = { 'refresh-sweep': SWEEP, 'publish-events': PUBLISH };

const capabilitiesOf = (name: string): Capability[] =>
  UNROUTED[name] ?? routes.filter((route) => route.function === name).flatMap((route) => route.capabilities);

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const idOf = (type: string, path: string): string => {
  const found = resourcesOf(template, type).find(([, { Metadata }]) =>
    String(Metadata?.['aws:cdk:path']).includes(path),
  );
  if (!found) throw new Error(`no ${type} at ${path}`);
  return found[0];
};

const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });

/** What the publisher's asks name, and no rows: the resource itself. */
const publisherTargets = (): Record<string, unknown> => {
  const table = idOf('AWS::DynamoDB::Table', '');
  return {
    stream: attribute(table, 'StreamArn'),
    streams: { 'Fn::Join': ['', [attribute(table), '/stream/*']] },
    undelivered: attribute(idOf('AWS::SQS::Queue', '')),
    bus: attribute(idOf('AWS::Events::EventBus', '')),
  };
};

const expectedLine = (ask: string): string => {
  const [action = '', target] = ask.split(' on ');
  const published = publisherTargets()[target ?? ''];
  if (published) return permission('Allow', action, published, null);
  if (target === 'key') {
    return permission('Allow', action, { 'Fn::GetAtt': [idOf('AWS::KMS::Key', ''), 'Arn'] }, ONE_SEAL);
  }
  if (target === 'system keys') {
    return permission('Allow', action, { Ref: idOf('AWS::SecretsManager::Secret', '/SystemKeys/') }, null);
  }
  if (target === 'oauth clients') {
    return permission('Allow', action, { Ref: idOf('AWS::SecretsManager::Secret', '/OAuthClients/') }, null);
  }
  if (target === 'due index') {
    const tableArn = { 'Fn::GetAtt': [idOf('AWS::DynamoDB::Table', ''), 'Arn'] };
    return permission('Allow', action, { 'Fn::Join': ['', [tableArn, '/index/due']] }, null);
  }
  const table = { 'Fn::GetAtt': [idOf('AWS::DynamoDB::Table', ''), 'Arn'] };
  return permission('Allow', action, table, {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [target] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
};

const logLines = (name: string): string[] => {
  const [, { Properties }] = functionResource(template, name);
  const group = { 'Fn::GetAtt': [(Properties.LoggingConfig as { LogGroup: { Ref: string } }).LogGroup.Ref, 'Arn'] };
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => permission('Allow', action, group, null));
};

const actionsOf = (name: string): string[] =>
  statementsOf(template, name).flatMap((statement) => listOf(statement.Action));

describe('the permissions of the functions', () => {
  it.each(functionNames)('%s may do what its routes ask for and write its own log, and nothing else', (name) => {
    const asked = [...new Set(capabilitiesOf(name).flatMap((capability) => ASKS[capability]))].map(expectedLine);
    expect(permissionsOf(template, name)).toEqual([...asked, ...logLines(name)].sort());
  });

  it.each(functionNames)('%s has a role of its own, for Lambda alone, without managed policies', (name) => {
    const [roleId, { Properties }] = roleOf(template, name);
    const others = functionNames.filter((other) => other !== name).map((other) => roleOf(template, other)[0]);
    expect(others).not.toContain(roleId);
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect((Properties.AssumeRolePolicyDocument as { Statement: Statement[] }).Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  it('user-api may seal with a data key, never decrypt, and reads no secret', () => {
    const actions = actionsOf('user-api');
    expect(actions.filter((action) => /^(kms:|secretsmanager:|\*)/.test(action))).toEqual(['kms:GenerateDataKey']);
  });

  it('refresh-sweep may delete no item', () => {
    expect(actionsOf('refresh-sweep')).toContain('dynamodb:UpdateItem');
    expect(actionsOf('refresh-sweep')).not.toContain('dynamodb:DeleteItem');
  });

  it('publish-events touches no row, no key and no secret', () => {
    const actions = actionsOf('publish-events').filter((action) => !action.startsWith('logs:'));
    expect(actions.toSorted()).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'events:PutEvents',
      'sqs:SendMessage',
    ]);
  });

  it.each(functionNames)('%s is granted no action by wildcard', (name) => {
    expect(actionsOf(name).filter((action) => /[*?]/.test(action))).toEqual([]);
  });

  it('lets the account alone, and no function, in by the policy of the key', () => {
    const { Statement } = onlyResource(template, 'AWS::KMS::Key').Properties.KeyPolicy as { Statement: Statement[] };
    const account = ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'];
    expect(Statement.map((statement) => statement.Principal)).toEqual([{ AWS: { 'Fn::Join': ['', account] } }]);
  });

  it('lets nobody in by a policy of the table or of a secret, or by a grant made outside of roles', () => {
    expect(onlyResource(template, 'AWS::DynamoDB::Table').Properties.ResourcePolicy).toBeUndefined();
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
    template.resourceCountIs('AWS::IAM::User', 0);
    template.resourceCountIs('AWS::IAM::Role', functionNames.length);
  });
});
