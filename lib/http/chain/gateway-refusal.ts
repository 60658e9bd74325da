// A refusal that API Gateway itself gives before a function is reached. A function that finds itself reached all the same
// (a missing authorizer, a route it does not have) refuses in the same words.

export class GatewayRefusal extends Error {
  readonly status: 401 | 403 | 404;

  constructor(status: 401 | 403 | 404, message: 'Unauthorized' | 'Forbidden' | 'Not Found') {
    super(message);
    this.name = 'GatewayRefusal';
    this.status = status;
  }
}
