// The user plane: an end user, by the JWT of the application's identity provider; and what anyone may ask. Nothing here
// may open a secret.
import * as z from 'zod';
import { CredentialView } from '../domain/credential-view.ts';
import { NewStaticCredential } from '../domain/new-credential.ts';
import { ProviderView } from '../domain/provider-view.ts';
import { route } from './route.ts';
import { CHANGE, REPLACE_ERRORS, SEE, STORE, writing } from './route-groups.ts';
import { ById, CredentialList, Disconnected, NewTitle, ProviderFilter } from './wire-schemas.ts';

const MINE = '/v1/me/credentials';

export const userRoutes = {
  health: route({
    method: 'GET',
    path: '/v1/health',
    plane: 'public',
    function: 'user-api',
    summary: 'Says that the service answers',
    capabilities: [],
    answers: { 200: z.object({ status: z.literal('ok') }) },
  }),
  listProviders: route({
    method: 'GET',
    path: '/v1/providers',
    plane: 'user',
    function: 'user-api',
    summary: 'Lists the providers',
    capabilities: ['read_configuration'],
    answers: { 200: z.object({ providers: z.array(ProviderView) }) },
  }),

  listMyCredentials: route({
    method: 'GET',
    path: MINE,
    plane: 'user',
    function: 'user-api',
    summary: 'Lists my credentials and those the operator provides',
    capabilities: SEE,
    query: ProviderFilter,
    answers: { 200: CredentialList },
  }),
  addMyCredential: route({
    method: 'POST',
    path: MINE,
    plane: 'user',
    function: 'user-api',
    summary: 'Stores a credential of mine',
    capabilities: STORE,
    body: NewStaticCredential,
    ifMatch: 'optional',
    answers: { 201: CredentialView },
    errors: writing('credential_exists', 'credential_limit', 'system_credential'),
  }),
  getMyCredential: route({
    method: 'GET',
    path: `${MINE}/{id}`,
    plane: 'user',
    function: 'user-api',
    summary: 'Shows a credential of mine',
    capabilities: SEE,
    params: ById,
    answers: { 200: CredentialView },
    errors: ['credential_not_found'],
  }),
  replaceMyCredential: route({
    method: 'PUT',
    path: `${MINE}/{id}`,
    plane: 'user',
    function: 'user-api',
    summary: 'Replaces a credential of mine by one of the same type and provider',
    capabilities: STORE,
    params: ById,
    body: NewStaticCredential,
    ifMatch: 'optional',
    answers: { 200: CredentialView },
    errors: writing(...REPLACE_ERRORS, 'credential_unreadable'),
  }),
  renameMyCredential: route({
    method: 'PATCH',
    path: `${MINE}/{id}`,
    plane: 'user',
    function: 'user-api',
    summary: 'Changes the title of a credential of mine',
    capabilities: CHANGE,
    params: ById,
    body: NewTitle,
    ifMatch: 'optional',
    answers: { 200: CredentialView },
    errors: writing('credential_not_found', 'system_credential', 'credential_unreadable'),
  }),
  deleteMyCredential: route({
    method: 'DELETE',
    path: `${MINE}/{id}`,
    plane: 'user',
    function: 'connect-api',
    summary: 'Revokes a credential of mine at its provider and deletes it',
    capabilities: CHANGE,
    params: ById,
    ifMatch: 'optional',
    answers: { 200: Disconnected },
    errors: writing('credential_not_found', 'system_credential'),
  }),
} as const;
