// Asks an issuer that the operator names for its metadata, within the rules of outbound requests.
import type { AuthorizationServer } from '../../domain/mcp/authorization-server.ts';
import { isUsableIssuer } from '../../domain/mcp/discovery/resource-metadata.ts';
import { notConnectable } from '../../domain/mcp/not-connectable.ts';
import type { OutboundPolicy } from '../../domain/values/outbound-url.ts';
import type { GuardedFetch } from '../outbound/guarded-fetch.ts';
import { readServerMetadata } from './read-server-metadata.ts';

interface IssuerAccess {
  /** Bounds each request in size and time. */
  fetch: GuardedFetch;
  policy: OutboundPolicy;
}

/**
 * Makes what asks, and ends when the signal is aborted. PKCE need not be listed: it is used all the same. Throws `server_not_connectable`
 * of step `authorization_server_metadata`.
 */
export const issuerQuestion =
  ({ fetch, policy }: IssuerAccess) =>
  async (issuer: string, signal: AbortSignal): Promise<AuthorizationServer> => {
    if (!isUsableIssuer(issuer, policy)) throw notConnectable('authorization_server_metadata', 'url_not_allowed');
    return readServerMetadata({ fetch, signal, policy, mayOmitPkce: true }, [issuer]);
  };
