// Keys that the operator holds for one user at a provider. Users neither see nor change them.
import { ManagedCredential, ManagedSecret } from '../schemas/managed-credentials.ts';
import { ProviderParams } from '../schemas/parameters.ts';
import { CHANGE } from './capabilities.ts';
import { writeErrors } from './error-groups.ts';
import { RUNTIME_PLANE } from './planes.ts';
import { route } from './route.ts';

const managed = {
  path: `${RUNTIME_PLANE.base}/managed-credentials/{provider}`,
  plane: 'runtime',
  function: 'runtime-api',
  params: ProviderParams,
} as const;

/** Store, read and delete the operator's key for one user at one provider. */
export const managedCredentialRoutes = {
  putManagedCredential: route({
    ...managed,
    method: 'PUT',
    capabilities: [...CHANGE, 'seal_managed_key'],
    body: ManagedSecret,
    ifMatch: 'optional',
    answers: { 204: null },
    errors: writeErrors('credential_unreadable'),
  }),
  getManagedCredential: route({
    ...managed,
    method: 'GET',
    capabilities: ['read_user', 'open_managed_key'],
    etag: true,
    answers: { 200: ManagedCredential },
    errors: ['credential_not_found', 'credential_unreadable'],
  }),
  deleteManagedCredential: route({
    ...managed,
    method: 'DELETE',
    capabilities: [...CHANGE, 'delete_credential'],
    ifMatch: 'optional',
    answers: { 204: null },
    errors: writeErrors('credential_not_found'),
  }),
} as const;
