// Each function has exactly the permissions of its routes, checked against an independent table; and user-api can seal but
// never open a secret.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PolicyTargets, policyFor } from '../../cdk/functions/policy-grants.ts';
import type { Capability } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import {
  findRole,
  permission,
  readPermissions,
  readStatements,
  type Statement,
  toList,
} from './support/permissions.ts';
import { findResources, functionResource, onlyResource, synthesize } from './support/synthesize.ts';

/** 'action on rows', 'action on credential' (a purpose of data keys) or 'action on system keys'. */
const ASKS: Record<Capability, string[]> = {
  read_credential: ['dynamodb:GetItem on USER#*'],
  read_user: ['dynamodb:GetItem on USER#*', 'dynamodb:Query on lookup index'],
  find_by_url: ['dynamodb:Query on urlLookup index'],
  read_whole_user: ['dynamodb:Query on USER#*'],
  write_user: ['dynamodb:PutItem on USER#*', 'dynamodb:UpdateItem on USER#*'],
  delete_credential: ['dynamodb:DeleteItem on USER#*'],
  erase_user: [
    'dynamodb:Query on USER#*',
    'dynamodb:UpdateItem on USER#*',
    'dynamodb:DeleteItem on USER#*',
    'dynamodb:ConditionCheckItem on USER#*',
    'dynamodb:DeleteItem on STATE#*',
    'dynamodb:DeleteItem on LINK#*',
  ],
  invoke_refresh: ['lambda:InvokeFunction on refresh-credential'],
  create_lease: ['dynamodb:PutItem on USER#*', 'dynamodb:ConditionCheckItem on USER#*'],
  refresh_credential: [
    'dynamodb:PutItem on USER#*',
    'dynamodb:UpdateItem on USER#*',
    'kms:GenerateDataKey on credential',
  ],
  read_due: ['dynamodb:Query on due index'],
  create_state: [
    'dynamodb:PutItem on USER#*',
    'dynamodb:UpdateItem on USER#*',
    'dynamodb:ConditionCheckItem on USER#*',
    'dynamodb:PutItem on STATE#*',
  ],
  consume_state: ['dynamodb:GetItem on STATE#*', 'dynamodb:UpdateItem on STATE#*', 'dynamodb:UpdateItem on USER#*'],
  store_pending_code: ['dynamodb:GetItem on STATE#*', 'dynamodb:UpdateItem on STATE#*'],
  create_link: [
    'dynamodb:PutItem on USER#*',
    'dynamodb:UpdateItem on USER#*',
    'dynamodb:ConditionCheckItem on USER#*',
    'dynamodb:PutItem on LINK#*',
  ],
  use_link: ['dynamodb:GetItem on LINK#*', 'dynamodb:UpdateItem on LINK#*'],
  read_configuration: ['dynamodb:GetItem on CONFIG'],
  write_configuration: ['dynamodb:PutItem on CONFIG'],
  seal_secret: ['kms:GenerateDataKey on credential'],
  open_secret: ['kms:Decrypt on credential'],
  seal_managed_key: ['kms:GenerateDataKey on managed'],
  open_managed_key: ['kms:Decrypt on managed'],
  read_system_keys: ['secretsmanager:GetSecretValue on system keys'],
  read_oauth_clients: ['secretsmanager:GetSecretValue on oauth clients'],
  register_client: [
    'dynamodb:GetItem on ISSUER#*',
    'dynamodb:PutItem on ISSUER#*',
    'kms:GenerateDataKey on issuer client',
  ],
  read_client: ['dynamodb:GetItem on ISSUER#*', 'kms:Decrypt on issuer client', 'kms:Decrypt on issuer metadata'],
  note_refused_client: ['dynamodb:UpdateItem on refused client'],
  keep_client: ['dynamodb:UpdateItem on unused client'],
  read_servers: [
    'dynamodb:GetItem on ISSUER#*',
    'dynamodb:PutItem on ISSUER#*',
    'kms:GenerateDataKey on issuer metadata',
    'kms:Decrypt on issuer metadata',
  ],
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
  'read_credential',
  'create_lease',
  'refresh_credential',
  'open_secret',
  'read_client',
  'note_refused_client',
];
const REFRESH: Capability[] = [
  'read_credential',
  'refresh_credential',
  'open_secret',
  'read_oauth_clients',
  'read_client',
  'note_refused_client',
];
const PUBLISH: Capability[] = ['read_stream', 'write_dead_letters', 'publish_events'];
const oneSeal = (purpose: string) => ({
  StringEquals: { 'kms:EncryptionContext:purpose': purpose },
  Null: { 'kms:EncryptionContext:user': 'false', 'kms:EncryptionContext:credentialId': 'false' },
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['user', 'credentialId', 'purpose'] },
});

const oneIssuerSeal = (purpose: 'issuer_client' | 'issuer_metadata') => ({
  StringEquals: { 'kms:EncryptionContext:purpose': purpose },
  Null: { 'kms:EncryptionContext:issuer': 'false' },
  'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['issuer', 'purpose'] },
});
const oneClientSeal = oneIssuerSeal('issuer_client');
const oneMetadataSeal = oneIssuerSeal('issuer_metadata');

/** One attribute of an issuer's rows, beside the keys and the client's id, which the condition names. */
const issuerUpdate = (attribute: string) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ISSUER#*'] },
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', 'clientId', attribute] },
  Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
  StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'] },
});
const [refusalNote, endOfUnused] = [issuerUpdate('refusedAt'), issuerUpdate('ttl')];

const functionNames = [
  ...new Set(routes.map((route) => route.function)),
  'refresh-sweep',
  'refresh-credential',
  'publish-events',
];

const UNROUTED: Record<string, Capability[]> = {
  'refresh-sweep': SWEEP,
  'refresh-credential': REFRESH,
  'publish-events': PUBLISH,
};

const listCapabilities = (name: string): Capability[] =>
  UNROUTED[name] ?? routes.filter((route) => route.function === name).flatMap((route) => route.capabilities);

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const getLogicalId = (type: string, path: string): string => {
  const found = findResources(template, type).find(([, { Metadata }]) =>
    String(Metadata?.['aws:cdk:path']).includes(path),
  );
  if (!found) throw new Error(`no ${type} at ${path}`);
  return found[0];
};

const attribute = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });

/** Resources of the publisher's permissions; they name no rows. */
const publisherTargets = (): Record<string, unknown> => {
  const table = getLogicalId('AWS::DynamoDB::Table', '');
  return {
    stream: attribute(table, 'StreamArn'),
    streams: { 'Fn::Join': ['', [attribute(table), '/stream/*']] },
    undelivered: attribute(getLogicalId('AWS::SQS::Queue', '')),
    bus: attribute(getLogicalId('AWS::Events::EventBus', '')),
  };
};

const expectedLine = (ask: string): string => {
  const [action = '', target] = ask.split(' on ');
  const published = publisherTargets()[target ?? ''];
  if (published) return permission('Allow', action, published, null);
  if (target === 'refresh-credential') {
    const [refresh] = functionResource(template, target);
    return permission('Allow', action, { 'Fn::GetAtt': [refresh, 'Arn'] }, null);
  }
  if (target === 'credential' || target === 'managed') {
    const key = { 'Fn::GetAtt': [getLogicalId('AWS::KMS::Key', ''), 'Arn'] };
    return permission('Allow', action, key, oneSeal(target));
  }
  if (target === 'issuer client' || target === 'issuer metadata') {
    const key = { 'Fn::GetAtt': [getLogicalId('AWS::KMS::Key', ''), 'Arn'] };
    return permission('Allow', action, key, target === 'issuer client' ? oneClientSeal : oneMetadataSeal);
  }
  if (target === 'system keys') {
    return permission('Allow', action, { Ref: getLogicalId('AWS::SecretsManager::Secret', '/SystemKeys/') }, null);
  }
  if (target === 'oauth clients') {
    return permission('Allow', action, { Ref: getLogicalId('AWS::SecretsManager::Secret', '/OAuthClients/') }, null);
  }
  if (target === 'due index') {
    const tableArn = { 'Fn::GetAtt': [getLogicalId('AWS::DynamoDB::Table', ''), 'Arn'] };
    return permission('Allow', action, { 'Fn::Join': ['', [tableArn, '/index/due']] }, null);
  }
  const table = { 'Fn::GetAtt': [getLogicalId('AWS::DynamoDB::Table', ''), 'Arn'] };
  const inPartitions = (keys: string | undefined) => ({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [keys] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
  if (target === 'refused client') return permission('Allow', action, table, refusalNote);
  if (target === 'unused client') return permission('Allow', action, table, endOfUnused);
  const localIndex = /^(\w+) index$/.exec(target ?? '')?.[1];
  if (localIndex) {
    const index = { 'Fn::Join': ['', [table, `/index/${localIndex}`]] };
    return permission('Allow', action, index, inPartitions('USER#*'));
  }
  return permission('Allow', action, table, inPartitions(target));
};

const logLines = (name: string): string[] => {
  const [, { Properties }] = functionResource(template, name);
  const group = { 'Fn::GetAtt': [(Properties.LoggingConfig as { LogGroup: { Ref: string } }).LogGroup.Ref, 'Arn'] };
  return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => permission('Allow', action, group, null));
};

const listActions = (name: string): string[] =>
  readStatements(template, name).flatMap((statement) => toList(statement.Action));

/** As of a function that has just these capabilities. */
const linesFor = (capabilities: readonly Capability[]): string[] => {
  const key = 'arn:aws:kms:eu-west-1:111122223333:key/k';
  const targets = { table: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t', sealingKey: key } as PolicyTargets;
  const { Statement: statements } = policyFor(capabilities, targets).toJSON() as { Statement: Statement[] };
  return statements
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      toList(Action).map((action) => permission(Effect as string, action, Resource, Condition)),
    )
    .sort();
};

describe('the capabilities about issuers', () => {
  const [table, key] = ['arn:aws:dynamodb:eu-west-1:111122223333:table/t', 'arn:aws:kms:eu-west-1:111122223333:key/k'];
  const issuers = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ISSUER#*'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  const [read, write] = ['dynamodb:GetItem', 'dynamodb:PutItem'].map((action) =>
    permission('Allow', action, table, issuers),
  );

  it('let a registration read and write the rows of issuers and seal, and open nothing', () => {
    const seal = permission('Allow', 'kms:GenerateDataKey', key, oneClientSeal);
    expect(linesFor(['register_client'])).toEqual([read, write, seal].sort());
  });

  it('let the use of a client read those rows and open its secret and the metadata, and write nothing', () => {
    const open = [oneClientSeal, oneMetadataSeal].map((seal) => permission('Allow', 'kms:Decrypt', key, seal));
    expect(linesFor(['read_client'])).toEqual([read, ...open].sort());
  });

  it('let the note of a refused client write one attribute of those rows, and read and open nothing', () => {
    expect(linesFor(['note_refused_client'])).toEqual([permission('Allow', 'dynamodb:UpdateItem', table, refusalNote)]);
  });

  it('let the end of an unused client be written, and read and open nothing', () => {
    expect(linesFor(['keep_client'])).toEqual([permission('Allow', 'dynamodb:UpdateItem', table, endOfUnused)]);
  });

  it('let no function that refreshes write more of those rows, nor the end but where it completes connections', () => {
    const writesOf = (name: string) =>
      readPermissions(template, name).filter((line) => line.includes('ISSUER#*') && !line.includes('dynamodb:GetItem'));
    const refreshing = functionNames.filter((name) => listCapabilities(name).includes('refresh_credential'));
    const [note, end] = ['refused', 'unused'].map((kind) => expectedLine(`dynamodb:UpdateItem on ${kind} client`));
    for (const name of refreshing) {
      const isCompleting = listCapabilities(name).includes('consume_state');
      expect(new Set(writesOf(name)), name).toEqual(new Set(isCompleting ? [note, end] : [note]));
    }
  });

  it('let the cache of metadata reach those rows, seal and open metadata, and open no secret', () => {
    const keys = ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) =>
      permission('Allow', action, key, oneMetadataSeal),
    );
    expect(linesFor(['read_servers'])).toEqual([read, write, ...keys].sort());
  });

  it('let no function that starts connections open the secret of a client or of a user', () => {
    const starting = functionNames.filter((name) => listCapabilities(name).includes('read_servers'));
    expect(starting).not.toEqual([]);
    const opened = starting
      .flatMap((name) => readPermissions(template, name))
      .filter((line) => /kms:Decrypt/.test(line));
    expect(new Set(opened)).toEqual(new Set([expectedLine('kms:Decrypt on issuer metadata')]));
  });
});

describe('the permissions of the functions', () => {
  it.each(functionNames)('%s has only the permissions of its routes and its own log', (name) => {
    const asked = [...new Set(listCapabilities(name).flatMap((capability) => ASKS[capability]))].map(expectedLine);
    expect(readPermissions(template, name)).toEqual([...asked, ...logLines(name)].sort());
  });

  it.each(functionNames)('%s has its own role, for Lambda only, without managed policies', (name) => {
    const [roleId, { Properties }] = findRole(template, name);
    const others = functionNames.filter((other) => other !== name).map((other) => findRole(template, other)[0]);
    expect(others).not.toContain(roleId);
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect((Properties.AssumeRolePolicyDocument as { Statement: Statement[] }).Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  it.each(['user-api', 'link-api'])('%s may generate data keys, but neither decrypt nor read secrets', (name) => {
    const actions = listActions(name);
    expect(actions.filter((action) => /^(kms:|secretsmanager:|\*)/.test(action))).toEqual(['kms:GenerateDataKey']);
  });

  it('only the functions that list or export may read all rows of a user in one query', () => {
    const isQueryOfRows = (line: string) => line.includes('dynamodb:Query') && !line.includes('/index/');
    const readers = functionNames.filter((name) => readPermissions(template, name).some(isQueryOfRows));
    expect(readers).toEqual(['user-api', 'link-api', 'runtime-api', 'moving-api']);
  });

  it('only the functions of the link plane, and those that make and erase links, reach links; they reach no state but to connect', () => {
    const reach = (rows: string) =>
      functionNames.filter((name) => readPermissions(template, name).some((line) => line.includes(rows)));
    expect(reach('LINK#*')).toEqual(['link-api', 'link-connect-api', 'link-start-api', 'runtime-api']);
    expect(reach('STATE#*')).toEqual([
      'connect-api',
      'start-api',
      'oauth-callback',
      'link-connect-api',
      'link-start-api',
      'runtime-api',
      'runtime-start-api',
      'moving-api',
    ]);
  });

  it.each(['start-api', 'link-start-api', 'runtime-start-api'])(
    '%s may seal only the secret of a client it registers and metadata, open only metadata, delete and invoke nothing, and read no secret but the OAuth clients',
    (name) => {
      const actions = listActions(name);
      expect(new Set(actions.filter((action) => /^(?:kms:|lambda:)|Delete/.test(action)))).toEqual(
        new Set(['kms:Decrypt', 'kms:GenerateDataKey']),
      );
      const keys = readPermissions(template, name).filter((line) => line.includes('kms:'));
      const allowed = [
        'Decrypt on issuer metadata',
        'GenerateDataKey on issuer client',
        'GenerateDataKey on issuer metadata',
      ];
      expect(keys.toSorted()).toEqual(allowed.map((ask) => expectedLine(`kms:${ask}`)).toSorted());
      const secrets = readPermissions(template, name).filter((line) => line.includes('secretsmanager:'));
      expect(secrets).toEqual([expectedLine('secretsmanager:GetSecretValue on oauth clients')]);
      const states = readPermissions(template, name).filter((line) => line.includes('STATE#*'));
      expect(states).toEqual([expectedLine('dynamodb:PutItem on STATE#*')]);
    },
  );

  it('moving-api may neither delete nor refresh, read no key of the operator’s, and invoke no function', () => {
    const actions = listActions('moving-api');
    expect(actions).not.toContain('dynamodb:DeleteItem');
    expect(actions.filter((action) => action.startsWith('lambda:'))).toEqual([]);
    const systemKeys = getLogicalId('AWS::SecretsManager::Secret', '/SystemKeys/');
    expect(readPermissions(template, 'moving-api').filter((line) => line.includes(systemKeys))).toEqual([]);
    const states = readPermissions(template, 'moving-api').filter((line) => line.includes('STATE#*'));
    expect(states).toEqual([expectedLine('dynamodb:PutItem on STATE#*')]);
  });

  it('refresh-sweep may delete no item', () => {
    expect(listActions('refresh-sweep')).toContain('dynamodb:UpdateItem');
    expect(listActions('refresh-sweep')).not.toContain('dynamodb:DeleteItem');
  });

  it.each(['health', 'connect-page', 'client-metadata'])('%s may do nothing but write its log', (name) => {
    expect(listActions(name).toSorted()).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  it('only runtime-api may invoke a function, and only refresh-credential', () => {
    const callers = functionNames.filter((name) => listActions(name).some((action) => action.startsWith('lambda:')));
    expect(callers).toEqual(['runtime-api']);
  });

  it('refresh-credential may read and write rows one by one, and neither list nor delete', () => {
    const actions = listActions('refresh-credential').filter((action) => !action.startsWith('logs:'));
    expect([...new Set(actions)].toSorted()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'secretsmanager:GetSecretValue',
    ]);
  });

  it('publish-events has no access to rows, keys and secrets', () => {
    const actions = listActions('publish-events').filter((action) => !action.startsWith('logs:'));
    expect(actions.toSorted()).toEqual([
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
      'events:PutEvents',
      'sqs:SendMessage',
    ]);
  });

  it.each(functionNames)('%s has no wildcard action', (name) => {
    expect(listActions(name).filter((action) => /[*?]/.test(action))).toEqual([]);
  });

  it('gives access in the key policy to the account only', () => {
    const { Statement } = onlyResource(template, 'AWS::KMS::Key').Properties.KeyPolicy as { Statement: Statement[] };
    const account = ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'];
    expect(Statement.map((statement) => statement.Principal)).toEqual([{ AWS: { 'Fn::Join': ['', account] } }]);
  });

  it('has no resource policy on the table or a secret, and no policy outside the roles', () => {
    expect(onlyResource(template, 'AWS::DynamoDB::Table').Properties.ResourcePolicy).toBeUndefined();
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
    template.resourceCountIs('AWS::IAM::User', 0);
    template.resourceCountIs('AWS::IAM::Role', functionNames.length);
  });
});
