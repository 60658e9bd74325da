// Handlers of the link plane that finish and end connections, and check: those of the user plane, with what the link presets filled
// in, and refused beyond what it allows.
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import { applyToCredential } from '../../lib/domain/link/link-rules.ts';
import type { CallLimit } from '../../lib/domain/ports/call-limit.ts';
import type { CompleteConnection } from '../../lib/operations/connect/complete-connection.ts';
import type { CheckDeps } from '../../lib/operations/credential/check-credential.ts';
import { assertManaged } from '../../lib/operations/link/assert-managed.ts';
import { newCredentialCheckHandlers } from './checks.ts';
import { finishHandlers, type OperationBody } from './connections.ts';
import { deleteHandlers } from './credentials.ts';
import type { ByLink, OneByLink } from './requests.ts';

type ConnectDeps = Parameters<typeof finishHandlers>[0] &
  Parameters<typeof deleteHandlers>[0] &
  CheckDeps & { checkLimit: CallLimit };

/** Finish connections, disconnect and check. */
export const connectByLinkHandlers = (deps: ConnectDeps) => {
  const connections = finishHandlers(deps);
  const { deleteCredential } = deleteHandlers(deps);
  const { checkCredential } = newCredentialCheckHandlers(deps);
  return {
    deleteCredential: async ({ link, ...request }: OneByLink) => {
      await assertManaged(deps, link, request.params.id);
      return deleteCredential(request);
    },
    checkCredential: async ({ userId, link, body }: ByLink & { body: NewCredential }) =>
      checkCredential({ userId, body: applyToCredential(link.allows, body) }),
    completeConnection: async ({ userId, link, body }: ByLink & { body: OperationBody<CompleteConnection> }) =>
      connections.completeConnection({ userId, body: { ...body, link: link.use } }),
    pollDeviceConnection: async ({ userId, link, body }: ByLink & { body: { state: string } }) =>
      connections.pollDeviceConnection({ userId, body: { ...body, link: link.use } }),
  };
};
