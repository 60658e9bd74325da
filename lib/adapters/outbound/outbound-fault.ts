// The error of a fetch without a response. It contains no URL, header or body, and has no cause, because Node's errors may contain
// data from the wire.

/**
 * `refused`: the URL or an address is forbidden, and nothing was sent. `unreachable`: no address, no connection or a broken reply.
 * `too_slow`: timed out or aborted. `too_large`, `encoded`: the body is over the limit, or not in a known content coding. Where the request
 * was `sent`, the server may have processed it.
 */
export type OutboundReason = 'refused' | 'unreachable' | 'too_slow' | 'too_large' | 'encoded';

/** Its message is the reason. */
export class OutboundFault extends Error {
  readonly reason: OutboundReason;
  readonly sent: boolean;
  /** Of the response whose body could not be read; null: no response. */
  readonly status: number | null;

  constructor(reason: OutboundReason, sent = false, status: number | null = null) {
    super(reason);
    this.name = 'OutboundFault';
    this.reason = reason;
    this.sent = sent;
    this.status = status;
  }
}
