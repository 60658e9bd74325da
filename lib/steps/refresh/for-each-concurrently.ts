// Works through a source that is read as it goes, a bounded number of items at once. A slow item keeps one worker busy and
// holds up no other.
import { allSettledOrThrow } from '../credential/all-settled.ts';

/** Resolves when the source has ended and all work is done. After a failure it starts no further item, and throws it. */
export const forEachConcurrently = async <T>(
  items: AsyncGenerator<T>,
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const runWorker = async (): Promise<void> => {
    // A worker that throws ends the source for the others too.
    for await (const item of items) await work(item);
  };
  await allSettledOrThrow(Array.from({ length: workers }, runWorker));
};
