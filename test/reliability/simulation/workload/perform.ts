// Performs a request by calling the real operation.
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { consumeOAuthState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import { createOAuthState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { addCredential } from '../../../../lib/operations/credential/add-credential.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { editCredentials } from '../../../../lib/operations/credential/edit-credentials.ts';
import { getCredential } from '../../../../lib/operations/credential/get-credential.ts';
import { listCredentials } from '../../../../lib/operations/credential/list-credentials.ts';
import { renameCredential } from '../../../../lib/operations/credential/rename-credential.ts';
import { replaceCredential } from '../../../../lib/operations/credential/replace-credential.ts';
import { publishConfiguration } from '../../../../lib/operations/operator/publish-configuration.ts';
import { refreshCredential } from '../../../../lib/operations/refresh/refresh-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { sweepRenewals } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { deleteManagedCredential } from '../../../../lib/operations/user/delete-managed-credential.ts';
import { eraseUser } from '../../../../lib/operations/user/erase-user.ts';
import { getManagedCredential } from '../../../../lib/operations/user/get-managed-credential.ts';
import { putManagedCredential } from '../../../../lib/operations/user/put-managed-credential.ts';
import { connectPerformers } from '../connect/connect-requests.ts';
import { makeLink, withLink } from '../link/link-requests.ts';
import { newCredential, type Request, type RequestKind } from './request.ts';

type Performers = {
  [K in RequestKind]: (deps: Deps, request: Extract<Request, { kind: K }>) => Promise<unknown>;
};

const performers: Performers = {
  add: (deps, { item, byLink, ...rest }) =>
    withLink(deps, byLink, (link) => addCredential(deps, { ...rest, link, credential: newCredential(item) })),
  makeLink,
  replace: (deps, { item, ...rest }) => replaceCredential(deps, { ...rest, credential: newCredential(item) }),
  rename: renameCredential,
  delete: deleteCredential,
  edit: (deps, { put, ...rest }) => editCredentials(deps, { ...rest, put: put.map(newCredential) }),
  putManaged: putManagedCredential,
  deleteManaged: deleteManagedCredential,
  getManaged: getManagedCredential,
  erase: eraseUser,
  list: listCredentials,
  get: getCredential,
  resolve: (deps, request) => resolveCredential(deps, { scopes: [], ...request }),
  refresh: (deps, { userId, id, secretRev }) => refreshCredential(deps, { userId, credentialId: id, secretRev }),
  createState: createOAuthState,
  consume: consumeOAuthState,
  publish: publishConfiguration,
  sweep: (deps) => sweepRenewals(deps),
  ...connectPerformers,
};

export const perform = (deps: Deps, request: Request): Promise<unknown> =>
  (performers[request.kind] as (deps: Deps, request: Request) => Promise<unknown>)(deps, request);
