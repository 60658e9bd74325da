// Replaces the SDK's random UUIDs in the bundles: they come from the global `crypto`, which loads WebCrypto.
import { randomUUID } from 'node:crypto';

/** A function that makes a UUID of version 4. */
export const bindV4 = () => (): string => randomUUID();
