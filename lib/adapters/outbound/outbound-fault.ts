// Why a fetch gave no response. It says nothing of the URL's query, of headers or of bodies, and carries no cause: Node's
// own errors may hold what was read from the wire.

/** `refused`: not a URL or address that may be fetched, nothing was sent. Of the others, nothing is known. */
export type OutboundReason = 'refused' | 'unreachable' | 'too_slow' | 'too_large' | 'encoded';

export class OutboundFault extends Error {
  readonly reason: OutboundReason;

  constructor(reason: OutboundReason) {
    super(reason);
    this.name = 'OutboundFault';
    this.reason = reason;
  }
}
