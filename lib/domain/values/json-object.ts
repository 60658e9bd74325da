// A JSON object from the caller, bounded in depth and size, so that no request can make walking or storing it expensive.
import * as z from 'zod';

const MAX_DEPTH = 16;
const MAX_BYTES = 4096;

/** Walks level by level, not recursively: ten thousand nested arrays are refused, without a stack overflow. */
const isShallow = (value: unknown): boolean => {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return true;
};

/** At most 16 levels and 4,096 bytes as JSON. */
export const JsonObject = z
  .record(z.string(), z.unknown())
  .refine(isShallow, { error: `at most ${MAX_DEPTH} levels deep`, abort: true })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MAX_BYTES, `at most ${MAX_BYTES} bytes as JSON`);
export type JsonObject = z.infer<typeof JsonObject>;
