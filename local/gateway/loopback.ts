// Listening on this machine only, and telling callers from it apart from a web page that was talked into calling us.
import { once } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const LOOPBACK_NAMES = new Set([LOOPBACK, 'localhost', '[::1]']);

/** Resolves to the port; rejects as `listen` does. */
export const listenOnLoopback = async (server: Server | NetServer, port = 0): Promise<number> => {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const probe = createServer();
  const port = await listenOnLoopback(probe);
  probe.close();
  await once(probe, 'close');
  return port;
};

const isLoopbackHost = (host: string | undefined): boolean => {
  const [, name] = /^(\[[0-9a-f:]+\]|[^:]+)(?::\d{1,5})?$/.exec(host?.toLowerCase() ?? '') ?? [];
  return name !== undefined && LOOPBACK_NAMES.has(name);
};

/**
 * Whether a request can only come from a program on this machine or from our own page: a page of another origin sends
 * its Origin (or says cross-site), and one whose name was re-pointed at us (DNS rebinding) sends that name as Host.
 */
export const isFromThisMachine = (headers: IncomingHttpHeaders): boolean => {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (!isLoopbackHost(host)) return false;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || origin.toLowerCase() === `http://${host?.toLowerCase()}`;
};
