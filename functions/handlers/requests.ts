// What the handlers of writes share.

/** A write to a user; `expectedVersion` is what If-Match named. */
export interface WriteRequest {
  userId: string;
  expectedVersion: number | undefined;
}

/** The version after a write, for ETag. Known without a second read only if the caller named the version before the write. */
export const nextVersion = (expectedVersion: number | undefined): number | undefined =>
  expectedVersion === undefined ? undefined : expectedVersion + 1;
