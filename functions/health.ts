// The function that answers whether the service runs: anyone may call it, so it has no rights, no settings and no code of the other
// functions. It gives every request the same answer; API Gateway sends it one route.
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The headers that the handler chain gives every answer. */
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Answers 200 `{"status":"ok"}` to every event. */
export const handler = async (): Promise<APIGatewayProxyStructuredResultV2> => ({
  statusCode: 200,
  headers: HEADERS,
  body: '{"status":"ok"}',
});
