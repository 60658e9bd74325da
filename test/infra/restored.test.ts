// Resources with data keep their logical ids, because CloudFormation replaces a resource whose id changes. A new stack can use a kept
// or restored table.
import { describe, expect, it } from 'vitest';
import { type Context, findResources, getStack, makeApp, readEnvironment, synthesize } from './support/synthesize.ts';

const STREAM = 'arn:aws:dynamodb:eu-west-1:111122223333:table/restored/stream/2030-01-01T00:00:00.000';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1';
const HOLDERS = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret', 'AWS::Cognito::UserPool'];

describe('the resources with data', () => {
  it('have the logical ids of the first release', () => {
    const template = synthesize();
    const ids = HOLDERS.flatMap((type) => findResources(template, type).map(([id]) => id));
    expect(ids).toEqual([
      'CredentialsTable401B582A',
      'SealingKeyB60D65A5',
      'UserLogKeyAA36BFDD',
      'SecretsSystemKeys86F0BDF1',
      'SecretsOAuthClients381F4032',
      'UsersPoolBFC35D3B',
    ]);
  });

  it('are in a stack with termination protection, unless it is switched off', () => {
    expect(getStack(makeApp()).terminationProtection).toBe(true);
    expect(getStack(makeApp({ terminationProtection: false })).terminationProtection).toBe(false);
  });
});

describe('a restored table', () => {
  const template = synthesize({ restoredTableName: 'restored', restoredStreamArn: STREAM, sealingKeyArn: KEY });

  it('is used in place of a new one, with its own stream and the earlier key', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(readEnvironment(template, 'user-api')).toMatchObject({ TABLE_NAME: 'restored', KMS_KEY_ID: KEY });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: STREAM });
  });

  it.each<Context>([
    { restoredTableName: 'restored' },
    { restoredStreamArn: STREAM },
    { restoredTableName: 'other', restoredStreamArn: STREAM },
  ])('is refused without its own stream: %j', (context) => {
    expect(() => makeApp(context)).toThrow('context restored');
  });
});
