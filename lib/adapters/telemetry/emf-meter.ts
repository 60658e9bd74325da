// Writes CloudWatch metrics into the log in the Embedded Metric Format (CloudWatch User Guide, "Specification: Embedded metric
// format"): one JSON line per invocation. It makes no call, and a flush empties it for the next invocation.
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Meter, MetricName } from '../../domain/ports/telemetry.ts';

/** A meter whose values are written when the invocation ends. */
export interface BufferedMeter extends Meter {
  /** Writes what was recorded since the last flush, if anything was. */
  flush(): void;
}

/** The name of the dimension that every metric has: the function. */
const SERVICE = 'service';

const UNITS: Readonly<Record<MetricName, 'Count' | 'Milliseconds' | 'Seconds'>> = {
  Resolves: 'Count',
  Refreshes: 'Count',
  OperatorFaults: 'Count',
  RefusedSystemKeys: 'Count',
  Exports: 'Count',
  LeaseWait: 'Milliseconds',
  RefreshOverhead: 'Milliseconds',
  SweepLag: 'Seconds',
};

/** The most values CloudWatch takes of one metric in one line. */
const MAX_VALUES = 100;

type Dimensions = Readonly<Record<string, string>>;

/** One line: the dimensions' values are members of it, so records that differ in a value of one dimension need two lines. */
interface Line {
  dimensions: Record<string, string>;
  metrics: Map<MetricName, { dimensionNames: readonly string[]; values: number[] }>;
}

const takes = (line: Line, name: MetricName, dimensions: Dimensions): boolean => {
  const isSame = Object.entries(dimensions).every(([key, value]) => (line.dimensions[key] ?? value) === value);
  const metric = line.metrics.get(name);
  if (!isSame || metric === undefined) return isSame;
  const names = Object.keys(dimensions);
  const hasNames =
    metric.dimensionNames.length === names.length && names.every((n) => metric.dimensionNames.includes(n));
  return hasNames && metric.values.length < MAX_VALUES;
};

const addTo = (
  line: Line,
  { name, value, dimensions }: { name: MetricName; value: number; dimensions: Dimensions },
) => {
  Object.assign(line.dimensions, dimensions);
  const metric = line.metrics.get(name);
  if (metric) metric.values.push(value);
  else line.metrics.set(name, { dimensionNames: Object.keys(dimensions), values: [value] });
};

const format = ({ dimensions, metrics }: Line, namespace: string, timestamp: number): string => {
  const directives = [...metrics].map(([Name, { dimensionNames }]) => ({
    Namespace: namespace,
    Dimensions: [dimensionNames],
    Metrics: [{ Name, Unit: UNITS[Name] }],
  }));
  const values = [...metrics].map(([name, metric]) => [
    name,
    metric.values.length > 1 ? metric.values : metric.values[0],
  ]);
  return JSON.stringify({
    _aws: { Timestamp: timestamp, CloudWatchMetrics: directives },
    ...dimensions,
    ...Object.fromEntries(values),
  });
};

/** What a meter is made with. */
export interface EmfOptions {
  /** The function's name, a dimension of every metric. */
  service: string;
  /** The namespace of the metrics; undefined: nothing is recorded. */
  namespace: string | undefined;
  clock: Pick<Clock, 'now'>;
  /** Receives each line with its end. */
  write?: (line: string) => void;
}

/** Implements `Meter` with lines on the standard output. */
export const emfMeter = ({
  service,
  namespace,
  clock,
  write = (line) => process.stdout.write(line),
}: EmfOptions): BufferedMeter => {
  let lines: Line[] = [];
  return {
    record(name, value, dimensions = {}) {
      if (namespace === undefined) return;
      const all = { [SERVICE]: service, ...dimensions };
      let line = lines.find((candidate) => takes(candidate, name, all));
      if (!line) {
        line = { dimensions: {}, metrics: new Map() };
        lines.push(line);
      }
      addTo(line, { name, value, dimensions: all });
    },
    flush() {
      if (namespace === undefined) return;
      const written = lines;
      lines = [];
      for (const line of written) write(`${format(line, namespace, clock.now())}\n`);
    },
  };
};
