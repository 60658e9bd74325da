import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { powertoolsMeter } from '../../../lib/adapters/telemetry/powertools-meter.ts';

describe('powertoolsMeter', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes each metric as one line of the Embedded Metric Format, with its dimensions and the service', () => {
    const meter = powertoolsMeter('runtime-api');
    meter.record('Refreshes', 1, { provider: 'acme', outcome: 'refreshed' });
    meter.record('OperatorFaults', 1);
    const [refreshes, faults] = lines.map((line) => JSON.parse(line));
    expect(lines).toHaveLength(2);
    expect(refreshes).toMatchObject({ Refreshes: 1, service: 'runtime-api', provider: 'acme', outcome: 'refreshed' });
    expect(refreshes._aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Keyhold',
        Dimensions: [['service', 'provider', 'outcome']],
        Metrics: [{ Name: 'Refreshes', Unit: 'Count' }],
      },
    ]);
    expect(faults._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service']]);
  });
});
