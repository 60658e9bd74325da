// Concurrent work of one call. Nothing may keep running after the answer, because Lambda freezes the process then.

/** Like Promise.all, but rejects only after every promise has settled. Throws the error that Promise.all would throw. */
export const allSettledOrThrow = async <T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(works);
  return Promise.all(works);
};
