// Credentials of a user, on every plane that offers them.

import { CredentialView } from '../../domain/credential/credential-view.ts';
import { CredentialList, CredentialTitle, DeletedCredential } from '../schemas/credentials.ts';
import { CredentialParams, ProviderFilter } from '../schemas/parameters.ts';
import { CHANGE, REVOKE, STORE } from './capabilities.ts';
import { REPLACE_ERRORS, writeErrors } from './error-groups.ts';
import type { PlaneSettings } from './planes.ts';
import { route } from './route.ts';

const tag = 'Credentials';

const ANSWER_OF_GET = {
  user: 'The answer never contains a secret.',
  runtime: 'The answer contains the secret, an OAuth access token as stored: call `resolve` for one that works now.',
  public: '',
};

/** List, add, get, replace, rename and delete, for the callers of one plane. */
export const credentialRoutes = <const P extends PlaneSettings>(plane: P) => {
  const all = `${plane.base}/credentials`;
  const one = `${all}/{id}`;
  // The casts keep the literal types of P: a property of a type parameter is otherwise read as its constraint's.
  const newCredential = plane.newCredential as P['newCredential'];
  const place = { plane: plane.plane, function: plane.credentialFunction as P['credentialFunction'], tag } as const;
  return {
    listCredentials: route({
      ...place,
      method: 'GET',
      path: all,
      summary: 'List credentials',
      description:
        "The user's own credentials in order of creation, then the system credentials the operator has configured, in the " +
        'order of the catalogue. The answer never contains a secret.',
      capabilities: plane.listCapabilities,
      query: ProviderFilter,
      etag: true,
      answers: { 200: CredentialList },
    }),
    addCredential: route({
      ...place,
      method: 'POST',
      path: all,
      summary: 'Store a credential',
      description:
        'Stores a new credential. Give an `id` to make the request safe to repeat: a second attempt answers ' +
        '`credential_exists` instead of storing another one.',
      capabilities: STORE,
      body: newCredential,
      ifMatch: 'optional',
      answers: { 201: CredentialView },
      errors: writeErrors('credential_exists', 'credential_limit', 'system_credential'),
    }),
    getCredential: route({
      ...place,
      method: 'GET',
      path: one,
      summary: 'Get a credential',
      description: ANSWER_OF_GET[plane.plane],
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
      summary: 'Replace a credential',
      description:
        'Replaces the secret of a credential by one of the same type and provider. The id, the position in the list and ' +
        '`createdAt` stay. An omitted `title` keeps the stored one; an omitted `expiresAt` means the new secret does not expire.',
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
      summary: 'Rename a credential',
      description: 'Changes the title of a credential and nothing else.',
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
      plane: plane.plane,
      function: plane.connectFunction as P['connectFunction'],
      tag,
      summary: 'Revoke and delete a credential',
      description:
        'Revokes the tokens at the provider, within a few seconds, then deletes the credential whatever the provider answered. ' +
        'Works on an unreadable credential too.',
      capabilities: REVOKE,
      params: CredentialParams,
      ifMatch: 'optional',
      answers: { 200: DeletedCredential },
      errors: writeErrors('credential_not_found', 'system_credential'),
    }),
  };
};
