// The HTTP server: 127.0.0.1 only, and an answer to every request, even to bytes that are not HTTP. It holds the port from
// the start, because the functions must know its address, but no request is answered before the server can serve. A request
// under a name that is not loopback's with this port is refused: a page reaches the server so by DNS rebinding.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportFault } from '../report-fault.ts';
import { StartRefused } from '../start-refused.ts';
import { hasOwnHost, listenOnLoopback } from './loopback.ts';
import { type Reply, refusals, writeReply } from './reply.ts';

/** Answers one request. Where it rejects, the server answers 500. */
export type Answer = (request: IncomingMessage) => Promise<Reply>;

/** Called after each answer; for the log of a terminal. */
export type OnAnswered = (request: IncomingMessage, reply: Reply, milliseconds: number) => void;

/** A server on loopback. */
export interface HttpServer {
  port: number;
  /** `http://127.0.0.1:<port>`. */
  url: string;
  /** Answers with this from now on, also the requests that came before. */
  answerWith(answer: Answer): void;
  /** Stops accepting, and waits at most a second for the requests that are being answered. */
  close(): Promise<void>;
}

const DRAIN_MILLISECONDS = 1_000;
const POLL_MILLISECONDS = 20;

/** Longer than clients keep idle connections, so that the server never closes one under a request just sent. */
const KEEP_ALIVE_MILLISECONDS = 60_000;

const refuseMalformed = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // A body would be read as the answer to the next request (RFC 9110 §9.3.2).
  const isHead = (error as { rawPacket?: Buffer }).rawPacket?.subarray(0, 5).toString() === 'HEAD ';
  const { status, body } = error.code === 'HPE_HEADER_OVERFLOW' ? refusals.headersTooLarge : refusals.badRequest;
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${isHead ? '' : body}`);
};

const drain = async (server: Server): Promise<void> => {
  let isClosed = false;
  // Answers sent from now on close their connection, so that no client sends another request on it.
  server.prependListener('request', (_, response) => {
    response.shouldKeepAlive = false;
  });
  server.close(() => {
    isClosed = true;
  });
  const deadline = Date.now() + DRAIN_MILLISECONDS;
  while (!isClosed && Date.now() < deadline) {
    server.closeIdleConnections();
    await sleep(POLL_MILLISECONDS);
  }
  server.closeAllConnections();
};

const listen = async (server: Server, port: number): Promise<number> => {
  try {
    return await listenOnLoopback(server, port);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new StartRefused(`port ${port} is taken: stop the program that listens there, or set PORT`);
    }
    throw new StartRefused(`port ${port} cannot be used: ${message}`);
  }
};

/** Port 0 picks a free one. Throws `StartRefused` when the port is taken or cannot be used. */
export const openHttpServer = async (wantedPort: number, onAnswered: OnAnswered = () => {}): Promise<HttpServer> => {
  const { promise: answering, resolve: answerWith } = Promise.withResolvers<Answer>();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, async (request, response) => {
    const startedAt = performance.now();
    try {
      const answer = await answering;
      const reply = hasOwnHost(request) ? await answer(request) : refusals.forbidden;
      await writeReply(response, reply);
      onAnswered(request, reply, performance.now() - startedAt);
    } catch (error) {
      // A client that went away is no fault of the server, and there is no one to answer.
      if (!request.destroyed || request.complete) reportFault('the server', error);
      if (!response.headersSent) await writeReply(response, refusals.internalError);
      else response.destroy();
    }
  });
  // Above Node's default count it would drop headers silently; the gateway limits their bytes instead.
  server.maxHeadersCount = 0;
  server.on('clientError', refuseMalformed);
  const port = await listen(server, wantedPort);
  return { port, url: `http://127.0.0.1:${port}`, answerWith, close: () => drain(server) };
};
