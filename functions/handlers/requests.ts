// What the handlers of writes share.
import type { HeldLink, LinkUse } from '../../lib/domain/link/connect-link.ts';

/** A write to a user; `expectedVersion` is what If-Match named. */
export interface WriteRequest {
  userId: string;
  expectedVersion: number | undefined;
  /** The link that the write came by: it is spent with it. */
  link?: LinkUse | undefined;
}

/** A request of the browser that holds a link. */
export interface ByLink {
  userId: string;
  link: HeldLink;
}

/** A write by a link. */
export type WriteByLink = Omit<WriteRequest, 'link'> & ByLink;

/** A write of one credential by a link. */
export type OneByLink = WriteByLink & { params: { id: string } };

/** The version after a write, for ETag. Known without a second read only if the caller named the version before the write. */
export const nextVersion = (expectedVersion: number | undefined): number | undefined =>
  expectedVersion === undefined ? undefined : expectedVersion + 1;
