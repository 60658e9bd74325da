// Replaces how the SDK finds the length of a body in the bundles. It also knows files, for which it loads Node's file streams at a cold
// start; the service sends texts and bytes.

/** In bytes. Throws for a body of another type. */
export const calculateBodyLength = (body: string | Uint8Array | null | undefined): number => {
  if (!body) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (typeof body.byteLength === 'number') return body.byteLength;
  throw new Error('the bundles do not contain code for bodies of other types');
};
