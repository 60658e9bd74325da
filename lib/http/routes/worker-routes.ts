// What only a trusted worker may do: resolve, edit many credentials at once, erase a user, see the operator's credentials.
import {
  CredentialEdit,
  EditedUser,
  ErasedUser,
  ResolvedCredential,
  ResolveRequest,
  SystemCredentialList,
} from '../schemas/worker.ts';
import { RESOLVE, STORE_AND_OPEN, USE_GRANT } from './capabilities.ts';
import { REPLACE_ERRORS, writeErrors } from './error-groups.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const { base } = RUNTIME_PLANE;
const worker = { plane: 'runtime', function: 'runtime-api' } as const;

/** The routes that only trusted workers have: resolve, edit, erase a user, and the operator's credentials. */
export const workerRoutes = {
  resolveCredential: route({
    ...worker,
    method: 'POST',
    path: `${base}/resolve`,
    capabilities: RESOLVE,
    body: ResolveRequest,
    answers: { 200: ResolvedCredential },
    errors: [
      'not_connected',
      'reconnect_required',
      'insufficient_scopes',
      'credential_unreadable',
      'url_not_allowed',
      'refresh_unavailable',
    ],
  }),
  editCredentials: route({
    ...worker,
    method: 'POST',
    path: `${base}/edit`,
    capabilities: [...STORE_AND_OPEN, 'read_whole_user', 'delete_credential'],
    body: CredentialEdit,
    ifMatch: 'required',
    answers: { 200: EditedUser },
    errors: writeErrors(...REPLACE_ERRORS, 'scopes_narrowed', 'credential_limit', 'too_many_changes'),
  }),
  eraseUser: route({
    ...worker,
    method: 'DELETE',
    path: base,
    capabilities: ['erase_user', ...USE_GRANT],
    ifMatch: 'optional',
    answers: { 200: ErasedUser },
    errors: ['version_conflict', 'store_busy'],
  }),
  listSystemCredentials: route({
    ...worker,
    method: 'GET',
    path: '/v1/system/credentials',
    capabilities: ['read_system_keys'],
    answers: { 200: SystemCredentialList },
  }),
} as const;
