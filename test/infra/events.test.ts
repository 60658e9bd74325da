// How changes of credentials reach the bus: which records invoke the publisher, how often, and what becomes of those that
// it can't publish.
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { credentialKey, headKey, managedKey, stateKey } from '../../lib/adapters/dynamodb/item-keys.ts';
import { environmentOf, functionResource, onlyResource, resourcesOf, synthesize } from './support/synthesize.ts';

let template: Template;
beforeAll(() => {
  template = synthesize();
});

const mapping = () => onlyResource(template, 'AWS::Lambda::EventSourceMapping').Properties;
const idOf = (type: string): string => resourcesOf(template, type)[0]?.[0] ?? '';

describe('the stream', () => {
  it('invokes the publisher, from its beginning', () => {
    const [functionId] = functionResource(template, 'publish-events');
    expect(mapping()).toMatchObject({
      FunctionName: { Ref: functionId },
      EventSourceArn: { 'Fn::GetAtt': [idOf('AWS::DynamoDB::Table'), 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
    });
  });

  it('does so for the rows of credentials alone', () => {
    const { Filters } = mapping().FilterCriteria as { Filters: { Pattern: string }[] };
    const patterns = Filters.map(({ Pattern }) => JSON.parse(Pattern));
    expect(patterns).toEqual([{ dynamodb: { Keys: { sk: { S: [{ prefix: 'CRED#' }] } } } }]);
    const others = [headKey('u'), managedKey('u', 'p'), stateKey('h'), { sk: 'LEASE#c' }].map(({ sk }) => sk);
    expect([credentialKey('u', 'c').sk, ...others].filter((sk) => sk.startsWith('CRED#'))).toEqual(['CRED#c']);
  });

  it('goes back to what failed, halves a batch that breaks, and gives up while the record is still there', () => {
    const properties = mapping();
    expect(properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10_000,
      MaximumRecordAgeInSeconds: 12 * 3600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue'), 'Arn'] } } },
    });
    expect(Number(properties.MaximumRecordAgeInSeconds)).toBeLessThan(24 * 3600);
  });
});

describe('the queue of what could not be published', () => {
  it('is encrypted, kept for two weeks, and reached by TLS alone', () => {
    expect(onlyResource(template, 'AWS::SQS::Queue').Properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 86_400,
    });
    const { PolicyDocument } = onlyResource(template, 'AWS::SQS::QueuePolicy').Properties;
    expect((PolicyDocument as { Statement: object[] }).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  it('raises an alarm by its first message', () => {
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
  it('is named after the stack, holds nothing, and is nobody else’s to write to', () => {
    const named = synthesize({ stackName: 'Vault' });
    const { Properties, DeletionPolicy } = onlyResource(named, 'AWS::Events::EventBus');
    expect(Properties).toEqual({ Name: 'Vault' });
    expect(DeletionPolicy).not.toBe('Retain');
    named.resourceCountIs('AWS::Events::EventBusPolicy', 0);
    named.resourceCountIs('AWS::Events::Archive', 0);
  });

  it('is named to the publisher and to no other function', () => {
    const bus = { Ref: idOf('AWS::Events::EventBus') };
    expect(environmentOf(template, 'publish-events').EVENT_BUS_NAME).toEqual(bus);
    const told = resourcesOf(template, 'AWS::Lambda::Function').filter(([, resource]) =>
      JSON.stringify(resource.Properties).includes('EVENT_BUS_NAME'),
    );
    expect(told).toHaveLength(1);
  });
});
