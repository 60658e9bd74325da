// The HTTP server itself: 127.0.0.1 only, an answer to everything, even to what is not HTTP. It listens before the rest is
// there, because the functions must know its address, and says 503 until then.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { reportFault } from '../report-fault.ts';
import { StartRefused } from '../start-refused.ts';
import { listenOnLoopback } from './loopback.ts';
import { type Reply, refusals, writeReply } from './reply.ts';

export type Answer = (request: IncomingMessage) => Promise<Reply>;

export interface Front {
  port: number;
  url: string;
  answerWith(answer: Answer): void;
  /** Lets what is under way end, within a bound. */
  close(): Promise<void>;
}

const DRAIN_MILLISECONDS = 1_000;
const POLL_MILLISECONDS = 20;

/** Longer than a client's idle connection lives, so that it is never closed under a request just sent. */
const KEEP_ALIVE_MILLISECONDS = 60_000;

const refuseNonsense = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // A body would be an answer to the next request (RFC 9110 §9.3.2).
  const isHead = (error as { rawPacket?: Buffer }).rawPacket?.subarray(0, 5).toString() === 'HEAD ';
  const { status, body } = error.code === 'HPE_HEADER_OVERFLOW' ? refusals.headersTooLarge : refusals.badRequest;
  const head = `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${isHead ? '' : body}`);
};

const drain = async (server: Server): Promise<void> => {
  let isClosed = false;
  // Whoever is answered from now on must not ask again on the same connection.
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
    if (code === 'EADDRINUSE') throw new StartRefused(`port ${port} is taken: stop what listens there, or set PORT`);
    throw new StartRefused(`port ${port} cannot be used: ${message}`);
  }
};

/** Throws `StartRefused` when the port cannot be had. */
export const openFront = async (wantedPort: number): Promise<Front> => {
  let answer: Answer = async () => refusals.unavailable;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, async (request, response) => {
    try {
      await writeReply(response, await answer(request));
    } catch (error) {
      // A client that went away is no fault, and nobody is left to be told.
      if (!request.destroyed || request.complete) reportFault('the server', error);
      if (!response.headersSent) await writeReply(response, refusals.internalError);
      else response.destroy();
    }
  });
  // Past Node's usual bound headers would be dropped in silence; their bytes are bounded instead.
  server.maxHeadersCount = 0;
  server.on('clientError', refuseNonsense);
  const port = await listen(server, wantedPort);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    answerWith: (next) => {
      answer = next;
    },
    close: () => drain(server),
  };
};
