// A meter that stores its records.
import type { Meter, MetricName } from '../../../lib/domain/ports/telemetry.ts';

export interface Recorded {
  name: MetricName;
  value: number;
  words: Readonly<Record<string, string>>;
}

export interface MemoryMeter extends Meter {
  records: Recorded[];
  /** The dimensions of each record of a metric, in order. */
  dimensionsFor(name: MetricName): Readonly<Record<string, string>>[];
}

export const memoryMeter = (): MemoryMeter => {
  const records: Recorded[] = [];
  return {
    records,
    record: (name, value, words = {}) => void records.push({ name, value, words }),
    dimensionsFor: (name) => records.filter((recorded) => recorded.name === name).map(({ words }) => words),
  };
};
