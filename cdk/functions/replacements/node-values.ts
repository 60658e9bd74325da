// Replaces the SDK's random UUIDs and its hexadecimal in the bundles, by what Node has: the former come from the global `crypto`, which
// loads WebCrypto, and for the latter the SDK makes two tables at a cold start.
import { randomUUID } from 'node:crypto';

/** A function that makes a UUID of version 4. */
export const bindV4 = () => (): string => randomUUID();

/** Two digits for each byte. */
export const toHex = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

/** Throws: it belongs to event streams, which the service does not use. */
export const fromHex = (): never => {
  throw new Error('the bundles do not contain a reader of hexadecimal');
};
