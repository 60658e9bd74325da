// Gets one metadata document through the guarded fetch. Only 200 is an answer with a document (RFC 8414 §3.2, RFC 9728 §3.2): a redirect
// is not followed, because it would lead to a place that no check has seen.
import type { NotConnectableReason } from '../../domain/mcp/not-connectable.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { OutboundFault, type OutboundReason } from '../outbound/outbound-fault.ts';

/** What one call of the port needs to reach servers. */
export interface DiscoveryAccess {
  fetch: GuardedFetch;
  policy: OutboundPolicy;
  /** Ends all requests of the call. */
  signal: AbortSignal;
}

/** What is at a place. `isHost`: the host failed, not this place of it, so there is no use in trying another. */
export type Place =
  | { kind: 'document'; document: object }
  | { kind: 'absent' }
  | { kind: 'failed'; reason: NotConnectableReason; isHost: boolean };

/** The newest revision of MCP that discovery follows. A server may answer by it (revision 2025-03-26, "Metadata Discovery"). */
export const MCP_REVISION = '2026-07-28';

const REASONS: Readonly<Record<OutboundReason, NotConnectableReason>> = {
  refused: 'url_not_allowed',
  unreachable: 'unreachable',
  too_slow: 'too_slow',
  too_large: 'invalid_reply',
  encoded: 'invalid_reply',
};

/** The reason of a fetch without a response. Throws any other error. */
export const readFault = (error: unknown): NotConnectableReason => {
  if (!(error instanceof OutboundFault)) throw error;
  return REASONS[error.reason];
};

/** 4xx statuses by which a server asks for another attempt. */
const TRY_AGAIN = new Set([408, 425, 429]);

/** The reason that a status gives for there being no document; null: nothing is at the place. */
export const readStatus = (status: number): NotConnectableReason | null => {
  if (status >= 300 && status < 400) return 'redirected';
  return status >= 500 || TRY_AGAIN.has(status) ? 'server_error' : null;
};

/** The object; null for any other text: many servers answer every path with a page. */
const parseObject = (text: string): object | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
};

const readPlace = async (response: Response): Promise<Place> => {
  const document = response.status === 200 ? parseObject(await response.text()) : null;
  if (document) return { kind: 'document', document };
  const reason = readStatus(response.status);
  return reason === null ? { kind: 'absent' } : { kind: 'failed', reason, isHost: false };
};

/** Sends one request. Never throws for what a server does. */
export const fetchDocument = async ({ fetch, signal }: DiscoveryAccess, url: string): Promise<Place> => {
  try {
    return await readPlace(
      await fetch(url, { method: 'GET', headers: { 'mcp-protocol-version': MCP_REVISION }, signal }),
    );
  } catch (error) {
    return { kind: 'failed', reason: readFault(error), isHost: true };
  }
};
