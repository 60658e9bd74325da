// Replaces how the SDK recognises web streams in the bundles. Naming their classes loads them; what Node's HTTP client answers is none.

/** Whether it is a web stream: never. */
export const isReadableStream = (): boolean => false;
/** Whether it is a blob: never. */
export const isBlob = (): boolean => false;
