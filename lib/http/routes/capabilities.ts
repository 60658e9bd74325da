// The capabilities that several routes share, named for what a handler does with them.
import type { Capability } from './route.ts';

type Capabilities = readonly Capability[];

/** Calling the token endpoint of an MCP server with the registered client of a grant, and noting that it is not known there. */
const GRANT_CLIENT: Capabilities = ['read_client', 'note_refused_client'];

/**
 * Reading views on the user plane: the names of the configured system keys come from a published row, and a damaged row that the
 * index lacks is looked for in the table.
 */
export const READ_VIEWS: Capabilities = ['read_user', 'read_whole_user', 'read_configuration'];
/** Listing on the runtime plane: the configured system keys are read at their source. */
export const LIST_FOR_WORKER: Capabilities = ['read_user', 'read_whole_user', 'read_system_keys'];
/** Reading one credential with its secret, the operator's included. */
export const READ_SECRET: Capabilities = ['read_user', 'open_secret', 'read_system_keys'];
/** Resolving may refresh a token, which needs the OAuth client and a lease, or hand the refresh over. */
export const RESOLVE: Capabilities = [
  ...READ_SECRET,
  'find_by_url',
  'read_oauth_clients',
  ...GRANT_CLIENT,
  'create_lease',
  'refresh_credential',
  'invoke_refresh',
];
/** Changing rows without sealing or opening a secret. */
export const CHANGE: Capabilities = ['read_user', 'write_user'];
/** Storing a new secret. It cannot be opened again with these. */
export const STORE: Capabilities = [...CHANGE, 'seal_secret'];
/** Storing on the user plane: the variables of providers come from a published row. */
export const STORE_AS_USER: Capabilities = [...STORE, 'read_configuration'];
/** Storing on the runtime plane: the variables of providers are read at their source. */
export const STORE_FOR_WORKER: Capabilities = [...STORE, 'read_oauth_clients'];
/** Replacing an OAuth credential keeps the stored refresh token, so it opens the old seal. */
export const STORE_AND_OPEN: Capabilities = [...STORE_FOR_WORKER, 'open_secret'];
/** Calling a provider with a stored grant needs the token and the OAuth client; a token that has expired is refreshed first. */
export const USE_GRANT: Capabilities = [
  'read_user',
  'open_secret',
  'read_oauth_clients',
  ...GRANT_CLIENT,
  'create_lease',
  'refresh_credential',
];
/** Deleting a credential ends its grant. */
export const REVOKE: Capabilities = [...CHANGE, 'delete_credential', ...USE_GRANT];
/** Asking a provider about a secret in the request: where its API is stands in the OAuth clients. */
export const CHECK: Capabilities = ['read_oauth_clients'];
/** Starting an OAuth flow needs the OAuth client's id, and the row of a credential that is reconnected. */
export const START_FLOW: Capabilities = ['read_credential', 'create_state', 'read_oauth_clients'];
/** Starting one on a device: a provider that the operator names by its issuer needs the metadata, which is read, sealed and cached. */
export const START_ON_DEVICE: Capabilities = [...START_FLOW, 'read_servers'];
/** Starting one by the URL of an MCP server: its metadata is read and cached, and a client registered where there is none. */
export const START_BY_URL: Capabilities = [...START_FLOW, 'read_servers', 'register_client'];
/** Making a connect link: what it presets is checked, and the variables of providers are read at their source. */
export const CREATE_LINK: Capabilities = ['read_user', 'create_link', 'read_oauth_clients'];
/** Finishing an OAuth flow exchanges the code, with the client that the flow was started with and that is kept from then on, and stores the tokens. */
export const FINISH_FLOW: Capabilities = [
  ...STORE_AND_OPEN,
  'consume_state',
  'read_oauth_clients',
  ...GRANT_CLIENT,
  'keep_client',
];
