// Generated from openapi.json by `npm run openapi`: the methods of the clients, one for each route.
import type { CallOptions, RouteTable } from '../transport/call.ts';
import type {
  CheckResult,
  ConnectionCompletion,
  ConnectLink,
  ConsumedOAuthState,
  CreatedOAuthState,
  Credential,
  CredentialEdit,
  CredentialList,
  CredentialTitle,
  CredentialView,
  DeletedCredential,
  DeviceConnectionPoll,
  DeviceConnectionStatus,
  EditedUser,
  ErasedUser,
  ExportedUser,
  Health,
  ImportReport,
  ImportRequest,
  ManagedCredential,
  ManagedSecret,
  NewConnection,
  NewConnectLink,
  NewCredential,
  NewDeviceConnection,
  NewOAuthState,
  NewStaticCredential,
  OAuthStateToken,
  ProviderList,
  ResolvedCredential,
  ResolveRequest,
  StartedConnection,
  StartedDeviceConnection,
  SystemCredentialList,
} from './api-types.ts';

/** The routes of a trusted worker. */
export interface WorkerRoutes {
  /**
   * Check that the service answers: `GET /v1/health`.
   * Served by a function of its own without any right: it says that the service can be reached.
   */
  getHealth(options?: CallOptions): Promise<Health>;
  /**
   * List credentials: `GET /v1/users/{userId}/credentials`.
   * The user's own credentials in order of creation, then the system credentials the operator has configured, in the
   * order of the catalogue. The answer never contains a secret. `next`, when present, continues the list.
   */
  listCredentials(
    userId: string,
    options?: CallOptions & { provider?: string; limit?: number; after?: string },
  ): Promise<CredentialList>;
  /**
   * Store a credential: `POST /v1/users/{userId}/credentials`.
   * Stores a new credential. Give an `id` to make the request safe to repeat: a second attempt answers
   * `credential_exists` instead of storing another one.
   */
  addCredential(
    userId: string,
    body: NewCredential,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<CredentialView>;
  /**
   * Get a credential: `GET /v1/users/{userId}/credentials/{id}`.
   * The answer contains the secret, an OAuth access token as stored: resolve the credential for a token that works
   * now.
   */
  getCredential(userId: string, id: string, options?: CallOptions): Promise<Credential>;
  /**
   * Replace a credential: `PUT /v1/users/{userId}/credentials/{id}`.
   * Replaces the secret of a credential by one of the same type and provider. The id, the position in the list and
   * `createdAt` stay. An omitted `title` keeps the stored one; an omitted `expiresAt` means the new secret does not
   * expire.
   */
  replaceCredential(
    userId: string,
    id: string,
    body: NewCredential,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<CredentialView>;
  /**
   * Rename a credential: `PATCH /v1/users/{userId}/credentials/{id}`.
   * Changes the title of a credential and nothing else.
   */
  renameCredential(
    userId: string,
    id: string,
    body: CredentialTitle,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<CredentialView>;
  /**
   * Revoke and delete a credential: `DELETE /v1/users/{userId}/credentials/{id}`.
   * Revokes the tokens at the provider, within a few seconds, then deletes the credential whatever the provider
   * answered. Works on an unreadable credential too. Where only an access token can be revoked, one that has expired
   * is refreshed first. Nothing is revoked where that would end another credential of the same account.
   */
  deleteCredential(
    userId: string,
    id: string,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<DeletedCredential>;
  /**
   * Check a credential before it is stored: `POST /v1/users/{userId}/credentials/check`.
   * Asks the provider with a harmless call whether it takes the credential, and stores nothing. A provider that is out
   * of reach or overloaded, and one for which no such call is known, is `unknown`. A user has 60 checks at once, and
   * one more every five seconds.
   */
  checkCredential(userId: string, body: NewCredential, options?: CallOptions): Promise<CheckResult>;
  /**
   * Check a stored credential: `POST /v1/users/{userId}/credentials/{id}/check`.
   * As for one that is not stored. An expired access token is refreshed first. The result changes nothing of what is
   * stored.
   */
  checkStoredCredential(userId: string, id: string, options?: CallOptions): Promise<CheckResult>;
  /**
   * Start an OAuth connection: `POST /v1/users/{userId}/connections`.
   * Answers the URL to open in the browser of the user, and a `state` that only this user can complete. With
   * `credentialId` the connection adds scopes to a stored credential instead of storing a new one. With `mcpServerUrl`
   * an MCP server is connected: how it is authorized is found out, and a client registered there if need be.
   */
  startConnection(userId: string, body: NewConnection, options?: CallOptions): Promise<StartedConnection>;
  /**
   * Complete an OAuth connection: `POST /v1/users/{userId}/connections/complete`.
   * Exchanges the code the provider sent and stores the credential. Send the `receipt` that the browser brought back
   * from the callback, or `code` and `iss` where `callbackUrl` pointed at a page of your own. 201: a new credential;
   * 200: merged into the credential of the same account. A refused check leaves the state usable.
   */
  completeConnection(userId: string, body: ConnectionCompletion, options?: CallOptions): Promise<CredentialView>;
  /**
   * Start a device connection: `POST /v1/users/{userId}/device-connections`.
   * For a device without a browser (RFC 8628): show the user `userCode` and `verificationUri`, then poll. The device
   * code itself stays in the service.
   */
  startDeviceConnection(
    userId: string,
    body: NewDeviceConnection,
    options?: CallOptions,
  ): Promise<StartedDeviceConnection>;
  /**
   * Poll a device connection: `POST /v1/users/{userId}/device-connections/poll`.
   * Says whether the user has approved the device; once approved, answers the stored credential. Wait `interval`
   * seconds between polls, and five more after each `slow_down`.
   */
  pollDeviceConnection(
    userId: string,
    body: DeviceConnectionPoll,
    options?: CallOptions,
  ): Promise<DeviceConnectionStatus>;
  /**
   * Resolve a working credential: `POST /v1/users/{userId}/resolve`.
   * The main call: chooses the credential for a provider, id or URL, refreshes it if needed, and answers the headers
   * and query parameters to send. The user's own credential is chosen before the operator's; one that needs
   * reconnecting answers 409 and is never replaced by the key of the operator. A credential named by `credentialId`
   * that does not fit the rest of the request is `not_connected`.
   */
  resolveCredential(userId: string, body: ResolveRequest, options?: CallOptions): Promise<ResolvedCredential>;
  /**
   * Change many credentials at once: `POST /v1/users/{userId}/edit`.
   * Stores, replaces and deletes credentials in one transaction: all changes or none. A `put` whose id exists replaces
   * it, any other creates one. At most 99 changes.
   */
  editCredentials(
    userId: string,
    body: CredentialEdit,
    options: CallOptions & { ifMatch: number },
  ): Promise<EditedUser>;
  /**
   * Erase a user: `DELETE /v1/users/{userId}`.
   * Revokes the tokens of the user at their providers, then deletes credentials, managed keys and open flows. Writes
   * are refused meanwhile. Repeat the request after `store_busy`: it goes on where it ended.
   */
  eraseUser(userId: string, options?: CallOptions & { ifMatch?: number }): Promise<ErasedUser>;
  /**
   * List system credentials: `GET /v1/system/credentials`.
   * The credentials of the operator that are configured, which every user can use.
   */
  listSystemCredentials(options?: CallOptions): Promise<SystemCredentialList>;
  /**
   * Make a connect link: `POST /v1/users/{userId}/connect-links`.
   * Answers the URL of the connect page for this user, with a token in its fragment. Send it to the user and to no one
   * else: the first browser that opens it holds it. A link without `manage` is used up by its first success; what it
   * presets, its user cannot change.
   */
  createConnectLink(userId: string, body: NewConnectLink, options?: CallOptions): Promise<ConnectLink>;
  /**
   * Create an OAuth state: `POST /v1/users/{userId}/oauth-states`.
   * For an application that runs its own code exchange: a one-time state token, and the PKCE challenge (RFC 7636) of a
   * verifier that the service keeps until the state is consumed.
   */
  createOAuthState(userId: string, body: NewOAuthState, options?: CallOptions): Promise<CreatedOAuthState>;
  /**
   * Consume an OAuth state: `POST /v1/users/{userId}/oauth-states/consume`.
   * Answers what the state was created with, and the PKCE verifier. Works once per state; a request that names another
   * user or provider leaves the state usable.
   */
  consumeOAuthState(userId: string, body: OAuthStateToken, options?: CallOptions): Promise<ConsumedOAuthState>;
  /**
   * Store a managed key: `PUT /v1/users/{userId}/managed-credentials/{provider}`.
   * Stores the key that the operator holds for this user at a provider, replacing an earlier one.
   */
  putManagedCredential(
    userId: string,
    provider: string,
    body: ManagedSecret,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<void>;
  /**
   * Get a managed key: `GET /v1/users/{userId}/managed-credentials/{provider}`.
   * Answers the key that the operator holds for this user at a provider.
   */
  getManagedCredential(userId: string, provider: string, options?: CallOptions): Promise<ManagedCredential>;
  /**
   * Delete a managed key: `DELETE /v1/users/{userId}/managed-credentials/{provider}`.
   * Deletes the stored key. Nothing is called at the provider.
   */
  deleteManagedCredential(
    userId: string,
    provider: string,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<void>;
  /**
   * Import a document: `POST /v1/users/{userId}/import`.
   * Stores the credentials, managed keys and open OAuth flows of a document, in batches: not all or nothing. Each
   * entry is judged by itself, and what is stored already is never overwritten, so the request can be repeated: it
   * goes on where an earlier one ended (`not_reached`, 503). With `If-Match` the version is checked before each batch.
   */
  importUser(userId: string, body: ImportRequest, options?: CallOptions & { ifMatch?: number }): Promise<ImportReport>;
  /**
   * Export a user: `GET /v1/users/{userId}/export`.
   * Everything that is stored of a user, with the refresh tokens: at most 100 entries a page. A page is a document to
   * import. What cannot be read is shown with the reason `unreadable`. Open flows and what the operator configured are
   * not part of it.
   */
  exportUser(userId: string, options?: CallOptions & { after?: string }): Promise<ExportedUser>;
}

/** The routes of a trusted worker. */
export const workerRoutes = {
  getHealth: { method: 'GET', path: '/v1/health' },
  listCredentials: { method: 'GET', path: '/v1/users/{userId}/credentials' },
  addCredential: { method: 'POST', path: '/v1/users/{userId}/credentials', hasBody: true },
  getCredential: { method: 'GET', path: '/v1/users/{userId}/credentials/{id}' },
  replaceCredential: { method: 'PUT', path: '/v1/users/{userId}/credentials/{id}', hasBody: true },
  renameCredential: { method: 'PATCH', path: '/v1/users/{userId}/credentials/{id}', hasBody: true },
  deleteCredential: { method: 'DELETE', path: '/v1/users/{userId}/credentials/{id}' },
  checkCredential: { method: 'POST', path: '/v1/users/{userId}/credentials/check', hasBody: true },
  checkStoredCredential: { method: 'POST', path: '/v1/users/{userId}/credentials/{id}/check' },
  startConnection: { method: 'POST', path: '/v1/users/{userId}/connections', hasBody: true },
  completeConnection: { method: 'POST', path: '/v1/users/{userId}/connections/complete', hasBody: true },
  startDeviceConnection: { method: 'POST', path: '/v1/users/{userId}/device-connections', hasBody: true },
  pollDeviceConnection: { method: 'POST', path: '/v1/users/{userId}/device-connections/poll', hasBody: true },
  resolveCredential: { method: 'POST', path: '/v1/users/{userId}/resolve', hasBody: true },
  editCredentials: { method: 'POST', path: '/v1/users/{userId}/edit', hasBody: true },
  eraseUser: { method: 'DELETE', path: '/v1/users/{userId}' },
  listSystemCredentials: { method: 'GET', path: '/v1/system/credentials' },
  createConnectLink: { method: 'POST', path: '/v1/users/{userId}/connect-links', hasBody: true },
  createOAuthState: { method: 'POST', path: '/v1/users/{userId}/oauth-states', hasBody: true },
  consumeOAuthState: { method: 'POST', path: '/v1/users/{userId}/oauth-states/consume', hasBody: true },
  putManagedCredential: { method: 'PUT', path: '/v1/users/{userId}/managed-credentials/{provider}', hasBody: true },
  getManagedCredential: { method: 'GET', path: '/v1/users/{userId}/managed-credentials/{provider}' },
  deleteManagedCredential: { method: 'DELETE', path: '/v1/users/{userId}/managed-credentials/{provider}' },
  importUser: { method: 'POST', path: '/v1/users/{userId}/import', hasBody: true },
  exportUser: { method: 'GET', path: '/v1/users/{userId}/export' },
} as const satisfies RouteTable;

/** The routes of an end user. */
export interface UserRoutes {
  /**
   * Check that the service answers: `GET /v1/health`.
   * Served by a function of its own without any right: it says that the service can be reached.
   */
  getHealth(options?: CallOptions): Promise<Health>;
  /**
   * List providers: `GET /v1/providers`.
   * All providers a user can store a key for or connect to, in order of their names.
   */
  listProviders(options?: CallOptions): Promise<ProviderList>;
  /**
   * List credentials: `GET /v1/me/credentials`.
   * The user's own credentials in order of creation, then the system credentials the operator has configured, in the
   * order of the catalogue. The answer never contains a secret. `next`, when present, continues the list.
   */
  listCredentials(
    options?: CallOptions & { provider?: string; limit?: number; after?: string },
  ): Promise<CredentialList>;
  /**
   * Store a credential: `POST /v1/me/credentials`.
   * Stores a new credential. Give an `id` to make the request safe to repeat: a second attempt answers
   * `credential_exists` instead of storing another one.
   */
  addCredential(body: NewStaticCredential, options?: CallOptions & { ifMatch?: number }): Promise<CredentialView>;
  /**
   * Get a credential: `GET /v1/me/credentials/{id}`.
   * The answer never contains a secret.
   */
  getCredential(id: string, options?: CallOptions): Promise<CredentialView>;
  /**
   * Replace a credential: `PUT /v1/me/credentials/{id}`.
   * Replaces the secret of a credential by one of the same type and provider. The id, the position in the list and
   * `createdAt` stay. An omitted `title` keeps the stored one; an omitted `expiresAt` means the new secret does not
   * expire.
   */
  replaceCredential(
    id: string,
    body: NewStaticCredential,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<CredentialView>;
  /**
   * Rename a credential: `PATCH /v1/me/credentials/{id}`.
   * Changes the title of a credential and nothing else.
   */
  renameCredential(
    id: string,
    body: CredentialTitle,
    options?: CallOptions & { ifMatch?: number },
  ): Promise<CredentialView>;
  /**
   * Revoke and delete a credential: `DELETE /v1/me/credentials/{id}`.
   * Revokes the tokens at the provider, within a few seconds, then deletes the credential whatever the provider
   * answered. Works on an unreadable credential too. Where only an access token can be revoked, one that has expired
   * is refreshed first. Nothing is revoked where that would end another credential of the same account.
   */
  deleteCredential(id: string, options?: CallOptions & { ifMatch?: number }): Promise<DeletedCredential>;
  /**
   * Check a credential before it is stored: `POST /v1/me/credentials/check`.
   * Asks the provider with a harmless call whether it takes the credential, and stores nothing. A provider that is out
   * of reach or overloaded, and one for which no such call is known, is `unknown`. A user has 60 checks at once, and
   * one more every five seconds.
   */
  checkCredential(body: NewStaticCredential, options?: CallOptions): Promise<CheckResult>;
  /**
   * Check a stored credential: `POST /v1/me/credentials/{id}/check`.
   * As for one that is not stored. An expired access token is refreshed first. The result changes nothing of what is
   * stored.
   */
  checkStoredCredential(id: string, options?: CallOptions): Promise<CheckResult>;
  /**
   * Start an OAuth connection: `POST /v1/me/connections`.
   * Answers the URL to open in the browser of the user, and a `state` that only this user can complete. With
   * `credentialId` the connection adds scopes to a stored credential instead of storing a new one. With `mcpServerUrl`
   * an MCP server is connected: how it is authorized is found out, and a client registered there if need be.
   */
  startConnection(body: NewConnection, options?: CallOptions): Promise<StartedConnection>;
  /**
   * Complete an OAuth connection: `POST /v1/me/connections/complete`.
   * Exchanges the code the provider sent and stores the credential. Send the `receipt` that the browser brought back
   * from the callback, or `code` and `iss` where `callbackUrl` pointed at a page of your own. 201: a new credential;
   * 200: merged into the credential of the same account. A refused check leaves the state usable.
   */
  completeConnection(body: ConnectionCompletion, options?: CallOptions): Promise<CredentialView>;
  /**
   * Start a device connection: `POST /v1/me/device-connections`.
   * For a device without a browser (RFC 8628): show the user `userCode` and `verificationUri`, then poll. The device
   * code itself stays in the service.
   */
  startDeviceConnection(body: NewDeviceConnection, options?: CallOptions): Promise<StartedDeviceConnection>;
  /**
   * Poll a device connection: `POST /v1/me/device-connections/poll`.
   * Says whether the user has approved the device; once approved, answers the stored credential. Wait `interval`
   * seconds between polls, and five more after each `slow_down`.
   */
  pollDeviceConnection(body: DeviceConnectionPoll, options?: CallOptions): Promise<DeviceConnectionStatus>;
}

/** The routes of an end user. */
export const userRoutes = {
  getHealth: { method: 'GET', path: '/v1/health' },
  listProviders: { method: 'GET', path: '/v1/providers' },
  listCredentials: { method: 'GET', path: '/v1/me/credentials' },
  addCredential: { method: 'POST', path: '/v1/me/credentials', hasBody: true },
  getCredential: { method: 'GET', path: '/v1/me/credentials/{id}' },
  replaceCredential: { method: 'PUT', path: '/v1/me/credentials/{id}', hasBody: true },
  renameCredential: { method: 'PATCH', path: '/v1/me/credentials/{id}', hasBody: true },
  deleteCredential: { method: 'DELETE', path: '/v1/me/credentials/{id}' },
  checkCredential: { method: 'POST', path: '/v1/me/credentials/check', hasBody: true },
  checkStoredCredential: { method: 'POST', path: '/v1/me/credentials/{id}/check' },
  startConnection: { method: 'POST', path: '/v1/me/connections', hasBody: true },
  completeConnection: { method: 'POST', path: '/v1/me/connections/complete', hasBody: true },
  startDeviceConnection: { method: 'POST', path: '/v1/me/device-connections', hasBody: true },
  pollDeviceConnection: { method: 'POST', path: '/v1/me/device-connections/poll', hasBody: true },
} as const satisfies RouteTable;
