// Work that runs once for all concurrent callers of a process. A result or failure reaches those that have joined; it is not kept.
import type { SingleFlight } from '../../domain/ports/runtime.ts';

/** Implements `SingleFlight`. Callers that use one key agree on the type of its result. */
export const singleFlight = (): SingleFlight => {
  const flights = new Map<string, Promise<unknown>>();
  return {
    share<T>(key: string, work: () => Promise<T>) {
      const running = flights.get(key);
      if (running) return { joined: true, result: running as Promise<T> };
      const result = work().finally(() => flights.delete(key));
      flights.set(key, result);
      return { joined: false, result };
    },
  };
};
