// The event bus of credential changes, named after the stack, and the dead-letter queue of records that could not be published.
// The bus holds no data, so it is deleted with the stack unless subscribers still have rules on it.
import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The bus and its dead-letter queue. */
export class CredentialEvents extends Construct {
  readonly busArn: string;
  readonly busName: string;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: { busName: string }) {
    super(scope, id);
    const bus = new EventBus(this, 'Bus', { eventBusName: props.busName });
    this.busArn = bus.eventBusArn;
    this.busName = bus.eventBusName;
    // Lambda stores only positions in the stream here, never a row.
    this.undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason:
        'This is itself the dead-letter queue, of the event source mapping, which the rule does not look at. Nothing ' +
        'receives from it but a person, so there is nothing that could fail on a message.',
    });
  }
}
