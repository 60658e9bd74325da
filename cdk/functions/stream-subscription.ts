// The table's stream invokes the publisher, for credential rows only. A failing record is retried for 12 of the 24 hours that the
// stream keeps it, so that an operator notified by the alarm can still read it.
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CredentialTable } from '../storage/credential-table.ts';
import type { ServiceFunction } from './service-function.ts';

const BATCH_SIZE = 100;
const GIVE_UP_AFTER = Duration.hours(12);
/** The highest value Lambda accepts: the record age is the actual limit. */
const ATTEMPTS = 10_000;

/** The table whose stream is read, the function that gets it, and the queue for batches that expired. */
export interface StreamSubscriptionProps {
  publish: ServiceFunction;
  table: CredentialTable;
  undelivered: Queue;
}

/** The event source mapping of the publisher. */
export class StreamSubscription extends Construct {
  constructor(scope: Construct, id: string, { publish, table, undelivered }: StreamSubscriptionProps) {
    super(scope, id);
    new EventSourceMapping(this, 'Mapping', {
      target: publish.lambda,
      eventSourceArn: table.streamArn,
      // From the oldest record, so that nothing is missed while the mapping is created.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter({ dynamodb: { Keys: { sk: { S: FilterRule.beginsWith('CRED#') } } } })],
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: ATTEMPTS,
      maxRecordAge: GIVE_UP_AFTER,
      onFailure: new SqsDlq(undelivered),
    });
    Validations.of(publish).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${describeArn(this, table.tableArn)}/stream/*]`,
      reason:
        'Before Lambda reads the stream it lists the streams of the table, a right that exists only on `stream/*` of that ' +
        'table. Reading is allowed on the one stream only.',
    });
  }
}

interface Intrinsic {
  'Fn::GetAtt'?: string[];
  'Fn::Join'?: [string, (string | { Ref: string })[]];
}

/** The ARN as the rules write it in a finding: `<Table1234.Arn>`, or of a restored table its text with `<AWS::Region>`. */
const describeArn = (scope: Construct, arn: string): string => {
  const { 'Fn::GetAtt': attribute, 'Fn::Join': joined } = Stack.of(scope).resolve(arn) as Intrinsic;
  if (attribute) return `<${attribute.join('.')}>`;
  return (joined?.[1] ?? []).map((part) => (typeof part === 'string' ? part : `<${part.Ref}>`)).join('');
};
