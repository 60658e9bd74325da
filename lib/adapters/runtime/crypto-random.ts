// The only source of randomness: the cryptographic generator, for keys and for jitter alike.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../../domain/ports/runtime.ts';

const STEPS = 2 ** 32;

/** Implements `Random`. */
export const cryptoRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
  fraction: () => randomInt(STEPS) / STEPS,
};
