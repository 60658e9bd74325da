// Writes CloudWatch metrics into the log (Embedded Metric Format, Powertools for AWS Lambda). It makes no call and keeps nothing
// between invocations.
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

/** Implements `Meter`. `service` is the function's name. */
export const powertoolsMeter = (service: string): Meter => {
  const metrics = new Metrics({ namespace: 'Keyhold', serviceName: service });
  return {
    record(name, value, dimensions = {}) {
      // Powertools gives all metrics of one set the same dimensions, so each metric is a set of its own.
      const metric = metrics.singleMetric();
      for (const [dimension, dimensionValue] of Object.entries(dimensions))
        metric.addDimension(dimension, dimensionValue);
      metric.addMetric(name, UNITS[name], value);
    },
  };
};
