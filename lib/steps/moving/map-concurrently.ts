// Does a piece of work for each item of a list, a bounded number at once, and keeps the order.
import { forEachConcurrently } from '../refresh/for-each-concurrently.ts';

/** How many calls of the key service one request makes at once. */
const KEY_CALLS = 10;

/** The results in the order of the items. After a failure it starts no further item, and throws it. */
export const mapConcurrently = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results = new Map<number, R>();
  const entries = async function* () {
    yield* items.entries();
  };
  await forEachConcurrently(entries(), KEY_CALLS, async ([index, item]) => {
    results.set(index, await work(item));
  });
  return items.map((_, index) => results.get(index) as R);
};
