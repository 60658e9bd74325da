// Listens on the loopback address only, and tells a program on this machine from a web page of another origin that calls
// the server through the user's browser.
import { once } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = new Set([LOOPBACK, 'localhost', '[::1]']);

/** Port 0 picks a free one. Resolves to the port; rejects with the error of `listen`. */
export const listenOnLoopback = async (server: Server | NetServer, port = 0): Promise<number> => {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Finds a port that was free at the time of the call; another program may take it before it is used. */
export const freePort = async (): Promise<number> => {
  const probe = createServer();
  const port = await listenOnLoopback(probe);
  probe.close();
  await once(probe, 'close');
  return port;
};

/** Whether the Host header names this machine. */
export const isLoopbackHost = (host: string | undefined): boolean => {
  const [, name] = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '') ?? [];
  return name !== undefined && LOOPBACK_NAMES.has(name);
};

/**
 * Whether only a program on this machine or the server's own page can have sent the request. A page of another origin sends
 * its Origin header (or Sec-Fetch-Site: cross-site); a page whose name was resolved to 127.0.0.1 (DNS rebinding) sends that
 * name as Host.
 */
export const isFromThisMachine = (headers: IncomingHttpHeaders): boolean => {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isLoopbackHost(host)) return false;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`;
};
