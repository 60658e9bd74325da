// Logs one JSON line per call, as CloudWatch reads it from a function whose log format is JSON (AWS Lambda Developer Guide, "Using
// structured JSON log format"). Callers pass fields, never events or error objects.
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';

/** Writes one line, with its end. */
export type WriteLine = (line: string) => void;

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

const format = (fields: Readonly<Record<string, unknown>>, base: Readonly<Record<string, unknown>>): string => {
  const line: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(fields)) {
    if (!(name in base) && !isEmpty(value)) line[name] = value;
  }
  return `${JSON.stringify(line)}\n`;
};

const toOutput: WriteLine = (line) => void process.stdout.write(line);
const toErrors: WriteLine = (line) => void process.stderr.write(line);

/** What a log is made with. */
export interface LogOptions {
  /** The function's name. */
  service: string;
  clock: Pick<Clock, 'now'>;
  /** The id of the trace of the current invocation; undefined without one. */
  readTraceId: () => string | undefined;
  /** Receives information; the standard output. */
  output?: WriteLine;
  /** Receives warnings and errors; the standard error. */
  errors?: WriteLine;
}

/**
 * Implements `Log`. Each line has `level`, `message`, `timestamp` (ISO 8601), `service`, within a trace `xray_trace_id`, and the
 * fields: those that are empty are left out, and none replaces one of these.
 */
export const jsonLog = ({ service, clock, readTraceId, output = toOutput, errors = toErrors }: LogOptions): Log => {
  const writeTo =
    (level: 'INFO' | 'WARN' | 'ERROR', write: WriteLine): Log['info'] =>
    (message, fields) => {
      const timestamp = new Date(clock.now()).toISOString();
      write(format(fields, { level, message, timestamp, service, xray_trace_id: readTraceId() }));
    };
  return { info: writeTo('INFO', output), warn: writeTo('WARN', errors), error: writeTo('ERROR', errors) };
};
