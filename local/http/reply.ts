// An answer before it is written, and the refusals of the gateway in the shape that API Gateway gives them.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An HTTP response before it is written. */
export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
  /** The request's body was not read to its end, so the connection cannot carry another request. */
  closes?: boolean;
  /** The route that answered, such as `GET /v1/health`; for the log. */
  route?: string;
}

/** How long a client that is still sending may continue: closed at once, it would not read the answer. */
const LINGER_MILLISECONDS = 1_000;

/** `content` as JSON, with any more headers. */
export const jsonReply = (status: number, content: object, headers: OutgoingHttpHeaders = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: Buffer.from(JSON.stringify(content)),
});

const refusal = (status: number, message: string, headers?: OutgoingHttpHeaders): Reply =>
  jsonReply(status, { message }, headers);

/** Status and body as API Gateway answers before any function is called. */
export const refusals = {
  badRequest: refusal(400, 'Bad Request'),
  unauthorized: refusal(401, 'Unauthorized', { 'www-authenticate': 'Bearer' }),
  forbidden: refusal(403, 'Forbidden'),
  notFound: refusal(404, 'Not Found'),
  tooLarge: { ...refusal(413, 'Request Entity Too Large'), closes: true },
  headersTooLarge: refusal(431, 'Request Header Fields Too Large'),
  internalError: refusal(500, 'Internal Server Error'),
  unavailable: refusal(503, 'Service Unavailable'),
} satisfies Record<string, Reply>;

const hasBody = (status: number): boolean => status !== 204 && status !== 304;

const linger = async (response: ServerResponse): Promise<void> => {
  const { req: request } = response;
  request.resume();
  const ended = new Promise((resolve) => request.once('end', resolve).once('close', resolve));
  await Promise.race([ended, sleep(LINGER_MILLISECONDS, undefined, { ref: false })]);
};

/** Writes the answer with its length; nothing when the client has gone away. */
export const writeReply = async (response: ServerResponse, reply: Reply): Promise<void> => {
  const { status, headers, body, closes = false } = reply;
  if (response.destroyed) return;
  const length = hasBody(status) ? { 'content-length': body.length } : {};
  response.writeHead(status, { ...headers, ...length, ...(closes && { connection: 'close' }) });
  if (closes) {
    response.write(body);
    await linger(response);
    response.end();
  } else response.end(hasBody(status) ? body : undefined);
};
