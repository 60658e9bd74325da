// A meter that keeps what it was told.
import type { Meter, MetricName } from '../../../lib/domain/ports/telemetry.ts';

export interface Recorded {
  name: MetricName;
  value: number;
  words: Readonly<Record<string, string>>;
}

export interface MemoryMeter extends Meter {
  records: Recorded[];
  /** The words under which something was recorded, in turn. */
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
