/**
 * Like Promise.all, but rejects only after every promise has settled, so that nothing keeps running after the answer: Lambda
 * freezes the process then.
 */
export const allSettledOrThrow = async <T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(works);
  return Promise.all(works);
};
