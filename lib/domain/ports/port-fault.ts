// The one error that a port throws when its service fails.

/**
 * A failed call of a service. After a failed write it is unknown whether the write took effect.
 * `busy`: throttling or contention; `retryable`: another attempt may succeed.
 */
export class PortFault extends Error {
  readonly kind: 'busy' | 'unavailable';
  readonly retryable: boolean;

  constructor(kind: 'busy' | 'unavailable', options: { retryable: boolean; cause?: unknown }) {
    super(kind, { cause: options.cause });
    this.name = 'PortFault';
    this.kind = kind;
    this.retryable = options.retryable;
  }
}
