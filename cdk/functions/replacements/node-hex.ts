// Replaces how the SDK writes bytes in hexadecimal in the bundles: it makes two tables at a cold start.

/** Two digits for each byte. */
export const toHex = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');

/** Throws: it belongs to event streams, which the service does not use. */
export const fromHex = (): never => {
  throw new Error('the bundles do not contain a reader of hexadecimal');
};
