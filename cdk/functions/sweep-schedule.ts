// Runs the sweep on a schedule. EventBridge accepts whole minutes only, so the interval is rounded up: never more often than
// configured.
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

const DEFAULT_SWEEP_SECONDS = '300';

/** The schedule of the sweep. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, props: { sweep: ServiceFunction; sweepSeconds: string | undefined }) {
    super(scope, id);
    const minutes = Math.ceil(Number(props.sweepSeconds ?? DEFAULT_SWEEP_SECONDS) / 60);
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [new LambdaFunction(props.sweep.lambda)],
    });
  }
}
