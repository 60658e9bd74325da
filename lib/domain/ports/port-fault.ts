// The one error of a port whose service failed.

/** The service behind a port failed. `retryable`: trying again may help; the outcome of a write is unknown. */
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
