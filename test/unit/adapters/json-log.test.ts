// The log: one JSON line per entry, with the trace of the invocation.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../../../lib/adapters/telemetry/json-log.ts';
import { readTraceId } from '../../../lib/config.ts';

const TRACE = '1-5759e988-bd862e3fe1be46a994272793';
const NOW = '2030-01-01T00:00:00.000Z';

const capture = (traceId?: string) => {
  const lines = { output: [] as string[], errors: [] as string[] };
  const log = jsonLog({
    service: 'user-api',
    clock: { now: () => Date.parse(NOW) },
    readTraceId: () => traceId,
    output: (line) => void lines.output.push(line),
    errors: (line) => void lines.errors.push(line),
  });
  return { log, lines };
};

describe('jsonLog', () => {
  it('writes one JSON line with level, message, time, function and the fields', () => {
    const { log, lines } = capture();
    log.info('request', { status: 200, fault: [{ kind: 'Error' }] });
    expect(lines.output).toEqual([
      `{"level":"INFO","message":"request","timestamp":"${NOW}","service":"user-api","status":200,"fault":[{"kind":"Error"}]}\n`,
    ]);
  });

  it('writes warnings and errors to the other stream', () => {
    const { log, lines } = capture();
    log.warn('w', {});
    log.error('e', {});
    expect(lines.output).toEqual([]);
    expect(lines.errors.map((line) => JSON.parse(line).level)).toEqual(['WARN', 'ERROR']);
  });

  it('names the trace of the invocation', () => {
    const { log, lines } = capture(TRACE);
    log.info('request', {});
    expect(JSON.parse(lines.output[0] ?? '')).toMatchObject({ xray_trace_id: TRACE });
  });

  it('leaves out empty fields, and lets no field replace one of its own', () => {
    const { log, lines } = capture();
    log.info('request', { a: null, b: '', c: undefined, d: 0, level: 'X', message: 'X', service: 'X', timestamp: 'X' });
    const { timestamp, ...line } = JSON.parse(lines.output[0] ?? '');
    expect(line).toEqual({ level: 'INFO', message: 'request', service: 'user-api', d: 0 });
    expect(timestamp).not.toBe('X');
  });
});

describe('readTraceId', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("is the root of the invocation's trace header", () => {
    vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${TRACE};Parent=557abcec3ee5a047;Sampled=1`);
    expect(readTraceId()).toBe(TRACE);
  });

  it.each([undefined, '', 'Sampled=0'])('is undefined for the header %j', (header) => {
    vi.stubEnv('_X_AMZN_TRACE_ID', header);
    expect(readTraceId()).toBeUndefined();
  });
});
