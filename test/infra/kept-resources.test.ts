// The resources that must outlive the stack: table, sealing key, operator secrets.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableDefinition, timeToLive } from '../../local/table/table-definition.ts';
import { findResources, onlyResource, type Resource, synthesize } from './support/synthesize.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

describe('resources kept when the stack is deleted', () => {
  // With deletion protection, deleting what a failed first deployment created would fail its rollback.
  it.each([
    ['AWS::DynamoDB::Table', 'Retain'],
    ['AWS::Cognito::UserPool', 'Retain'],
    ['AWS::KMS::Key', 'RetainExceptOnCreate'],
    ['AWS::SecretsManager::Secret', 'RetainExceptOnCreate'],
    ['AWS::Logs::LogGroup', 'RetainExceptOnCreate'],
  ])('%s: %s', (type, policy) => {
    const policies = findResources(template, type).map(([, r]) => [r.DeletionPolicy, r.UpdateReplacePolicy].join());
    expect([...new Set(policies)]).toEqual([`${policy},Retain`]);
  });

  it('have generated names, so that one left behind never blocks the next stack', () => {
    const names = ['Name', 'TableName', 'SecretName', 'UserPoolName', 'LogGroupName'];
    const kept = Object.entries(template.toJSON().Resources as Record<string, Resource>).filter(([, r]) =>
      String(r.DeletionPolicy).startsWith('Retain'),
    );
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.filter(([, r]) => names.some((name) => name in r.Properties)).map(([id]) => id)).toEqual([]);
  });
});

describe('the table', () => {
  it('has the definition of the local table', () => {
    const { Properties } = onlyResource(template, 'AWS::DynamoDB::Table');
    const { StreamEnabled, ...stream } = tableDefinition.StreamSpecification;
    const deployed = Object.fromEntries(Object.keys(tableDefinition).map((name) => [name, Properties[name]]));
    expect(deployed).toEqual({ ...tableDefinition, StreamSpecification: stream });
    expect(StreamEnabled).toBe(true);
    expect(Properties.TimeToLiveSpecification).toEqual(timeToLive);
  });

  it('has point-in-time recovery, deletion protection, and no customer key', () => {
    const { Properties } = onlyResource(template, 'AWS::DynamoDB::Table');
    expect(Properties).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect([undefined, { SSEEnabled: false }]).toContainEqual(Properties.SSESpecification);
  });
});

describe('the sealing key', () => {
  it('is symmetric, multi-region and rotated', () => {
    const { Properties } = onlyResource(template, 'AWS::KMS::Key');
    expect(Properties).toMatchObject({ MultiRegion: true, EnableKeyRotation: true });
    expect(Properties.KeySpec ?? 'SYMMETRIC_DEFAULT').toBe('SYMMETRIC_DEFAULT');
  });

  it('has an alias', () => {
    const [[keyId] = []] = findResources(template, 'AWS::KMS::Key');
    template.hasResourceProperties('AWS::KMS::Alias', {
      AliasName: 'alias/Keyhold/sealing',
      TargetKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
    });
  });

  it('is used by no other resource', () => {
    const [[keyId = ''] = []] = findResources(template, 'AWS::KMS::Key');
    const users = Object.values(template.toJSON().Resources as Record<string, { Type: string }>)
      .filter((resource) => JSON.stringify(resource).includes(`["${keyId}","Arn"]`))
      .map((resource) => resource.Type);
    expect([...new Set(users)].sort()).toEqual(['AWS::IAM::Role', 'AWS::KMS::Alias', 'AWS::Lambda::Function']);
  });
});

describe("the operator's secrets", () => {
  it('start empty and use the key of Secrets Manager', () => {
    const secrets = findResources(template, 'AWS::SecretsManager::Secret')
      .map(([, resource]) => resource.Properties)
      .filter(({ GenerateSecretString }) => GenerateSecretString === undefined);
    expect(secrets).toHaveLength(2);
    for (const { SecretString, GenerateSecretString, KmsKeyId } of secrets) {
      expect([SecretString, GenerateSecretString, KmsKeyId]).toEqual(['{}', undefined, undefined]);
    }
  });
});

describe('the key of the log', () => {
  it('is generated, and has no fixed name that a second deployment would collide with', () => {
    const [key, ...others] = findResources(template, 'AWS::SecretsManager::Secret')
      .map(([, resource]) => resource.Properties)
      .filter((secret) => secret.GenerateSecretString !== undefined);
    expect(others).toEqual([]);
    expect(key?.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
    expect([key?.SecretString, key?.Name]).toEqual([undefined, undefined]);
  });
});
