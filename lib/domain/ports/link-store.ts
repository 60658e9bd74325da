// The port to connect links. Each method makes one attempt and throws a PortFault when the service fails; a write can be repeated
// after a lost response. A link is spent by the write that stores its credential (`UserWrite.spends`), not here.
import type { LinkRow } from '../link/connect-link.ts';

/** A link to store. */
export interface NewLink {
  row: LinkRow;
  /** Idempotency token: one per operation, the same for all its attempts. */
  token: string;
  /** The limit of links of one user in one window. */
  maxOpen: number;
}

/** The claim of a browser on a link that no browser holds. `now` in epoch milliseconds. */
export interface ClaimLink {
  tokenHash: string;
  browserHash: string;
  now: number;
}

/** Stores links under the hash of their token. */
export interface LinkStore {
  /** Stores a link, unless the user is being or has been erased (`erasing`) or has too many links (`too_many`). */
  createLink(link: NewLink): Promise<'created' | 'too_many' | 'erasing'>;
  readLink(tokenHash: string): Promise<LinkRow | null>;
  /** Gives the link to a browser; false if another one holds it, or it is spent, expired or gone. */
  claimLink(claim: ClaimLink): Promise<boolean>;
}
