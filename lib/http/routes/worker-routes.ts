// What only a trusted worker may do: resolve, edit many credentials at once, erase a user, see the operator's credentials.
import {
  CredentialEdit,
  EditedUser,
  ErasedUser,
  ResolvedCredential,
  ResolveRequest,
  SystemCredentialList,
} from '../schemas/worker.ts';
import { RESOLVE, STORE_AND_OPEN } from './capabilities.ts';
import { REPLACE_ERRORS, writeErrors } from './error-groups.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const { base } = RUNTIME_PLANE;
const worker = { plane: 'runtime', function: 'runtime-api' } as const;

export const workerRoutes = {
  resolveCredential: route({
    ...worker,
    method: 'POST',
    path: `${base}/resolve`,
    tag: 'Credentials',
    summary: 'Resolve a working credential',
    description:
      'The main call: chooses the credential for a provider, id or URL, refreshes it if needed, and answers the headers and ' +
      "query parameters to send. The user's own credential is chosen before the operator's; one that needs reconnecting " +
      'answers 409 and is never replaced by the key of the operator. A credential named by `credentialId` that does not fit ' +
      'the rest of the request is `not_connected`.',
    capabilities: RESOLVE,
    body: ResolveRequest,
    answers: { 200: ResolvedCredential },
    errors: [
      'not_connected',
      'reconnect_required',
      'insufficient_scopes',
      'credential_unreadable',
      'refresh_unavailable',
    ],
  }),
  editCredentials: route({
    ...worker,
    method: 'POST',
    path: `${base}/edit`,
    tag: 'Credentials',
    summary: 'Change many credentials at once',
    description:
      'Stores, replaces and deletes credentials in one transaction: all changes or none. A `put` whose id exists replaces ' +
      'it, any other creates one. At most 99 changes.',
    capabilities: STORE_AND_OPEN,
    body: CredentialEdit,
    ifMatch: 'required',
    answers: { 200: EditedUser },
    errors: writeErrors(...REPLACE_ERRORS, 'scopes_narrowed', 'credential_limit', 'too_many_changes'),
  }),
  eraseUser: route({
    ...worker,
    method: 'DELETE',
    path: base,
    tag: 'Users',
    summary: 'Erase a user',
    description:
      'Revokes the tokens of the user at their providers, then deletes credentials, managed keys and open flows. Writes are ' +
      'refused meanwhile. Repeat the request after `store_busy`: it goes on where it ended.',
    capabilities: ['erase_user', 'read_user', 'open_secret', 'read_oauth_clients'],
    ifMatch: 'optional',
    answers: { 200: ErasedUser },
    errors: ['version_conflict', 'store_busy'],
  }),
  listSystemCredentials: route({
    ...worker,
    method: 'GET',
    path: '/v1/system/credentials',
    tag: 'Credentials',
    summary: 'List system credentials',
    description: 'The credentials of the operator that are configured, which every user can use.',
    capabilities: ['read_system_keys'],
    answers: { 200: SystemCredentialList },
  }),
} as const;
