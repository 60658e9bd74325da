// A refusal in the words of API Gateway. Normally the gateway refuses first; a function reached without an authorizer, by a route it
// does not have or too often by one caller answers the same.

type Status = 401 | 403 | 404 | 429;
type Message = 'Unauthorized' | 'Forbidden' | 'Not Found' | 'Too Many Requests';

/** Answered as `{"message": …}`, not as a problem document. */
export class GatewayRefusal extends Error {
  readonly status: Status;
  /** For the Retry-After header. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: Status, message: Message, retryAfterSeconds?: number) {
    super(message);
    this.name = 'GatewayRefusal';
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
