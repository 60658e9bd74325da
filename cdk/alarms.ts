// Alarms for failures that would otherwise go unnoticed: 5xx answers (they include errors, timeouts and throttles of the
// functions, and leave out what any user can cause), a sweep that fails, is late or does not run, refreshes that were handed over
// and dropped, a provider that rejects the operator's client or key, and undelivered events. Each costs 0.10 USD a month.
import { Annotations, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ServiceFunction } from './functions/service-function.ts';
import { metricsNamespace } from './functions/service-functions.ts';

/** The sum over all functions that refresh and all providers (MetricName in lib/domain/ports). */
const operatorFaults = (namespace: string): IMetric => {
  const metricFor = (service: string) =>
    new Metric({
      namespace,
      metricName: 'OperatorFaults',
      dimensionsMap: { service },
      statistic: Stats.SUM,
      period: Duration.minutes(15),
    });
  return new MathExpression({
    expression: 'FILL(asked, 0) + FILL(handed, 0) + FILL(swept, 0)',
    usingMetrics: {
      asked: metricFor('runtime-api'),
      handed: metricFor('refresh-credential'),
      swept: metricFor('refresh-sweep'),
    },
    period: Duration.minutes(15),
  });
};

/** Invocations that Lambda gave up: the function failed, or could not run within the age of the event. */
const droppedRefreshes = ({ lambda }: ServiceFunction): IMetric =>
  lambda.metric('AsyncEventsDropped', { statistic: Stats.SUM, period: Duration.minutes(15) });

/**
 * Answers with a 5xx that no user can cause at will. A function answers 501 (provider not configured) and 502 (the provider gave no
 * token) for any user's request; the gateway's own 502 has an error type, where an answer of a function has `-`.
 */
const FAULT = FilterPattern.literal(
  '{ $.status = "5*" && (($.status != "501" && $.status != "502") || $.gatewayError != "-") }',
);

/** Counted from the access log: the API's own 5xx metric cannot leave out single statuses. */
const serverFaults = (scope: Construct, logGroup: LogGroup): IMetric => {
  const metricNamespace = metricsNamespace(scope);
  const filter = new MetricFilter(scope, 'ServerFaults', {
    logGroup,
    filterPattern: FAULT,
    metricNamespace,
    metricName: 'ServerFaults',
  });
  return filter.metric({ statistic: Stats.SUM, period: Duration.minutes(5) });
};

/** What the alarms watch. */
export interface AlarmsProps {
  /** The access log of the API's stage (api/access-log.ts). */
  accessLog: LogGroup;
  refresh: ServiceFunction;
  sweep: ServiceFunction;
  sweepInterval: Duration;
  undelivered: Queue;
  /** The SNS topic to notify; undefined for no notification. */
  topicArn: string | undefined;
}

/** The six alarms of the stack. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { accessLog, refresh, sweep, sweepInterval, undelivered, topicArn } = props;
    const alarms = [
      this.alarm('ServerErrors', serverFaults(this, accessLog), 5),
      this.alarm('SweepErrors', sweep.lambda.metricErrors({ period: Duration.minutes(15) }), 2),
      this.sweepLag(sweepInterval),
      this.alarm('DroppedRefreshes', droppedRefreshes(refresh), 1),
      this.alarm('OperatorFaults', operatorFaults(metricsNamespace(this)), 1),
      this.alarm(
        'UndeliveredEvents',
        undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
        1,
      ),
    ];
    if (topicArn === undefined) {
      const warning = 'alarmTopicArn is not set: no one is told when an alarm goes off';
      Annotations.of(this).addWarningV2('keyhold:alarms-without-topic', warning);
      return;
    }
    const action = new SnsAction(Topic.fromTopicArn(this, 'Topic', topicArn));
    for (const alarm of alarms) alarm.addAlarmAction(action);
  }

  /** A token is due two sweeps before callers would have to refresh it. A sweep that does not run records nothing. */
  private sweepLag(interval: Duration): Alarm {
    const metric = new Metric({
      namespace: metricsNamespace(this),
      metricName: 'SweepLag',
      dimensionsMap: { service: 'refresh-sweep' },
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(3 * interval.toMinutes()),
    });
    return new Alarm(this, 'SweepLag', {
      metric,
      threshold: 2 * interval.toSeconds(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private alarm(id: string, metric: IMetric, threshold: number): Alarm {
    return new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
