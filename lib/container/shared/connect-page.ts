// What the function of the connect page is given: randomness for the cookie of a browser, and nothing else.
import { cryptoRandom } from '../../adapters/runtime/crypto-random.ts';
import type { Deps } from '../../domain/ports/deps.ts';

/** Its dependencies. */
export const connectPageDeps = (): Pick<Deps, 'random'> => ({ random: cryptoRandom });
