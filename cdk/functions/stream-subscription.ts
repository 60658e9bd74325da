// The table's stream invokes the publisher, for rows of credentials only. What fails is tried for half of the day that the
// stream keeps a record, so that whoever is told by the alarm finds it still there.
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CredentialTable } from '../storage/credential-table.ts';
import type { ServiceFunction } from './service-function.ts';

const BATCH_SIZE = 100;
const GIVE_UP_AFTER = Duration.hours(12);
/** The most that can be set: time is what bounds them. */
const ATTEMPTS = 10_000;

export interface StreamSubscriptionProps {
  publish: ServiceFunction;
  table: CredentialTable;
  undelivered: Queue;
}

export class StreamSubscription extends Construct {
  constructor(scope: Construct, id: string, { publish, table, undelivered }: StreamSubscriptionProps) {
    super(scope, id);
    new EventSourceMapping(this, 'Mapping', {
      target: publish.lambda,
      eventSourceArn: table.streamArn,
      // From the stream's beginning, so that nothing is missed while the mapping is being made.
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
      id: `AwsSolutions-IAM5[Resource::<${attributeOf(this, table.tableArn)}>/stream/*]`,
      reason:
        'Before Lambda reads the stream it lists the streams of the table, which is asked of `stream/*` of that table ' +
        'and of nothing narrower. Reading is allowed on the one stream only.',
    });
  }
}

/** As the rules spell it in a finding, such as `Table1234.Arn`. */
const attributeOf = (scope: Construct, arn: string): string =>
  (Stack.of(scope).resolve(arn) as { 'Fn::GetAtt': string[] })['Fn::GetAtt'].join('.');
