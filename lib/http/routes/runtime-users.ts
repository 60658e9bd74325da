// The runtime plane: managed keys, the erasing of a user, and what the operator lends to all.
import * as z from 'zod';
import { CredentialView } from '../../domain/credential/credential-view.ts';
import { route } from './route.ts';
import { CHANGE, STORE, USERS, writing } from './route-groups.ts';
import { ByProvider, Erased, ManagedSecret } from './wire-schemas.ts';

export const runtimeUsers = {
  putManagedCredential: route({
    method: 'PUT',
    path: `${USERS}/managed-credentials/{provider}`,
    plane: 'runtime',
    function: 'runtime-api',
    summary: 'Stores a key that the operator holds for a user',
    capabilities: STORE,
    params: ByProvider,
    body: ManagedSecret,
    ifMatch: 'optional',
    answers: { 204: null },
    errors: writing('credential_unreadable'),
  }),
  getManagedCredential: route({
    method: 'GET',
    path: `${USERS}/managed-credentials/{provider}`,
    plane: 'runtime',
    function: 'runtime-api',
    summary: 'Gives a key that the operator holds for a user',
    capabilities: ['read_user', 'open_secret'],
    params: ByProvider,
    answers: { 200: z.object({ secret: z.string() }) },
    errors: ['credential_not_found', 'credential_unreadable'],
  }),
  deleteManagedCredential: route({
    method: 'DELETE',
    path: `${USERS}/managed-credentials/{provider}`,
    plane: 'runtime',
    function: 'runtime-api',
    summary: 'Deletes a key that the operator holds for a user',
    capabilities: CHANGE,
    params: ByProvider,
    ifMatch: 'optional',
    answers: { 204: null },
    errors: writing('credential_not_found'),
  }),
  eraseUser: route({
    method: 'DELETE',
    path: USERS,
    plane: 'runtime',
    function: 'runtime-api',
    summary: 'Revokes and erases all of a user',
    capabilities: ['erase_user', 'read_user', 'open_secret', 'read_oauth_clients'],
    ifMatch: 'optional',
    answers: { 200: Erased },
    errors: ['version_conflict', 'store_busy'],
  }),
  listSystemCredentials: route({
    method: 'GET',
    path: '/v1/system/credentials',
    plane: 'runtime',
    function: 'runtime-api',
    summary: "Lists the operator's credentials that are configured",
    capabilities: ['read_system_keys'],
    answers: { 200: z.object({ credentials: z.array(CredentialView) }) },
  }),
} as const;
