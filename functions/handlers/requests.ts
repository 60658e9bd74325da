// What the handlers of writes share.

/** A write to a user; `expectedVersion` is what If-Match named. */
export interface WriteRequest {
  userId: string;
  expectedVersion: number | undefined;
}

/** The version after a write, for ETag. Only a caller that named the version before the write can be told without a second read. */
export const nextVersion = (expectedVersion: number | undefined): number | undefined =>
  expectedVersion === undefined ? undefined : expectedVersion + 1;
