// A fetch for URLs that others choose: the name is resolved once, every address checked, and the connection made to the one
// that was checked. It follows no redirect, keeps no cookies, and is limited in size and in time from name to last byte.
import { lookup as dnsLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkOutboundUrl, type OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { OutboundFault } from './outbound-fault.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';
import { type OutboundRequest, requestOptions } from './request-options.ts';

/** All addresses of a name, the preferred first. */
export type Lookup = (hostname: string) => Promise<readonly { address: string }[]>;

export interface GuardedFetchOptions {
  policy: OutboundPolicy;
  timeoutMilliseconds?: number;
  lookup?: Lookup;
  /** Aborted when whoever asks has no more use for an answer. */
  endOfCall?: () => AbortSignal | undefined;
}

/** Throws OutboundFault; any status is a response, redirects too. */
export type GuardedFetch = (url: string, request: OutboundRequest & { signal?: AbortSignal }) => Promise<Response>;

const TIMEOUT_MILLISECONDS = 5_000;
const MAX_BODY_BYTES = 256 * 1024;
/** The Fetch standard's null body statuses: a Response of these can't have a body. */
const WITHOUT_BODY = new Set([204, 205, 304]);
const KEPT_HEADERS = ['content-type', 'retry-after', 'www-authenticate'] as const;

/** IPv4 first: not every network that resolves IPv6 names can reach them. */
const systemLookup: Lookup = (hostname) => dnsLookup(hostname, { all: true, order: 'ipv4first' });

/** Settles when the work does or the time is up, whichever comes first. */
const within = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new OutboundFault('too_slow'));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([work, timeUp]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};

/** One address of a name that leads nowhere else: a name with a public and a private address is refused whole. */
const resolve = async ({ protocol, hostname }: URL, lookup: Lookup): Promise<string> => {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(literal) === 0 ? await lookup(hostname) : [{ address: literal }];
  const isAllowed = protocol === 'https:' ? isPublicAddress : isLoopbackAddress;
  const [first] = found;
  if (first === undefined) throw new OutboundFault('unreachable');
  if (!found.every(({ address }) => isAllowed(address))) throw new OutboundFault('refused');
  return first.address;
};

const send = (url: URL, address: string, { signal, ...request }: Parameters<GuardedFetch>[1]) => {
  const { promise, resolve: answer, reject } = Promise.withResolvers<IncomingMessage>();
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = start({ ...requestOptions(url, address, request), signal });
  // Errors come after the answer too; then the promise has long been settled.
  sent.on('response', answer).on('error', reject).end(request.body);
  return promise;
};

const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  if ((message.headers['content-encoding'] ?? 'identity') !== 'identity') throw new OutboundFault('encoded');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new OutboundFault('too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const toResponse = (message: IncomingMessage, body: Buffer): Response => {
  const status = message.statusCode ?? 0;
  const headers = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = message.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(body), { status, headers });
};

const receive = async (message: IncomingMessage): Promise<Response> => {
  try {
    return toResponse(message, await readBody(message));
  } finally {
    message.destroy();
  }
};

/** Makes the fetch. */
export const guardedFetch = ({
  policy,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  lookup = systemLookup,
  endOfCall = () => undefined,
}: GuardedFetchOptions): GuardedFetch => {
  const attempt = async (url: URL, request: Parameters<GuardedFetch>[1], signal: AbortSignal) => {
    const address = await within(resolve(url, lookup), signal);
    return receive(await send(url, address, { ...request, signal }));
  };

  return async (text, request) => {
    const url = checkOutboundUrl(text, policy);
    if (url === null) throw new OutboundFault('refused');
    const limits = [AbortSignal.timeout(timeoutMilliseconds), request.signal, endOfCall()];
    const signal = AbortSignal.any(limits.filter((limit) => limit !== undefined));
    try {
      return await attempt(url, request, signal);
    } catch (error) {
      if (error instanceof OutboundFault) throw error;
      throw new OutboundFault(signal.aborted ? 'too_slow' : 'unreachable');
    }
  };
};
