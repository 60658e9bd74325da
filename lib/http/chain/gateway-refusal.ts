// A refusal in the words of API Gateway. Normally the gateway refuses first; a function reached without an authorizer or by a route
// it does not have answers the same.

/** Answered as `{"message": …}`, not as a problem document. */
export class GatewayRefusal extends Error {
  readonly status: 401 | 403 | 404;

  constructor(status: 401 | 403 | 404, message: 'Unauthorized' | 'Forbidden' | 'Not Found') {
    super(message);
    this.name = 'GatewayRefusal';
    this.status = status;
  }
}
