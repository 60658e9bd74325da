// The line of metrics, against the schema of the Embedded Metric Format.
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { emfMeter } from '../../../lib/adapters/telemetry/emf-meter.ts';

/** As the CloudWatch User Guide specifies the metadata object and its directives. */
const Metadata = z.strictObject({
  Timestamp: z.int().positive(),
  CloudWatchMetrics: z.array(
    z.strictObject({
      Namespace: z.string().min(1).max(1024),
      Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
      Metrics: z
        .array(
          z.strictObject({
            Name: z.string().min(1).max(1024),
            Unit: z.enum(['Count', 'Milliseconds', 'Seconds']),
          }),
        )
        .min(1)
        .max(100),
    }),
  ),
});
const Target = z.union([z.string().max(1024), z.number(), z.array(z.number()).min(1).max(100)]);
const Document = z.object({ _aws: Metadata }).catchall(Target);

const NOW = 1_893_456_000_000;

const makeMeter = (namespace: string | undefined = 'Keyhold/Vault') => {
  const written: string[] = [];
  const clock = { now: () => NOW };
  const meter = emfMeter({ service: 'runtime-api', namespace, clock, write: (line) => written.push(line) });
  const read = () => {
    meter.flush();
    return written.splice(0).map((line) => {
      expect(line).toMatch(/^\{[^\n]*\}\n$/);
      return Document.parse(JSON.parse(line));
    });
  };
  return { meter, read };
};

/** Every value that CloudWatch takes from the lines: metric, unit, dimensions, value. */
const extract = (documents: z.infer<typeof Document>[]) =>
  documents.flatMap((document) =>
    document._aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
      Metrics.flatMap(({ Name, Unit }) =>
        [document[Name]].flat().map((value) => {
          const dimensions = Object.fromEntries((Dimensions[0] ?? []).map((name) => [name, document[name]]));
          return { Name, Unit, dimensions, value };
        }),
      ),
    ),
  );

describe('emfMeter', () => {
  it('writes all metrics of an invocation as one line, each with its own dimensions', () => {
    const { meter, read } = makeMeter();
    meter.record('Refreshes', 1, { provider: 'acme', outcome: 'refreshed' });
    meter.record('RefreshOverhead', 12);
    meter.record('Resolves', 1, { outcome: 'refreshed' });
    const documents = read();
    expect(documents).toHaveLength(1);
    expect(documents[0]?._aws).toMatchObject({
      Timestamp: NOW,
      CloudWatchMetrics: [{ Namespace: 'Keyhold/Vault' }, {}, {}],
    });
    const service = 'runtime-api';
    expect(extract(documents)).toEqual([
      { Name: 'Refreshes', Unit: 'Count', dimensions: { service, provider: 'acme', outcome: 'refreshed' }, value: 1 },
      { Name: 'RefreshOverhead', Unit: 'Milliseconds', dimensions: { service }, value: 12 },
      { Name: 'Resolves', Unit: 'Count', dimensions: { service, outcome: 'refreshed' }, value: 1 },
    ]);
  });

  it('writes values of one metric as a list, at most a hundred of them in a line', () => {
    const { meter, read } = makeMeter();
    for (let value = 0; value < 150; value++) meter.record('LeaseWait', value);
    const documents = read();
    expect(documents.map((document) => [document.LeaseWait].flat().length)).toEqual([100, 50]);
    expect(extract(documents).map(({ value }) => value)).toEqual(Array.from({ length: 150 }, (_, value) => value));
  });

  it('writes another line only where two records differ in the value of a dimension', () => {
    const { meter, read } = makeMeter();
    meter.record('Refreshes', 1, { provider: 'acme', outcome: 'refreshed' });
    meter.record('Refreshes', 1, { provider: 'other', outcome: 'refreshed' });
    meter.record('Refreshes', 1, { provider: 'acme', outcome: 'refreshed' });
    meter.record('SweepLag', 3);
    const documents = read();
    expect(documents).toHaveLength(2);
    expect(extract(documents).map(({ dimensions, value }) => [dimensions.provider, value])).toEqual([
      ['acme', 1],
      ['acme', 1],
      [undefined, 3],
      ['other', 1],
    ]);
  });

  it('never puts one metric under two sets of dimensions in a line', () => {
    const { meter, read } = makeMeter();
    meter.record('Resolves', 1, { outcome: 'fresh' });
    meter.record('Resolves', 2);
    expect(extract(read()).map(({ dimensions, value }) => [Object.keys(dimensions), value])).toEqual([
      [['service', 'outcome'], 1],
      [['service'], 2],
    ]);
  });

  it('writes nothing twice, and nothing where nothing was recorded', () => {
    const { meter, read } = makeMeter();
    meter.record('OperatorFaults', 1);
    expect(read()).toHaveLength(1);
    expect(read()).toEqual([]);
  });

  it('records nothing without a namespace', () => {
    const written: string[] = [];
    const meter = emfMeter({
      service: 's',
      namespace: undefined,
      clock: { now: () => NOW },
      write: (l) => written.push(l),
    });
    meter.record('Resolves', 1);
    meter.flush();
    expect(written).toEqual([]);
  });
});
