// From a request to the real operation.
import type { Deps } from '../../../lib/domain/ports/deps.ts';
import { addCredential } from '../../../lib/operations/add-credential.ts';
import { consumeOAuthState } from '../../../lib/operations/consume-oauth-state.ts';
import { createOAuthState } from '../../../lib/operations/create-oauth-state.ts';
import { deleteCredential } from '../../../lib/operations/delete-credential.ts';
import { deleteManagedCredential } from '../../../lib/operations/delete-managed-credential.ts';
import { editCredentials } from '../../../lib/operations/edit-credentials.ts';
import { eraseUser } from '../../../lib/operations/erase-user.ts';
import { getCredential } from '../../../lib/operations/get-credential.ts';
import { getManagedCredential } from '../../../lib/operations/get-managed-credential.ts';
import { listCredentials } from '../../../lib/operations/list-credentials.ts';
import { publishConfiguration } from '../../../lib/operations/publish-configuration.ts';
import { putManagedCredential } from '../../../lib/operations/put-managed-credential.ts';
import { renameCredential } from '../../../lib/operations/rename-credential.ts';
import { replaceCredential } from '../../../lib/operations/replace-credential.ts';
import { resolveCredential } from '../../../lib/operations/resolve-credential.ts';
import { sweepDueGrants } from '../../../lib/operations/sweep-due-grants.ts';
import { newCredential, type Request, type RequestKind } from './request.ts';

type Performers = {
  [K in RequestKind]: (deps: Deps, request: Extract<Request, { kind: K }>) => Promise<unknown>;
};

const performers: Performers = {
  add: (deps, { item, ...rest }) => addCredential(deps, { ...rest, credential: newCredential(item) }),
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
  resolve: (deps, request) => resolveCredential(deps, { ...request, scopes: [] }),
  createState: createOAuthState,
  consume: consumeOAuthState,
  publish: publishConfiguration,
  sweep: sweepDueGrants,
};

export const perform = (deps: Deps, request: Request): Promise<unknown> =>
  (performers[request.kind] as (deps: Deps, request: Request) => Promise<unknown>)(deps, request);
