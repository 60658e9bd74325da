// Waiting for something that cannot be cancelled itself, such as a function of the application.

/** What the work results in; rejected with the reason of the signal as soon as that is aborted. */
export const endWith = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
