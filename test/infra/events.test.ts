// How changes reach the bus: which records invoke the publisher, the retries, and the dead-letter queue.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { credentialKey, managedKey, stateKey, userRecordKey } from '../../lib/adapters/dynamodb/item-keys.ts';
import { findResources, functionResource, onlyResource, readEnvironment, synthesize } from './support/synthesize.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const mapping = () => onlyResource(template, 'AWS::Lambda::EventSourceMapping').Properties;
const getLogicalId = (type: string): string => findResources(template, type)[0]?.[0] ?? '';

describe('the stream', () => {
  it('invokes the publisher, starting with the oldest record', () => {
    const [functionId] = functionResource(template, 'publish-events');
    expect(mapping()).toMatchObject({
      FunctionName: { Ref: functionId },
      EventSourceArn: { 'Fn::GetAtt': [getLogicalId('AWS::DynamoDB::Table'), 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
    });
  });

  it('invokes it only for rows of credentials', () => {
    const { Filters } = mapping().FilterCriteria as { Filters: { Pattern: string }[] };
    const patterns = Filters.map(({ Pattern }) => JSON.parse(Pattern));
    expect(patterns).toEqual([{ dynamodb: { Keys: { sk: { S: [{ prefix: 'CRED#' }] } } } }]);
    const others = [userRecordKey('u'), managedKey('u', 'p'), stateKey('h'), { sk: 'LEASE#c' }].map(({ sk }) => sk);
    expect([credentialKey('u', 'c').sk, ...others].filter((sk) => sk.startsWith('CRED#'))).toEqual(['CRED#c']);
  });

  it('resumes at the failed record, bisects a failing batch, and gives up before the record expires', () => {
    const properties = mapping();
    expect(properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
      MaximumRecordAgeInSeconds: 12 * 3600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [getLogicalId('AWS::SQS::Queue'), 'Arn'] } } },
    });
    expect(Number(properties.MaximumRecordAgeInSeconds)).toBeLessThan(24 * 3600);
  });
});

describe('the dead-letter queue', () => {
  it('is encrypted, keeps messages for two weeks, and requires TLS', () => {
    expect(onlyResource(template, 'AWS::SQS::Queue').Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
    const { PolicyDocument } = onlyResource(template, 'AWS::SQS::QueuePolicy').Properties;
    expect((PolicyDocument as { Statement: object[] }).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  it('raises an alarm with its first message', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
    });
  });
});

describe('the bus', () => {
  it('is named after the stack, and only the publisher may write to it', () => {
    const named = synthesize({ stackName: 'Vault' });
    const { Properties, DeletionPolicy } = onlyResource(named, 'AWS::Events::EventBus');
    expect(Properties).toEqual({ Name: 'Vault' });
    expect(DeletionPolicy).not.toBe('Retain');
    named.resourceCountIs('AWS::Events::EventBusPolicy', 0);
    named.resourceCountIs('AWS::Events::Archive', 0);
  });

  it('is in the environment of the publisher only', () => {
    const bus = { Ref: getLogicalId('AWS::Events::EventBus') };
    expect(readEnvironment(template, 'publish-events').EVENT_BUS_NAME).toEqual(bus);
    const told = findResources(template, 'AWS::Lambda::Function').filter(([, resource]) =>
      JSON.stringify(resource.Properties).includes('EVENT_BUS_NAME'),
    );
    expect(told).toHaveLength(1);
  });
});
