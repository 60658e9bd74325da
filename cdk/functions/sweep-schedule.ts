// Runs the sweep on a schedule. EventBridge accepts whole minutes only, so the interval is rounded up: never more often than
// configured.
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

const DEFAULT_SWEEP_SECONDS = '300';

/** How often the sweep runs, in whole minutes. */
export const readSweepInterval = (sweepSeconds = DEFAULT_SWEEP_SECONDS): Duration =>
  Duration.minutes(Math.ceil(Number(sweepSeconds) / 60));

/** The schedule of the sweep. */
export class SweepSchedule extends Construct {
  constructor(scope: Construct, id: string, props: { sweep: ServiceFunction; interval: Duration }) {
    super(scope, id);
    new Rule(this, 'Rule', {
      schedule: Schedule.rate(props.interval),
      targets: [new LambdaFunction(props.sweep.lambda)],
    });
  }
}
