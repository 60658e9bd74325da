/** As Promise.all, but it fails only when every other has ended too: nothing is left running behind an answer. */
export const allSettledOrThrow = async <T extends readonly unknown[] | []>(
  works: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  await Promise.allSettled(works);
  return Promise.all(works);
};
