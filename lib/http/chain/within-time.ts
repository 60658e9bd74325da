// Ends a request shortly before Lambda would stop the function, so that the caller gets an answer of the service.
import type { Context } from 'aws-lambda';
import type { CallEnd, Deadline } from '../../domain/ports/runtime.ts';
import { ServiceError } from '../../domain/values/service-error.ts';

/** Time kept back to answer before Lambda stops the function. */
const ANSWER_MILLISECONDS = 500;

/**
 * The result of `work`. Throws `timed_out` when the time of the invocation is nearly used, and aborts the signal of the end that `work` got.
 * The work goes on until it heeds the signal; how it ends then has no effect.
 */
export const withinTime = async <T>(
  deadline: Deadline,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  work: (end: CallEnd) => Promise<T>,
): Promise<T> => {
  const milliseconds = context.getRemainingTimeInMillis() - ANSWER_MILLISECONDS;
  const end = new AbortController();
  const late = Promise.withResolvers<never>();
  const cancel = deadline.after(Math.max(0, milliseconds), () => {
    end.abort();
    late.reject(new ServiceError('timed_out'));
  });
  try {
    return await Promise.race([work({ signal: end.signal, milliseconds }), late.promise]);
  } finally {
    cancel();
  }
};
