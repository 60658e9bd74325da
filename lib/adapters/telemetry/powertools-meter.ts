// The meter, as CloudWatch metrics in the log (Embedded Metric Format, by Powertools for AWS Lambda): no call is made, and
// nothing is kept between invocations.
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Meter, MetricName } from '../../domain/ports/telemetry.ts';

const UNITS: Readonly<Record<MetricName, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  Resolves: MetricUnit.Count,
  Refreshes: MetricUnit.Count,
  OperatorFaults: MetricUnit.Count,
  LeaseWait: MetricUnit.Milliseconds,
  RefreshOverhead: MetricUnit.Milliseconds,
  SweepLag: MetricUnit.Seconds,
};

export const powertoolsMeter = (service: string): Meter => {
  const metrics = new Metrics({ namespace: 'Keyhold', serviceName: service });
  return {
    record(name, value, words = {}) {
      // Each on its own: metrics kept together share their dimensions.
      const one = metrics.singleMetric();
      for (const [word, said] of Object.entries(words)) one.addDimension(word, said);
      one.addMetric(name, UNITS[name], value);
    },
  };
};
