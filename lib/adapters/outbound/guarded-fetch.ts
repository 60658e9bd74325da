// A fetch for URLs that operators or users influence. It resolves the name once, checks every address and connects to a checked
// one. It follows no redirect, stores no cookie, and bounds the size of the body and the time from name lookup to last byte.
import { lookup as dnsLookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkOutboundUrl, type OutboundPolicy } from '../../domain/values/outbound-url.ts';
import { OutboundFault } from './outbound-fault.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';
import { readBody } from './read-body.ts';
import { type OutboundRequest, requestOptions } from './request-options.ts';

/** Resolves a name to all its addresses, the preferred first. */
export type Lookup = (hostname: string) => Promise<readonly { address: string }[]>;

/** Options of `guardedFetch`. */
export interface GuardedFetchOptions {
  policy: OutboundPolicy;
  /** For the whole call; default 5000. */
  timeoutMilliseconds?: number;
  /** Default: the system's resolver. */
  lookup?: Lookup;
  /** The signal of the invocation in progress, aborted when its caller stops waiting. */
  endOfCall?: () => AbortSignal | undefined;
  /** How much of the time it wants this request gets within the current invocation (ms); 0: it is not sent. */
  shareOfCall?: (wantedMilliseconds: number) => number;
}

/** Sends one request. Any status is a response, including redirects. Throws OutboundFault. */
export type GuardedFetch = (url: string, request: OutboundRequest & { signal?: AbortSignal }) => Promise<Response>;

const TIMEOUT_MILLISECONDS = 5_000;
/** The Fetch standard's null body statuses, for which a Response cannot have a body. */
const NULL_BODY_STATUSES = new Set([204, 205, 304]);
const KEPT_HEADERS = ['content-type', 'retry-after', 'www-authenticate'] as const;

/** IPv4 first, because some networks resolve IPv6 addresses that they cannot reach. */
const systemLookup: Lookup = (hostname) => dnsLookup(hostname, { all: true, order: 'ipv4first' });

/** Settles with the work, or rejects with `too_slow` once the signal aborts. */
const within = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new OutboundFault('too_slow'));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
};

/** The first address of a name. A name with any forbidden address is refused. */
const resolve = async ({ protocol, hostname }: URL, lookup: Lookup): Promise<string> => {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(literal) === 0 ? await lookup(hostname) : [{ address: literal }];
  const isAllowed = protocol === 'https:' ? isPublicAddress : isLoopbackAddress;
  const [first] = found;
  if (first === undefined) throw new OutboundFault('unreachable');
  if (!found.every(({ address }) => isAllowed(address))) throw new OutboundFault('refused');
  return first.address;
};

/** What is known of a request while it is under way. */
interface Progress {
  sent: boolean;
}

type Sending = Parameters<GuardedFetch>[1] & { progress: Progress };

const send = (url: URL, address: string, { signal, progress, ...request }: Sending) => {
  const { promise, resolve: receiveResponse, reject } = Promise.withResolvers<IncomingMessage>();
  // Importing node:http as a module loads Node's fetch with it: 40 ms of each cold start, for what only loopback needs.
  const start = url.protocol === 'https:' ? httpsRequest : process.getBuiltinModule('node:http').request;
  const sent = start({ ...requestOptions(url, address, request), signal });
  // Node drops those beyond a number, also one that says how to read the body. Their size is bounded.
  sent.maxHeadersCount = 0;
  // An error after the response is ignored: the promise is already settled.
  // Only after the last byte was handed over, not while the connection is still being made.
  sent.on('finish', () => {
    progress.sent = true;
  });
  sent.on('response', receiveResponse).on('error', reject).end(request.body);
  return promise;
};

const toResponse = (message: IncomingMessage, body: Buffer): Response => {
  const status = message.statusCode ?? 0;
  const headers = KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = message.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
  return new Response(NULL_BODY_STATUSES.has(status) ? null : new Uint8Array(body), { status, headers });
};

const receive = async (message: IncomingMessage): Promise<Response> => {
  try {
    return toResponse(message, await readBody(message));
  } catch (error) {
    if (!(error instanceof OutboundFault)) throw error;
    throw new OutboundFault(error.reason, true, message.statusCode ?? null);
  } finally {
    message.destroy();
  }
};

/** Creates a fetch for one policy. */
export const guardedFetch = ({
  policy,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
  lookup = systemLookup,
  endOfCall = () => undefined,
  shareOfCall = (wantedMilliseconds) => wantedMilliseconds,
}: GuardedFetchOptions): GuardedFetch => {
  const attempt = async (url: URL, request: Sending & { signal: AbortSignal }) => {
    const address = await within(resolve(url, lookup), request.signal);
    return receive(await send(url, address, request));
  };

  return async (text, request) => {
    const url = checkOutboundUrl(text, policy);
    if (url === null) throw new OutboundFault('refused');
    const milliseconds = shareOfCall(timeoutMilliseconds);
    if (milliseconds <= 0) throw new OutboundFault('too_slow');
    const limits = [AbortSignal.timeout(milliseconds), request.signal, endOfCall()];
    const signal = AbortSignal.any(limits.filter((limit) => limit !== undefined));
    const progress = { sent: false };
    try {
      return await attempt(url, { ...request, signal, progress });
    } catch (error) {
      if (error instanceof OutboundFault) throw new OutboundFault(error.reason, progress.sent, error.status);
      throw new OutboundFault(signal.aborted ? 'too_slow' : 'unreachable', progress.sent);
    }
  };
};
