// Handlers of what only trusted workers may do with a user: resolve, edit, managed keys, erase.
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { editCredentials } from '../../lib/operations/credential/edit-credentials.ts';
import { listSystemCredentials } from '../../lib/operations/operator/list-system-credentials.ts';
import { type ResolveCredential, resolveCredential } from '../../lib/operations/refresh/resolve-credential.ts';
import { deleteManagedCredential } from '../../lib/operations/user/delete-managed-credential.ts';
import { eraseUser } from '../../lib/operations/user/erase-user.ts';
import { getManagedCredential } from '../../lib/operations/user/get-managed-credential.ts';
import { putManagedCredential } from '../../lib/operations/user/put-managed-credential.ts';
import { nextVersion, type WriteRequest } from './requests.ts';

interface OneProvider {
  params: { provider: string };
}

interface EditRequest {
  userId: string;
  expectedVersion: number;
  body: { put: readonly NewCredential[]; delete: readonly string[] };
}

type WorkerDeps = Parameters<typeof resolveCredential>[0] &
  Parameters<typeof eraseUser>[0] &
  Pick<Deps, 'systemDirectory' | 'templates' | 'limits'>;

/** Resolve, edit, erase, and the credentials of the operator. */
export const workerHandlers = (deps: WorkerDeps) => ({
  resolveCredential: async ({
    userId,
    body,
  }: {
    userId: string;
    body: Omit<ResolveCredential, 'userId'>;
  }): Promise<HandlerResult> => ({ status: 200, body: await resolveCredential(deps, { userId, ...body }) }),
  editCredentials: async ({ userId, body, expectedVersion }: EditRequest): Promise<HandlerResult> => {
    const edit = { userId, put: body.put, remove: body.delete, expectedVersion };
    const { version } = await editCredentials(deps, edit);
    return { status: 200, body: { version }, version };
  },
  eraseUser: async ({ userId, expectedVersion }: WriteRequest): Promise<HandlerResult> => ({
    status: 200,
    body: await eraseUser(deps, { userId, expectedVersion }),
    version: nextVersion(expectedVersion),
  }),
  listSystemCredentials: async (): Promise<HandlerResult> => ({
    status: 200,
    body: { credentials: await listSystemCredentials(deps) },
  }),
});

/** Keys that the operator holds for one user. */
export const managedCredentialHandlers = (deps: Pick<Deps, 'users' | 'sealer' | 'clock' | 'random' | 'limits'>) => ({
  putManagedCredential: async ({
    userId,
    params,
    body,
    expectedVersion,
  }: WriteRequest & OneProvider & { body: { secret: string } }): Promise<HandlerResult> => {
    await putManagedCredential(deps, { userId, provider: params.provider, secret: body.secret, expectedVersion });
    return { status: 204, version: nextVersion(expectedVersion) };
  },
  getManagedCredential: async ({ userId, params }: OneProvider & { userId: string }): Promise<HandlerResult> => {
    const { version, secret } = await getManagedCredential(deps, { userId, provider: params.provider });
    return { status: 200, body: { secret }, version };
  },
  deleteManagedCredential: async ({
    userId,
    params,
    expectedVersion,
  }: WriteRequest & OneProvider): Promise<HandlerResult> => {
    await deleteManagedCredential(deps, { userId, provider: params.provider, expectedVersion });
    return { status: 204, version: nextVersion(expectedVersion) };
  },
});
