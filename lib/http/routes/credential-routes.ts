// Credentials of a user, on every plane that offers them.

import { CredentialView } from '../../domain/credential/credential-view.ts';
import { CheckResult, NoBody } from '../schemas/checks.ts';
import { CredentialList, CredentialTitle, DeletedCredential } from '../schemas/credentials.ts';
import { CredentialParams, ListQuery } from '../schemas/parameters.ts';
import { CHANGE, CHECK, REVOKE, USE_GRANT } from './capabilities.ts';
import { REPLACE_ERRORS, writeErrors } from './error-groups.ts';
import type { PlaneSettings } from './planes.ts';
import { route } from './route.ts';

/** List, add, get, replace, rename, delete and check, for the callers of one plane. */
export const credentialRoutes = <const P extends PlaneSettings>(plane: P) => {
  const all = `${plane.base}/credentials`;
  const one = `${all}/{id}`;
  // The casts keep the literal types of P: a property of a type parameter is otherwise read as its constraint's.
  const newCredential = plane.newCredential as P['newCredential'];
  const place = {
    plane: plane.plane as P['plane'],
    function: plane.credentialFunction as P['credentialFunction'],
  } as const;
  const check = {
    method: 'POST',
    plane: plane.plane as P['plane'],
    function: plane.connectFunction as P['connectFunction'],
  } as const;
  return {
    listCredentials: route({
      ...place,
      method: 'GET',
      path: all,
      capabilities: plane.listCapabilities,
      query: ListQuery,
      etag: true,
      answers: { 200: CredentialList },
    }),
    addCredential: route({
      ...place,
      method: 'POST',
      path: all,
      capabilities: plane.addCapabilities,
      body: newCredential,
      ifMatch: 'optional',
      answers: { 201: CredentialView },
      errors: writeErrors('credential_exists', 'credential_limit', 'system_credential'),
    }),
    getCredential: route({
      ...place,
      method: 'GET',
      path: one,
      capabilities: plane.readCapabilities,
      params: CredentialParams,
      etag: true,
      answers: { 200: plane.credential },
      errors: ['credential_not_found', ...plane.readErrors],
    }),
    replaceCredential: route({
      ...place,
      method: 'PUT',
      path: one,
      capabilities: plane.replaceCapabilities,
      params: CredentialParams,
      body: newCredential,
      ifMatch: 'optional',
      answers: { 200: CredentialView },
      errors: writeErrors(...REPLACE_ERRORS, ...plane.replaceErrors),
    }),
    renameCredential: route({
      ...place,
      method: 'PATCH',
      path: one,
      capabilities: CHANGE,
      params: CredentialParams,
      body: CredentialTitle,
      ifMatch: 'optional',
      answers: { 200: CredentialView },
      errors: writeErrors('credential_not_found', 'system_credential', 'credential_unreadable'),
    }),
    deleteCredential: route({
      method: 'DELETE',
      path: one,
      plane: plane.plane as P['plane'],
      function: plane.connectFunction as P['connectFunction'],
      capabilities: REVOKE,
      params: CredentialParams,
      ifMatch: 'optional',
      answers: { 200: DeletedCredential },
      errors: writeErrors('credential_not_found', 'system_credential'),
    }),
    checkCredential: route({
      ...check,
      path: `${all}/check`,
      capabilities: CHECK,
      body: newCredential,
      answers: { 200: CheckResult },
    }),
    checkStoredCredential: route({
      ...check,
      path: `${one}/check`,
      capabilities: USE_GRANT,
      params: CredentialParams,
      body: NoBody,
      bodyOptional: true,
      answers: { 200: CheckResult },
      errors: ['credential_not_found', 'reconnect_required', 'credential_unreadable'],
    }),
  };
};
