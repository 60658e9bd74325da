// Handlers of the credential routes. The planes differ only in the path of a new credential and in what reading answers.
import type { StoredCredential } from '../../lib/domain/credential/credential.ts';
import { viewStored } from '../../lib/domain/credential/credential-view.ts';
import type { NewCredential } from '../../lib/domain/credential/new-credential.ts';
import type { Deps } from '../../lib/domain/ports/deps.ts';
import { encodeUserSegment } from '../../lib/domain/values/user-path.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { addCredential } from '../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../lib/operations/credential/delete-credential.ts';
import { getCredential, getCredentialView } from '../../lib/operations/credential/get-credential.ts';
import { listCredentials } from '../../lib/operations/credential/list-credentials.ts';
import { renameCredential } from '../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../lib/operations/credential/replace-credential.ts';
import { nextVersion, type WriteRequest } from './requests.ts';

type ReadDeps = Pick<Deps, 'users' | 'systemDirectory' | 'clock'>;
type WriteDeps = Pick<Deps, 'users' | 'sealer' | 'templates' | 'clock' | 'random' | 'sleep' | 'limits' | 'scopeRules'>;

interface ListQuery {
  provider?: string | undefined;
  limit?: number | undefined;
  after?: string | undefined;
}

interface OneCredential {
  userId: string;
  params: { id: string };
}

const answerStored = (
  { clock }: WriteDeps,
  credential: StoredCredential,
  { expectedVersion }: WriteRequest,
): HandlerResult => ({
  status: 200,
  body: viewStored(credential, clock.now()),
  version: nextVersion(expectedVersion),
});

/** List, add, replace and rename: what needs no stored secret. `base` is the path of the plane. */
export const credentialHandlers = (deps: ReadDeps & WriteDeps, { base }: { base: string }) => ({
  listCredentials: async ({ userId, query }: { userId: string; query: ListQuery }) => {
    const body = await listCredentials(deps, { userId, ...query });
    return { status: 200, body, version: body.version };
  },
  addCredential: async (request: WriteRequest & { body: NewCredential }): Promise<HandlerResult> => {
    const { userId, body: credential, expectedVersion, link } = request;
    const added = await addCredential(deps, { userId, credential, expectedVersion, link });
    const user = base.replace('{userId}', () => encodeUserSegment(userId) ?? '');
    const location = `${user}/credentials/${encodeURIComponent(added.id)}`;
    return { ...answerStored(deps, added, request), status: 201, headers: { location } };
  },
  replaceCredential: async (request: WriteRequest & OneCredential & { body: NewCredential }) => {
    const { userId, params, body: credential, expectedVersion } = request;
    const replaced = await replaceCredential(deps, { userId, id: params.id, credential, expectedVersion });
    return answerStored(deps, replaced, request);
  },
  renameCredential: async (request: WriteRequest & OneCredential & { body: { title: string } }) => {
    const { userId, params, body, expectedVersion } = request;
    const renamed = await renameCredential(deps, { userId, id: params.id, title: body.title, expectedVersion });
    return answerStored(deps, renamed, request);
  },
});

/** Reading on a plane that never sees secrets. */
export const viewHandlers = (deps: ReadDeps) => ({
  getCredential: async ({ userId, params }: OneCredential): Promise<HandlerResult> => {
    const { version, view } = await getCredentialView(deps, { userId, id: params.id });
    return { status: 200, body: view, version };
  },
});

/** Reading with the secret, for trusted workers. */
export const secretHandlers = (deps: Parameters<typeof getCredential>[0]) => ({
  getCredential: async ({ userId, params }: OneCredential): Promise<HandlerResult> => {
    const { version, credential } = await getCredential(deps, { userId, id: params.id });
    return { status: 200, body: credential, version };
  },
});

/** Deleting revokes at the provider, so its function may open secrets, read OAuth clients and refresh. */
export const deleteHandlers = (deps: Parameters<typeof deleteCredential>[0]) => ({
  deleteCredential: async ({ userId, params, expectedVersion }: WriteRequest & OneCredential) => ({
    status: 200,
    body: await deleteCredential(deps, { userId, id: params.id, expectedVersion }),
    version: nextVersion(expectedVersion),
  }),
});
