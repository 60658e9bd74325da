// Listens on the loopback address only, and tells a program on this machine from a web page of another origin that calls
// the server through the user's browser. Every listener checks Host and Origin, or has an address that no page can know.
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = new Set([LOOPBACK, 'localhost', '[::1]']);

/** Port 0 picks a free one. Resolves to the port; rejects with the error of `listen`. */
export const listenOnLoopback = async (server: Server | NetServer, port = 0, host = LOOPBACK): Promise<number> => {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Finds a port that was free at the time of the call; another program may take it before it is used. */
export const freePort = async (host = LOOPBACK): Promise<number> => {
  const probe = createServer();
  const port = await listenOnLoopback(probe, 0, host);
  probe.close();
  await once(probe, 'close');
  return port;
};

/** The port of a Host header that is a loopback name; null for any other. A name that resolves to 127.0.0.1 is no such name. */
const readLoopbackPort = (host: string | undefined): number | null => {
  const [, name, port = '80'] = /^(\[[0-9a-f:]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(host?.toLowerCase() ?? '') ?? [];
  return name !== undefined && LOOPBACK_NAMES.has(name) ? Number(port) : null;
};

/** Whether the Host header is a loopback name with the port that the request came to. */
export const hasOwnHost = ({ headers: { host }, socket }: IncomingMessage): boolean =>
  readLoopbackPort(host) === socket.localPort;

/** Whether no web page sent the request, or a page of this very listener: a page of another origin sends its own. */
export const hasOwnOrigin = ({ headers: { host, origin } }: IncomingMessage): boolean =>
  origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`;

/** Both of the above. A browser that opens a page by a link passes. */
export const isOwnRequest = (request: IncomingMessage): boolean => hasOwnHost(request) && hasOwnOrigin(request);

const isSameSite = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
};

/** Whether only a program on this machine or the listener's own page can have sent the request; a link is not enough. */
export const isFromThisMachine = (request: IncomingMessage): boolean => isOwnRequest(request) && isSameSite(request);

/**
 * Whether no web page can have sent the request. Unlike `isFromThisMachine` the Host may name another port: a TCP proxy in front
 * of a stand-in passes on the Host it was called by. A page that was re-pointed here (DNS rebinding) sends its own name.
 */
export const isFromLocalProgram = (request: IncomingMessage): boolean =>
  readLoopbackPort(request.headers.host) !== null && hasOwnOrigin(request) && isSameSite(request);
