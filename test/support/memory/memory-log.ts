// A log that stores its lines.
import type { Log } from '../../../lib/domain/ports/telemetry.ts';

export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
  fields: Readonly<Record<string, unknown>>;
}

export interface MemoryLog extends Log {
  lines: LogLine[];
}

export const memoryLog = (): MemoryLog => {
  const lines: LogLine[] = [];
  const writeTo =
    (level: LogLine['level']): Log['info'] =>
    (message, fields) =>
      void lines.push({ level, message, fields });
  return { lines, info: writeTo('info'), warn: writeTo('warn'), error: writeTo('error') };
};
