// The runtime plane's function, for the operator's own workers: the one that opens secrets.
import { runtimeApiDeps } from '../lib/container.ts';
import { toWireTime } from '../lib/domain/values/names.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { consumeOAuthState } from '../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../lib/operations/connect/create-oauth-state.ts';
import { editCredentials } from '../lib/operations/credential/edit-credentials.ts';
import { getCredential } from '../lib/operations/credential/get-credential.ts';
import { listSystemCredentials } from '../lib/operations/operator/list-system-credentials.ts';
import { resolveCredential } from '../lib/operations/refresh/resolve-credential.ts';
import { deleteManagedCredential } from '../lib/operations/user/delete-managed-credential.ts';
import { eraseUser } from '../lib/operations/user/erase-user.ts';
import { getManagedCredential } from '../lib/operations/user/get-managed-credential.ts';
import { putManagedCredential } from '../lib/operations/user/put-managed-credential.ts';
import { complete, pollDevice, start, startDevice } from './handlers/connections.ts';
import { add, list, nextVersion, remove, rename, replace, userPlace } from './handlers/credentials.ts';

const deps = runtimeApiDeps();

export const handler = httpFunction(
  'runtime-api',
  {
    resolve: async ({ userId, body }) => ({ status: 200, body: await resolveCredential(deps, { userId, ...body }) }),
    listCredentials: list(deps),
    addCredential: add(deps, userPlace),
    getCredential: async ({ userId, params }) => {
      const { version, credential } = await getCredential(deps, { userId, id: params.id });
      return { status: 200, body: credential, version };
    },
    replaceCredential: replace(deps),
    renameCredential: rename(deps),
    deleteCredential: remove(deps),
    editCredentials: async ({ userId, body, expectedVersion }) => {
      const edit = { userId, put: body.put, remove: body.delete, expectedVersion };
      const { version } = await editCredentials(deps, edit);
      return { status: 200, body: { version }, version };
    },

    putManagedCredential: async ({ userId, params, body, expectedVersion }) => {
      await putManagedCredential(deps, { userId, provider: params.provider, secret: body.secret, expectedVersion });
      return { status: 204, version: nextVersion(expectedVersion) };
    },
    getManagedCredential: async ({ userId, params }) => {
      const { version, secret } = await getManagedCredential(deps, { userId, provider: params.provider });
      return { status: 200, body: { secret }, version };
    },
    deleteManagedCredential: async ({ userId, params, expectedVersion }) => {
      await deleteManagedCredential(deps, { userId, provider: params.provider, expectedVersion });
      return { status: 204, version: nextVersion(expectedVersion) };
    },

    startConnection: start(deps),
    completeConnection: complete(deps),
    startDeviceConnection: startDevice(deps),
    pollDeviceConnection: pollDevice(deps),

    createOAuthState: async ({ userId, body }) => {
      const { expiresAt, ...opened } = await createOAuthState(deps, { userId, ...body });
      return {
        status: 201,
        body: { ...opened, codeChallengeMethod: 'S256', expiresAt: toWireTime(expiresAt) },
      };
    },
    consumeOAuthState: async ({ userId, body }) => {
      const { expiresAt, ...state } = await consumeOAuthState(deps, { userId, ...body });
      return { status: 200, body: { ...state, expiresAt: toWireTime(expiresAt) } };
    },

    eraseUser: async ({ userId, expectedVersion }) => ({
      status: 200,
      body: await eraseUser(deps, { userId, expectedVersion }),
      version: nextVersion(expectedVersion),
    }),
    listSystemCredentials: async () => ({ status: 200, body: { credentials: await listSystemCredentials(deps) } }),
  },
  deps,
);
