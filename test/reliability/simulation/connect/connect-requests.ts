// What clients and browsers do around a connection, and from each such request to the real operation.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';
import { type ByLink, withLink } from '../link/link-requests.ts';

/** `userId` of a callback is the user who started the flow; the browser itself does not say who it is. */
export type ConnectRequest =
  | {
      kind: 'connect';
      userId: string;
      provider: string;
      scopes: string[];
      credentialId?: string | undefined;
      byLink?: ByLink;
    }
  | { kind: 'callback'; userId: string; state: string; code?: string; error?: string }
  | { kind: 'complete'; userId: string; state: string; receipt: string; byLink?: ByLink }
  | { kind: 'startDevice'; userId: string; provider: string; scopes: string[]; byLink?: ByLink }
  | { kind: 'poll'; userId: string; state: string; byLink?: ByLink };
export type ConnectKind = ConnectRequest['kind'];

type Performers = {
  [K in ConnectKind]: (deps: Deps, request: Extract<ConnectRequest, { kind: K }>) => Promise<unknown>;
};

export const connectPerformers: Performers = {
  connect: (deps, { byLink, ...request }) =>
    withLink(deps, byLink, (link) => startConnection(deps, { ...request, link })),
  callback: (deps, { state, code, error }) =>
    receiveCallback(deps, { state, ...(code !== undefined && { code }), ...(error !== undefined && { error }) }),
  complete: (deps, { byLink, ...request }) =>
    withLink(deps, byLink, (link) => completeConnection(deps, { ...request, link })),
  startDevice: (deps, { byLink, ...request }) =>
    withLink(deps, byLink, (link) => startDeviceConnection(deps, { ...request, link })),
  poll: (deps, { byLink, ...request }) =>
    withLink(deps, byLink, (link) => pollDeviceConnection(deps, { ...request, link })),
};

const KINDS: ReadonlySet<string> = new Set(Object.keys(connectPerformers));

export const isConnectRequest = (request: { kind: string }): request is ConnectRequest => KINDS.has(request.kind);
