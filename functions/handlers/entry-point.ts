// The entry point of every function. Lambda logs an error that leaves a function whole, with message, cause and stack, which may
// quote a secret: so only a described fault leaves it, from its start and from every invocation.
import type { Log } from '../../lib/domain/ports/telemetry.ts';
import { SettingError } from '../../lib/domain/values/setting-error.ts';
import { describeFault } from '../../lib/http/chain/describe-fault.ts';

/** What a started function consists of. */
export interface Started<A extends unknown[], R> {
  log: Log;
  /** Its metrics are written when an invocation ends. */
  meter?: { flush(): void };
  handle(...event: A): Promise<R>;
}

/** The message of a setting's error holds no value. */
const describeStart = (error: unknown): string =>
  error instanceof SettingError ? error.message : JSON.stringify(describeFault(error));

const startOrThrow = <A extends unknown[], R>(start: () => Started<A, R>): Started<A, R> => {
  let description: string;
  try {
    return start();
  } catch (error) {
    description = describeStart(error);
  }
  throw new Error(description);
};

/**
 * The handler of the function `name`. `start` runs once, when the function is loaded; the message of its error names wrong settings
 * or describes the fault. What fails in an invocation is logged, described, and the error thrown holds the name only.
 */
export const entryPoint = <A extends unknown[], R>(
  name: string,
  start: () => Started<A, R>,
): ((...event: A) => Promise<R>) => {
  const { log, meter, handle } = startOrThrow(start);
  return async (...event) => {
    try {
      return await handle(...event);
    } catch (error) {
      log.error('function failed', { fault: describeFault(error) });
    } finally {
      meter?.flush();
    }
    throw new Error(`${name} failed`);
  };
};
