// What clients and browsers do around a connection, and from each such request to the real operation.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { pollDeviceConnection } from '../../../../lib/operations/connect/poll-device-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startConnection } from '../../../../lib/operations/connect/start-connection.ts';
import { startDeviceConnection } from '../../../../lib/operations/connect/start-device-connection.ts';

/** `userId` of a callback is the user who started the flow; the browser itself does not say who it is. */
export type ConnectRequest =
  | { kind: 'connect'; userId: string; provider: string; scopes: string[]; credentialId?: string | undefined }
  | { kind: 'callback'; userId: string; state: string; code?: string; error?: string }
  | { kind: 'complete'; userId: string; state: string; receipt: string }
  | { kind: 'startDevice'; userId: string; provider: string; scopes: string[] }
  | { kind: 'poll'; userId: string; state: string };
export type ConnectKind = ConnectRequest['kind'];

type Performers = {
  [K in ConnectKind]: (deps: Deps, request: Extract<ConnectRequest, { kind: K }>) => Promise<unknown>;
};

export const connectPerformers: Performers = {
  connect: startConnection,
  callback: (deps, { state, code, error }) =>
    receiveCallback(deps, { state, ...(code !== undefined && { code }), ...(error !== undefined && { error }) }),
  complete: completeConnection,
  startDevice: startDeviceConnection,
  poll: pollDeviceConnection,
};

const KINDS: ReadonlySet<string> = new Set(Object.keys(connectPerformers));

export const isConnectRequest = (request: { kind: string }): request is ConnectRequest => KINDS.has(request.kind);
