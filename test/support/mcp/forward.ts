// Hands an authorized request on to a real MCP server, without its token, and its answer back as it comes: it may be a stream.
import { type ServerResponse, request as sendRequest } from 'node:http';
import type { RecordedRequest } from '../providers/provider-stub.ts';

/** `upstream` is the whole URL of the server. */
export const forward = (recorded: RecordedRequest, response: ServerResponse, upstream: string): void => {
  const { authorization: _, host: __, connection: ___, ...headers } = recorded.headers;
  const call = sendRequest(upstream, { method: recorded.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
  });
  call.on('error', () => response.destroy());
  response.on('close', () => call.destroy());
  call.end(recorded.body);
};
