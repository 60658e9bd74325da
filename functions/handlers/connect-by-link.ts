// Handlers of the link plane that call providers: those of the user plane, with what the link presets filled in, and refused beyond
// what it allows.
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import { applyToConnection, applyToCredential, applyToDevice } from '../../lib/domain/link/link-rules.ts';
import type { CallLimit } from '../../lib/domain/ports/call-limit.ts';
import type { CompleteConnection } from '../../lib/operations/connect/complete-connection.ts';
import type { StartConnection } from '../../lib/operations/connect/start-connection.ts';
import type { startDeviceConnection } from '../../lib/operations/connect/start-device-connection.ts';
import type { CheckDeps } from '../../lib/operations/credential/check-credential.ts';
import { assertManaged } from '../../lib/operations/link/assert-managed.ts';
import { newCredentialCheckHandlers } from './checks.ts';
import { connectionHandlers, type OperationBody } from './connections.ts';
import { deleteHandlers } from './credentials.ts';
import type { ByLink, OneByLink } from './requests.ts';

type StartDevice = Parameters<typeof startDeviceConnection>[1];

type ConnectDeps = Parameters<typeof connectionHandlers>[0] &
  Parameters<typeof deleteHandlers>[0] &
  CheckDeps & { checkLimit: CallLimit };

/** Connect, disconnect and check. */
export const connectByLinkHandlers = (deps: ConnectDeps) => {
  const connections = connectionHandlers(deps);
  const { deleteCredential } = deleteHandlers(deps);
  const { checkCredential } = newCredentialCheckHandlers(deps);
  return {
    deleteCredential: async ({ link, ...request }: OneByLink) => {
      await assertManaged(deps, link, request.params.id);
      return deleteCredential(request);
    },
    checkCredential: async ({ userId, link, body }: ByLink & { body: NewCredential }) =>
      checkCredential({ userId, body: applyToCredential(link.allows, body) }),
    startConnection: async ({ userId, link, body }: ByLink & { body: OperationBody<StartConnection> }) => {
      const allowed = applyToConnection(link.allows, body, deps.redirects);
      return connections.startConnection({ userId, body: { ...allowed, link: link.use } });
    },
    completeConnection: async ({ userId, link, body }: ByLink & { body: OperationBody<CompleteConnection> }) =>
      connections.completeConnection({ userId, body: { ...body, link: link.use } }),
    startDeviceConnection: async ({ userId, link, body }: ByLink & { body: OperationBody<StartDevice> }) =>
      connections.startDeviceConnection({ userId, body: { ...applyToDevice(link.allows, body), link: link.use } }),
    pollDeviceConnection: async ({ userId, link, body }: ByLink & { body: { state: string } }) =>
      connections.pollDeviceConnection({ userId, body: { ...body, link: link.use } }),
  };
};
