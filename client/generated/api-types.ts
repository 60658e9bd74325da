// Generated from openapi.json by `npm run openapi`: what requests and answers hold.

/** A credential of a type whose secret a person holds. Secret part: at most 16,384 bytes. */
export type NewStaticCredential = NewApiKey | NewUserPassword | NewHostScoped;

/** An API key to store. */
export interface NewApiKey {
  /** The type of credential. */
  type: 'api_key';
  /** The provider the credential is for, such as `github`. */
  provider: string;
  /** A name for people: 1 to 256 characters, no control characters. */
  title?: string | undefined;
  /** The id of the credential. Made by the service if omitted. Makes a create safe to repeat. */
  id?: string | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
  /** The key, as the provider issued it: visible ASCII. White space at either end is dropped. Secret. */
  apiKey: string;
  /** When the key expires (ISO 8601, UTC). Omit it for a key that does not expire. */
  expiresAt?: string | undefined;
}

/** A user name and password to store. */
export interface NewUserPassword {
  /** The type of credential. */
  type: 'user_password';
  /** The provider the credential is for, such as `github`. */
  provider: string;
  /** A name for people: 1 to 256 characters, no control characters. */
  title?: string | undefined;
  /** The id of the credential. Made by the service if omitted. Makes a create safe to repeat. */
  id?: string | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
  /** The user name, without a colon. Stored as part of the secret. */
  username: string;
  /** The password; may be empty. Secret. */
  password: string;
}

/** Header fields to send to one host. */
export interface NewHostScoped {
  /** The type of credential. */
  type: 'host_scoped';
  /** The provider the credential is for, such as `github`. */
  provider: string;
  /** A name for people: 1 to 256 characters, no control characters. */
  title?: string | undefined;
  /** The id of the credential. Made by the service if omitted. Makes a create safe to repeat. */
  id?: string | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
  /** The host the headers may be sent to: `api.example.com`, `*.example.com` or `api.example.com:8443`. */
  host: string;
  /**
   * 1 to 32 HTTP header fields by name. Names a client sets itself, such as `host`, are refused. The values are
   * secret.
   */
  headers: Record<string, string>;
}

/** A new title. */
export interface CredentialTitle {
  /** The new title: 1 to 256 characters, no control characters. */
  title: string;
}

/** An empty object; it may be left out. */
export type NoBody = Record<string, never>;

/** An OAuth connection to start. */
export interface NewConnection {
  /** The provider to connect, such as `github`. */
  provider?: string | undefined;
  /** The URL of an MCP server to connect, in place of `provider`. */
  mcpServerUrl?: string | undefined;
  /**
   * With `mcpServerUrl`: the `WWW-Authenticate` value that the server answered (401 or 403), from which the scopes and
   * the place of its metadata are taken. Omitted, or without metadata to find: the server is asked.
   */
  challenge?: string | undefined;
  /**
   * The scopes to request, at most 200. Omitted or empty: the default scopes of the provider; of an MCP server, those
   * that its challenge or its metadata names.
   */
  scopes?: string[] | undefined;
  /** The oauth2 credential to add scopes to. */
  credentialId?: string | undefined;
  /**
   * Where the callback sends the browser back to. Its origin and path must be on the allow list; its query must not
   * name state, receipt or error.
   */
  returnUrl?: string | undefined;
  /** A page of your own that receives the code. The whole URL must be on the allow list. */
  callbackUrl?: string | undefined;
  /** Any JSON object, at most 4,096 bytes and 16 levels. Sealed with the tokens. */
  metadata?: Record<string, unknown> | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
}

/** What the browser of the user brought back. */
export type ConnectionCompletion = ReceiptCompletion | CodeCompletion;

/** Completes a connection that came back to the callback. */
export interface ReceiptCompletion {
  /** The `state` that starting the connection answered. Secret until used. */
  state: string;
  /** The receipt that the callback gave the browser. */
  receipt: string;
}

/** Completes a connection that came back to `callbackUrl`. */
export interface CodeCompletion {
  /** The `state` that starting the connection answered. Secret until used. */
  state: string;
  /** The authorization code that `callbackUrl` received: 1 to 4,096 characters. */
  code: string;
  /** The issuer that came with the code, if any (RFC 9207). */
  iss?: string | undefined;
  /**
   * The other parameters that came with the code. Those that the record of the provider names are kept or name the
   * tenant, such as the company of QuickBooks; the rest is ignored.
   */
  parameters?: Record<string, string> | undefined;
}

/** A device connection to start. */
export interface NewDeviceConnection {
  /** The provider to connect, such as `github`. */
  provider: string;
  /**
   * The scopes to request, at most 200. Omitted or empty: the default scopes of the provider; of an MCP server, those
   * that its challenge or its metadata names.
   */
  scopes?: string[] | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
}

/** The device connection to ask about. */
export interface DeviceConnectionPoll {
  /** The `state` that starting the connection answered. Secret until used. */
  state: string;
}

/** What a provider lets the browser post. */
export interface CallbackForm {
  /** The state of the connection. */
  state?: string | string[] | undefined;
  /** The authorization code (RFC 6749 §4.1.2). */
  code?: string | string[] | undefined;
  /** The issuer of the code (RFC 9207). */
  iss?: string | string[] | undefined;
  /** Why the provider gave no code (RFC 6749 §4.1.2.1). */
  error?: string | string[] | undefined;
}

/** A credential of any type. Secret part: at most 16,384 bytes. */
export type NewCredential = NewApiKey | NewUserPassword | NewHostScoped | NewOAuth2;

/** Tokens that the caller obtained itself. Accepted on the runtime plane only. */
export interface NewOAuth2 {
  /** The type of credential. */
  type: 'oauth2';
  /** The provider the credential is for, such as `github`. */
  provider: string;
  /** A name for people: 1 to 256 characters, no control characters. */
  title?: string | undefined;
  /** The id of the credential. Made by the service if omitted. Makes a create safe to repeat. */
  id?: string | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
  /** The access token. Secret. */
  accessToken: string;
  /** The refresh token. Secret. Omitted in a replacement: the stored one is kept. */
  refreshToken?: string | undefined;
  /** When the access token expires (ISO 8601, UTC). Omit it for a token that does not expire. */
  accessTokenExpiresAt?: string | undefined;
  /** When the refresh token expires (ISO 8601, UTC), where the provider says so. */
  refreshTokenExpiresAt?: string | undefined;
  /** The scopes the token was granted: at most 200. */
  scopes: string[];
  /** The name of the account at the provider, for people: 1 to 256 characters. */
  username?: string | undefined;
  /** Any JSON object, at most 4,096 bytes and 16 levels. Sealed with the token. */
  metadata?: Record<string, unknown> | undefined;
}

/** The call the credential is for. At least one of `provider`, `credentialId` and `url`. */
export interface ResolveRequest {
  /** The provider to call, such as `github`. */
  provider?: string | undefined;
  /** One credential; the other members must then fit it. */
  credentialId?: string | undefined;
  /**
   * The URL to call: chooses the host_scoped credential that matches it. A key or token of a provider whose API hosts
   * are known is answered only for a URL at one of them, over https.
   */
  url?: string | undefined;
  /** The scopes the token must cover, at most 200. */
  scopes?: string[] | undefined;
  /** Refreshes a token that expires within so many seconds (0 to 86,400). Default: the setting of the deployment, 300. */
  minTtlSeconds?: number | undefined;
  /**
   * The `tokenRef` of an earlier answer whose token or key the API refused (401). If it is still the stored one, it is
   * refreshed once for all callers who report it; any other value changes nothing.
   */
  refusedTokenRef?: string | undefined;
}

/** Changes to make together: `put` and `delete` hold at most 99 entries in all, each id once. */
export interface CredentialEdit {
  /** Credentials to store; an existing `id` is replaced. */
  put?: NewCredential[] | undefined;
  /** Ids of the credentials to delete. Nothing is revoked. */
  delete?: string[] | undefined;
}

/** A connect link to make. */
export interface NewConnectLink {
  /** The only provider that can be connected; omitted: all. */
  provider?: string | undefined;
  /** The only MCP server that can be connected, in place of `provider`. */
  mcpServerUrl?: string | undefined;
  /** The oauth2 credential to reconnect or to give more scopes, and no other. */
  credentialId?: string | undefined;
  /** The scopes to request, with `provider`, `mcpServerUrl` or `credentialId`. */
  scopes?: string[] | undefined;
  /** Values for the placeholders in the URLs of the provider, such as a tenant or shop. */
  variables?: Record<string, string> | undefined;
  /** Where the page leads in the end. Its origin and path must be on the allow list. */
  returnUrl?: string | undefined;
  /** Whether the page also shows, renames and disconnects, and stays usable after a success. */
  manage?: boolean | undefined;
  /** How long the link is valid: 60 to 604,800 seconds, 1,800 by default. */
  expiresInSeconds?: number | undefined;
}

/** An OAuth state to create. */
export interface NewOAuthState {
  /** The provider; consuming must name the same. */
  provider: string;
  /** The scopes the application requests, at most 200. Kept with the state. */
  scopes: string[];
  /** The redirect URI the application uses. The whole URL must be on the allow list. Kept with the state. */
  callbackUrl?: string | undefined;
  /** Any JSON object, at most 4,096 bytes and 16 levels. Kept with the state. */
  metadata?: Record<string, unknown> | undefined;
  /** The API key on whose behalf the flow was started: 1 to 256 characters. Kept with the state. */
  initiatedByApiKeyId?: string | undefined;
}

/** The state to consume. */
export interface OAuthStateToken {
  /** The `state` that came back from the provider. */
  token: string;
  /** The provider the state was created for. */
  provider: string;
}

/** A managed key to store. */
export interface ManagedSecret {
  /** The key: 1 to 16,384 characters. Secret. */
  secret: string;
}

/** A document of one user to import. */
export interface ImportRequest {
  /**
   * `autogpt`: the decrypted document of AutoGPT’s store of integrations. `keyhold`: a page of an export, or
   * credentials as they are sent to be stored.
   */
  format: 'autogpt' | 'keyhold';
  /**
   * One user’s document: at most 10,000 entries of at most 128 KB. Unknown fields are ignored. Each entry is judged by
   * itself.
   */
  document: Record<string, unknown>;
}

/** The service answers. */
export interface Health {
  /** Always `ok`. */
  status: 'ok';
}

/** A refusal in the words of API Gateway, mostly before the service was reached. */
export interface GatewayRefusal {
  /** The words of API Gateway. */
  message: string;
}

/** A problem document (RFC 9457). */
export interface Problem {
  /** `urn:keyhold:problem:` and the code. */
  type: string;
  /** One line for a person; the same for every occurrence of the code. */
  title: string;
  /** The HTTP status. */
  status: number;
  code: ErrorCode;
  /** The request id, which the logs of the service have too. */
  instance: string;
  /** More about this occurrence. Never in a 5xx. */
  detail?: string | undefined;
  /** With `invalid_request`: up to 20 broken rules. */
  errors?: Violation[] | undefined;
  /** With `server_not_connectable`: the hop that failed. */
  step?: DiscoveryStep | undefined;
  /**
   * With `reconnect_required`: why the credential cannot be used. With `server_not_connectable`: why the server cannot
   * be connected.
   */
  reason?: BrokenReason | NotConnectableReason | undefined;
  /** With `insufficient_scopes` and `scopes_narrowed`: the scopes that are not covered. */
  missingScopes?: string[] | undefined;
  /** On the runtime plane, where a provider refused: its own error word, if it has one. */
  providerError?: string | undefined;
  /** With `version_conflict`: the present version of the user. */
  currentVersion?: number | undefined;
  /** With `credential_not_found` of an edit: the unknown id. */
  credentialId?: string | undefined;
}

/**
 * What went wrong. New codes may be added.
 * - `invalid_request`: The path, a header, the query or the body breaks a rule of the contract; `errors` says which
 * and where.
 * - `state_invalid`: The state is unknown, expired, already used or of another user, or the receipt, code or issuer
 * does not belong to it.
 * - `url_not_allowed`: A return URL or callback URL is not on the allow list of the deployment, or the `url` of a call
 * is not at a host of the provider’s API.
 * - `not_upgradable`: The credential named by `credentialId` is not an OAuth credential of this provider, or it
 * changed since the connection started.
 * - `connection_denied`: The user or the provider refused the authorization.
 * - `device_flow_unsupported`: The provider has no device authorization endpoint (RFC 8628).
 * - `too_many_changes`: An edit contains more changes than one transaction can hold (99).
 * - `link_invalid`: The connect link is missing, unknown, expired, used up or another browser’s: one answer for all of
 * them. Ask the application for a new link.
 * - `link_not_allowed`: The connect link is valid and does not allow this: another provider, other scopes, or what
 * only a link with `manage` may do.
 * - `system_credential`: The id belongs to a credential of the operator, which users can use and cannot create, change
 * or delete.
 * - `credential_not_found`: The user has no credential with this id. Ids of other users and malformed ids get the same
 * answer.
 * - `not_connected`: Neither the user nor the operator has a credential for this provider, id or URL.
 * - `provider_unknown`: The provider is neither in the catalogue nor configured by the operator.
 * - `account_mismatch`: The user approved with another account at the provider than the one of the credential to
 * upgrade.
 * - `credential_exists`: The user already has a credential with the `id` given for a new one.
 * - `credential_limit`: The user already has the maximum number of credentials.
 * - `credential_unreadable`: The credential is stored and cannot be decrypted or was written by a newer version of the
 * service.
 * - `insufficient_scopes`: No credential for this call covers the requested scopes; `missingScopes` lists those to ask
 * the user for.
 * - `provider_mismatch`: A replacement names another provider than the stored credential.
 * - `reconnect_required`: The credential expired or can no longer be refreshed; `reason` says why.
 * - `scopes_narrowed`: A replacement covers fewer scopes than the stored credential; `missingScopes` lists those it
 * lacks.
 * - `type_mismatch`: A replacement is of another type than the stored credential.
 * - `user_erasing`: An erasure of the user is running; writes are refused until it has finished.
 * - `version_conflict`: `If-Match` does not name the present version of the user; `currentVersion` is the present one.
 * - `body_too_large`: The body is larger than 65,536 bytes; of an import, than 4,194,304.
 * - `unsupported_media_type`: The Content-Type of the body is missing or not JSON.
 * - `precondition_required`: The operation needs an `If-Match` header and the request has none.
 * - `too_many_open_states`: The user has as many OAuth flows or connect links as may be open at the same time.
 * - `internal_error`: The service failed in a way it has no code for; the log has the cause under the request id.
 * - `provider_not_configured`: The provider is in the catalogue and the operator has set no OAuth client for it.
 * - `provider_rejected`: The provider refused the request, answered with an error, or could not be reached.
 * - `server_not_connectable`: The MCP server of `mcpServerUrl`, or its authorization server, cannot be connected;
 * `step` says where and `reason` why.
 * - `keys_unavailable`: The key service (KMS) cannot be reached, refuses, or does not answer in time.
 * - `refresh_unavailable`: The access token has expired and cannot be refreshed at the moment.
 * - `secrets_unavailable`: The operator's keys or OAuth clients (Secrets Manager) cannot be read.
 * - `store_busy`: Throttling or concurrent writers kept this request from finishing within its retries.
 * - `store_unavailable`: The table (DynamoDB) cannot be reached, refuses, or does not answer within the retries; a
 * write may have happened.
 * - `timed_out`: The function ran out of its own time limit; a write may have happened, so read before repeating it
 * without an id.
 */
export type ErrorCode =
  | 'invalid_request'
  | 'state_invalid'
  | 'url_not_allowed'
  | 'not_upgradable'
  | 'connection_denied'
  | 'device_flow_unsupported'
  | 'too_many_changes'
  | 'link_invalid'
  | 'link_not_allowed'
  | 'system_credential'
  | 'credential_not_found'
  | 'not_connected'
  | 'provider_unknown'
  | 'account_mismatch'
  | 'credential_exists'
  | 'credential_limit'
  | 'credential_unreadable'
  | 'insufficient_scopes'
  | 'provider_mismatch'
  | 'reconnect_required'
  | 'scopes_narrowed'
  | 'type_mismatch'
  | 'user_erasing'
  | 'version_conflict'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'precondition_required'
  | 'too_many_open_states'
  | 'internal_error'
  | 'provider_not_configured'
  | 'provider_rejected'
  | 'server_not_connectable'
  | 'keys_unavailable'
  | 'refresh_unavailable'
  | 'secrets_unavailable'
  | 'store_busy'
  | 'store_unavailable'
  | 'timed_out';

/** One broken rule of the request. */
export interface Violation {
  /** Where: a JSON pointer into the body as a URI fragment (RFC 6901); `#` is all. */
  pointer: string;
  /** What is wrong there. Never repeats the value. */
  detail: string;
}

/**
 * `challenge`: the request without a token that makes the server say how it is authorized. `resource_metadata`: the
 * server’s own metadata (RFC 9728). `authorization_server_metadata`: the metadata of its authorization server (RFC
 * 8414, OpenID). `registration`: the registration of a client there (RFC 7591).
 */
export type DiscoveryStep = 'challenge' | 'resource_metadata' | 'authorization_server_metadata' | 'registration';

/**
 * `expired`: the key is past its expiry. `invalid_grant`: the refresh token was refused. `uncertain_refresh`: a
 * refresh was sent and its answer lost, so the refresh token may be spent. `no_refresh_token`: the access token
 * expired and there is none. `refused`: the API refused the key or token, and it cannot be refreshed, or the provider
 * has refused every refresh for a day, in words of its own. `issuer_changed`: the MCP server has another authorization
 * server now. `client_gone`: the OAuth client that the MCP server’s tokens were issued to is no longer known.
 * `unreadable`: the stored credential cannot be read.
 */
export type BrokenReason =
  | 'expired'
  | 'invalid_grant'
  | 'uncertain_refresh'
  | 'no_refresh_token'
  | 'refused'
  | 'issuer_changed'
  | 'client_gone'
  | 'unreadable';

/**
 * Why a server cannot be connected. New reasons may be added.
 * - `url_not_allowed`: It names a URL that may not be called.
 * - `unreachable`: It cannot be reached.
 * - `too_slow`: It did not answer in time.
 * - `server_error`: It answered with an error.
 * - `redirected`: It answered with a redirect, which is not followed.
 * - `invalid_reply`: Its answer is too large or cannot be decoded.
 * - `not_protected`: It asks for no authorization, so there is nothing to connect.
 * - `no_metadata`: It has no metadata where the specification looks for it.
 * - `invalid_metadata`: Its metadata is not valid.
 * - `resource_mismatch`: Its metadata is about another resource.
 * - `no_authorization_server`: Its metadata names no authorization server that may be called.
 * - `issuer_mismatch`: Its metadata is that of another issuer.
 * - `pkce_unsupported`: It does not offer PKCE with S256.
 * - `code_flow_unsupported`: It does not offer the authorization code flow.
 * - `registration_unsupported`: It registers no clients, and the operator has set none for it.
 * - `registration_refused`: It refused to register a client.
 * - `redirect_uri_refused`: It does not accept the redirect URI of this service.
 * - `client_auth_unsupported`: It offers no client authentication that is known here.
 * - `invalid_registration`: Its answer to the registration of a client is not valid.
 */
export type NotConnectableReason =
  | 'url_not_allowed'
  | 'unreachable'
  | 'too_slow'
  | 'server_error'
  | 'redirected'
  | 'invalid_reply'
  | 'not_protected'
  | 'no_metadata'
  | 'invalid_metadata'
  | 'resource_mismatch'
  | 'no_authorization_server'
  | 'issuer_mismatch'
  | 'pkce_unsupported'
  | 'code_flow_unsupported'
  | 'registration_unsupported'
  | 'registration_refused'
  | 'redirect_uri_refused'
  | 'client_auth_unsupported'
  | 'invalid_registration';

/** The providers of this deployment. */
export interface ProviderList {
  /** The providers, in order of `provider`. */
  providers: ProviderView[];
}

/** A provider a user can store a key for or connect to. */
export interface ProviderView {
  /** The name to use in requests, such as `github`. */
  provider: string;
  /** The name to show to people. */
  displayName: string;
  /** The types of credentials this provider takes. */
  authTypes: CredentialType[];
  /** OAuth of this provider; null when it has none. */
  oauth: ProviderOAuth | null;
  /** What a person fills in, by the type of credential; a type that is not typed in is absent. */
  fields: Record<string, ProviderField[]>;
  /** The variables of the URLs of this provider, to send as `variables`; empty: none. */
  variables: ProviderVariable[];
  /** Whether a call is known that tells if a credential of this provider works; without one, a check is `unknown`. */
  verifiable: boolean;
  /** Whether the operator has set a key of its own that users can use. */
  system: boolean;
}

/**
 * `api_key`: one key. `oauth2`: tokens that are refreshed. `user_password`: HTTP Basic. `host_scoped`: header fields
 * for one host.
 */
export type CredentialType = 'api_key' | 'oauth2' | 'user_password' | 'host_scoped';

/** How a provider can be connected by OAuth. */
export interface ProviderOAuth {
  /** Whether the operator has set an OAuth client, so users can connect. */
  configured: boolean;
  /** The scopes requested when a connection names none. */
  defaultScopes: string[];
  /** Whether it can be connected with a device code (RFC 8628). */
  device: boolean;
}

/** A field to fill in for a credential. */
export interface ProviderField {
  /** The name of the field in the request. */
  name: string;
  /** What to show beside the field, in English. */
  label: string;
  /** Whether to hide what is typed. */
  secret: boolean;
  /** Whether a credential without it is refused. */
  required: boolean;
}

/** A variable of the URLs of a provider, such as a tenant. */
export interface ProviderVariable {
  /** The name in `variables`. */
  name: string;
  /** What to show beside the field, in English. */
  label: string;
  /** Whether it has no default. */
  required: boolean;
  /** The values to choose from; absent: any text that fits. */
  oneOf?: string[] | undefined;
  /** A value to show as an example; absent: none. */
  example?: string | undefined;
  /** The value where it is omitted; absent: none. */
  default?: string | undefined;
}

/** The page, as one HTML document. Sent with gzip to a browser that takes it. */
export type ConnectPage = string;

/** This deployment as an OAuth client. */
export interface ClientMetadataDocument {
  /** The URL of this document. Authorization servers compare it as text. */
  client_id: string;
  /** What a consent page shows (setting `CONNECT_PAGE_NAME`). */
  client_name: string;
  /** The address of the OAuth callback. */
  redirect_uris: string[];
  /** What tokens are asked for with. */
  grant_types: string[];
  /** What the callback receives. */
  response_types: string[];
  /** A client without a secret; PKCE is always used. */
  token_endpoint_auth_method: 'none';
  /** `native` only where the callback is on loopback (OpenID Connect Registration §2). */
  application_type: 'web' | 'native';
}

/** The credentials of a user and those of the operator. */
export interface CredentialList {
  /** The version of the user: 0 when never written, +1 with every change. */
  version: number;
  /** The credentials, in order. */
  credentials: CredentialView[];
  /** Every provider the user can use now, whatever the filter of the request. */
  providers: string[];
  /** Send it as `after` for the rest of the list; absent at its end. */
  next?: string | undefined;
}

/** A credential without its secret. */
export interface CredentialView {
  /** The id, unique per user. Opaque: not always a UUID. */
  id: string;
  /** The provider. null only when unreadable. */
  provider: string | null;
  /** The type. null only when unreadable. */
  type: CredentialType | null;
  /** A name for people; null when none was given. */
  title: string | null;
  /** `user`: stored for this user. `system`: of the operator, for all users to use. */
  source: 'user' | 'system';
  /**
   * `active`: usable. `reconnect_required`: the user must connect again or replace it. `unreadable`: stored, and
   * cannot be read.
   */
  status: 'active' | 'reconnect_required' | 'unreadable';
  /** Why the status is not `active`; null when it is. */
  reason: BrokenReason | null;
  /** The account name at the provider (oauth2 only), or null. */
  username: string | null;
  /** The granted scopes (oauth2 only), else null. */
  scopes: string[] | null;
  /** The host pattern (host_scoped only), else null. */
  host: string | null;
  /** The MCP server that the token is for, and the only one that gets it; null for everything else. */
  resource: string | null;
  /**
   * What calls need besides the token, such as the URL of an instance or a company: the variables and what the record
   * of the provider keeps. Nothing secret; null when there is none.
   */
  data: Record<string, string> | null;
  /** When the key or access token expires (ISO 8601, UTC); null: it does not, or it is not known. */
  expiresAt: string | null;
  /** Counts the changes of this credential, 1 at creation; null if system or unreadable. */
  version: number | null;
  /** When it was stored (ISO 8601, UTC); null if system or unreadable. */
  createdAt: string | null;
  /** When it was last changed (ISO 8601, UTC), token refreshes not counted; null if system or unreadable. */
  updatedAt: string | null;
}

/** What was revoked at the provider before the credential was deleted. */
export interface DeletedCredential {
  /** Always true. */
  deleted: true;
  /**
   * `true`: the provider revoked the tokens. `false`: it did not, and they may still work there. null: there was
   * nothing to revoke, no way to, or another credential lives on the same grant.
   */
  revoked: boolean | null;
  /** The tokens that the provider confirmed as revoked. */
  revokedTokens: ('access_token' | 'refresh_token')[];
}

/** What the provider says of a credential. */
export interface CheckResult {
  /**
   * `valid`: the provider takes it. `invalid`: the provider refuses it. `unknown`: the provider was not reached, is
   * overloaded, or no call is known that tells.
   */
  result: 'valid' | 'invalid' | 'unknown';
  /** The HTTP status of the provider; null without a reply. */
  providerStatus: number | null;
  /** Whose it is, where the reply says so; else null. */
  account: CheckedAccount | null;
}

/** The account at the provider. */
export interface CheckedAccount {
  /** The id of the account at the provider. */
  id: string;
  /** The name of the account, for people; null if it has none. */
  name: string | null;
}

/** A started OAuth connection. */
export interface StartedConnection {
  /** Names this connection. Secret: keep it with the user who started. */
  state: string;
  /** The URL to open in the browser of the user. */
  authorizationUrl: string;
  /** When the state expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** A started device connection (RFC 8628 §3.2). */
export interface StartedDeviceConnection {
  /** Names this connection. Secret: keep it with the user who started. */
  state: string;
  /** The code the user types in, to be shown as it is. */
  userCode: string;
  /** The page the user opens on another device. */
  verificationUri: string;
  /** The same page with the code filled in, if the provider has one. */
  verificationUriComplete?: string | undefined;
  /** Seconds to wait between two polls. */
  interval: number;
  /** When the state expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** How far a device connection is. */
export interface DeviceConnectionStatus {
  /**
   * `pending`: not decided yet. `slow_down`: wait five seconds longer between polls. `approved`: the credential is
   * stored. `denied`: the user refused. `expired`: start again.
   */
  status: 'pending' | 'slow_down' | 'approved' | 'denied' | 'expired';
  /** The stored credential when approved (null if it has been deleted since), else null. */
  credential: CredentialView | null;
}

/** An HTML page. A receipt, if there is one, is the text of the element with the id `receipt`. */
export type CallbackPage = string;

/** What a link allows. */
export interface LinkView {
  /** Whether the link shows, renames and disconnects credentials. */
  manage: boolean;
  /** The providers that the link allows. */
  providers: ProviderView[];
  /** What the link fills in; null: nothing. */
  preset: LinkPreset | null;
  /** With `manage`, the own credentials of the user; else null. */
  credentials: CredentialView[] | null;
  /** Where to lead in the end; null: nowhere. */
  returnUrl: string | null;
  /** When the link expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** What the link fills in and does not let its user change; null: open. */
export interface LinkPreset {
  /** The only provider that can be connected. */
  provider: string | null;
  /** The only MCP server that can be connected. */
  mcpServerUrl: string | null;
  /** The only credential that can be reconnected. */
  credentialId: string | null;
  /** The scopes that are requested. */
  scopes: string[] | null;
  /** Values of variables, as given. */
  variables: Record<string, string> | null;
}

/** A credential with its secret. */
export interface Credential {
  /** The id, unique per user. Opaque: not always a UUID. */
  id: string;
  /** The provider. null only when unreadable. */
  provider: string | null;
  /** The type. null only when unreadable. */
  type: CredentialType | null;
  /** A name for people; null when none was given. */
  title: string | null;
  /** `user`: stored for this user. `system`: of the operator, for all users to use. */
  source: 'user' | 'system';
  /**
   * `active`: usable. `reconnect_required`: the user must connect again or replace it. `unreadable`: stored, and
   * cannot be read.
   */
  status: 'active' | 'reconnect_required' | 'unreadable';
  /** Why the status is not `active`; null when it is. */
  reason: BrokenReason | null;
  /** The account name at the provider (oauth2 only), or null. */
  username: string | null;
  /** The granted scopes (oauth2 only), else null. */
  scopes: string[] | null;
  /** The host pattern (host_scoped only), else null. */
  host: string | null;
  /** The MCP server that the token is for, and the only one that gets it; null for everything else. */
  resource: string | null;
  /**
   * What calls need besides the token, such as the URL of an instance or a company: the variables and what the record
   * of the provider keeps. Nothing secret; null when there is none.
   */
  data: Record<string, string> | null;
  /** When the key or access token expires (ISO 8601, UTC); null: it does not, or it is not known. */
  expiresAt: string | null;
  /** Counts the changes of this credential, 1 at creation; null if system or unreadable. */
  version: number | null;
  /** When it was stored (ISO 8601, UTC); null if system or unreadable. */
  createdAt: string | null;
  /** When it was last changed (ISO 8601, UTC), token refreshes not counted; null if system or unreadable. */
  updatedAt: string | null;
  /** The secret; its shape follows from `type`. */
  secret: PublicSecret;
  /** What the caller gave when the credential was made (oauth2 only); null when nothing. */
  metadata: Record<string, unknown> | null;
}

/** The secret of an `api_key` credential. */
export interface ApiKeySecret {
  /** The key. */
  apiKey: string;
}

/** The secret of a `user_password` credential. */
export interface UserPasswordSecret {
  /** The user name. */
  username: string;
  /** The password; may be empty. */
  password: string;
}

/** The secret of a `host_scoped` credential. */
export interface HostScopedSecret {
  /** Header values by lower-case name. */
  headers: Record<string, string>;
}

/** The secret of an `oauth2` credential. A refresh token never leaves the service. */
export interface AccessTokenSecret {
  /** The access token. */
  accessToken: string;
  /** The secret values that came with the grant, such as a webhook; absent when there is none. */
  data?: Record<string, string> | undefined;
}

/** The secret of a credential; its shape follows from the `type`. */
export type PublicSecret = ApiKeySecret | UserPasswordSecret | HostScopedSecret | AccessTokenSecret;

/** A credential that works now, and how to send it. */
export interface ResolvedCredential {
  credential: Credential;
  /** Header fields to send, by lower-case name. */
  headers: Record<string, string>;
  /** Query parameters to send, by name. */
  query: Record<string, string>;
  /** What to append the path of a call to, if it is known; else null. */
  baseUrl: string | null;
  /** When the key or token expires (ISO 8601, UTC); null: it does not. */
  expiresAt: string | null;
  /** `true`: the token still works, for less than the requested time. */
  stale: boolean;
  /**
   * Names the token or key in this answer, and reveals nothing of it. Send it back as `refusedTokenRef` if the API
   * answers 401.
   */
  tokenRef: string;
}

/** The edit was made. */
export interface EditedUser {
  /** The new version of the user. */
  version: number;
}

/** What was erased. A repeated request counts only what it deleted itself. */
export interface ErasedUser {
  /** How many credentials this request deleted. */
  credentials: number;
  /** How many managed keys this request deleted. */
  managed: number;
  /** How many credentials this request revoked at their providers. */
  revoked: number;
}

/** The credentials of the operator. */
export interface SystemCredentialList {
  /** The configured ones, in catalogue order. */
  credentials: CredentialView[];
}

/** A connect link. */
export interface ConnectLink {
  /** The page to open in the browser of the user; the fragment is the token. */
  url: string;
  /** When the link expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** A state and a PKCE challenge, to send to the provider. */
export interface CreatedOAuthState {
  /** The `state` parameter to send to the provider. Works once. */
  token: string;
  /** The `code_challenge` to send to the provider (RFC 7636). */
  codeChallenge: string;
  /** The `code_challenge_method` to send: always S256. */
  codeChallengeMethod: 'S256';
  /** When the state expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** What was kept under a state. */
export interface ConsumedOAuthState {
  /** The provider the state was created for. */
  provider: string;
  /** The scopes the state was created with. */
  scopes: string[];
  /** The `code_verifier` for the token request (RFC 7636). Secret. */
  codeVerifier: string;
  /** The redirect URI, or null. */
  callbackUrl: string | null;
  /** The JSON object of the caller, or null. */
  metadata: Record<string, unknown> | null;
  /** The API key that started the flow, or null. */
  initiatedByApiKeyId: string | null;
  /** When the state expires (ISO 8601, UTC). */
  expiresAt: string;
}

/** A managed key. */
export interface ManagedCredential {
  /** The stored key. */
  secret: string;
}

/** What became of each entry of the document. */
export interface ImportReport {
  /** The ids that were stored, in the order of the document; `managed/<provider>`, `state/<index>`. */
  imported: string[];
  /** What was not stored, in the order of the document. */
  skipped: SkippedEntry[];
}

/** An entry that was not stored. */
export interface SkippedEntry {
  /** The id of the entry; `credential/<index>` where its own is unusable, `managed/<provider>`, `state/<index>`. */
  id: string;
  reason: SkipReason;
}

/**
 * Why. Reasons may be added.
 * - `exists`: The user has a credential, managed key or open flow under this id. It is left as it is.
 * - `duplicate_id`: An earlier entry of the document has the same id.
 * - `system_credential`: The id belongs to a credential of the operator.
 * - `credential_limit`: The user has the maximum number of credentials.
 * - `state_limit`: The user has as many open flows as are allowed.
 * - `not_reached`: The time of the request was over. Send the document again: what is stored is then skipped as
 * `exists`.
 * - `unreadable`: The export could not read it, so there is no secret to store.
 * - `expired_state`: The OAuth flow has expired.
 * - `masked_secret`: A secret is ten asterisks: the document was written without the secrets.
 * - `secret_too_large`: The secret part is too large.
 * - `entry_too_large`: The entry has more than 128 KB.
 * - `invalid_entry`: The entry is no object.
 * - `invalid_id`: The id is missing or malformed.
 * - `invalid_type`: The type is missing or unknown.
 * - `invalid_provider`: The provider is missing or malformed.
 * - `invalid_title`: The title is too long or has control characters.
 * - `invalid_secret`: The secret is missing, malformed, or has a character that cannot be sent.
 * - `invalid_host`: The host is missing or is no host pattern.
 * - `invalid_account`: The name or id of the account is too long or has control characters.
 * - `invalid_scopes`: The scopes are no list of scopes, or too long together.
 * - `invalid_metadata`: The metadata is no object, or too large.
 * - `invalid_variables`: A variable is missing, or the provider’s record has no such variable, or not with this value.
 * - `invalid_data`: The public values are malformed or too large.
 * - `invalid_resource`: The MCP server of the tokens is malformed, or another one than the secret names.
 * - `invalid_time`: A time is malformed.
 * - `invalid_reason`: The mark of a broken credential is unknown.
 * - `invalid_state`: The OAuth flow lacks a field, or one is malformed.
 * - `callback_not_allowed`: The callback URL of the flow is not on the allow list of this deployment.
 * - `invalid_managed_key`: The managed key is unknown or malformed.
 */
export type SkipReason =
  | 'exists'
  | 'duplicate_id'
  | 'system_credential'
  | 'credential_limit'
  | 'state_limit'
  | 'not_reached'
  | 'unreadable'
  | 'expired_state'
  | 'masked_secret'
  | 'secret_too_large'
  | 'entry_too_large'
  | 'invalid_entry'
  | 'invalid_id'
  | 'invalid_type'
  | 'invalid_provider'
  | 'invalid_title'
  | 'invalid_secret'
  | 'invalid_host'
  | 'invalid_account'
  | 'invalid_scopes'
  | 'invalid_metadata'
  | 'invalid_variables'
  | 'invalid_data'
  | 'invalid_resource'
  | 'invalid_time'
  | 'invalid_reason'
  | 'invalid_state'
  | 'callback_not_allowed'
  | 'invalid_managed_key';

/** A page of an export. It is also a document to import. */
export interface ExportedUser {
  /** The format to import the page with. */
  format: 'keyhold';
  /** The credentials, in order of creation. */
  credentials: ExportedCredential[];
  /** The managed keys, after the last credential. */
  managed: ExportedManagedKey[];
  /** Send it as `after` for the next page; null on the last one. */
  next: string | null;
}

/** A credential with all that is stored of it. */
export interface ExportedCredential {
  /** The id. */
  id: string;
  /** The provider. null only when unreadable. */
  provider: string | null;
  /** The type. null only when unreadable. */
  type: CredentialType | null;
  /** The title, or null. */
  title: string | null;
  /** The host pattern (host_scoped only), else null. */
  host: string | null;
  /** The MCP server that the tokens are for, or null. */
  resource: string | null;
  /** The account name at the provider (oauth2 only), or null. */
  username: string | null;
  /** The account’s id at the provider (oauth2 only), or null. */
  accountId: string | null;
  /** The granted scopes (oauth2 only), else null. */
  scopes: string[] | null;
  /** The variables and what the record of the provider keeps; null when there is none. */
  data: Record<string, string> | null;
  /** When the key or access token expires (ISO 8601, UTC), or null. */
  expiresAt: string | null;
  /** When the refresh token expires (ISO 8601, UTC), or null. */
  refreshTokenExpiresAt: string | null;
  /** When this secret was stored (ISO 8601, UTC). */
  secretStoredAt: string | null;
  /** How the credential is marked as broken, or null; `unreadable` where there is no secret. */
  reason: BrokenReason | null;
  /** When it was created (ISO 8601, UTC). */
  createdAt: string | null;
  /** The order among credentials with the same `createdAt`. */
  ordinal: number;
  /** When it was last changed (ISO 8601, UTC). */
  updatedAt: string | null;
  /** All that is sealed of it, the refresh token included; null when it cannot be read. Secret. */
  secret: ApiKeySecret | UserPasswordSecret | HostScopedSecret | ExportedTokens | null;
}

/** The secret of an `oauth2` credential, with all that a refresh needs. */
export interface ExportedTokens {
  /** The access token. */
  accessToken: string;
  /** The refresh token; absent when there is none. */
  refreshToken?: string | undefined;
  /** What the caller gave when it was made. */
  metadata?: Record<string, unknown> | undefined;
  /** The values in the URLs of the provider, such as the tenant. */
  variables?: Record<string, string> | undefined;
  /** The OAuth client that made the grant, where it is known. */
  clientId?: string | undefined;
  /** The origin of the token endpoint that made the grant, where it is known. */
  tokenOrigin?: string | undefined;
  issuerEndpoints?: ExportedIssuer | undefined;
  /** The secret values that came with the grant, such as a webhook. */
  data?: Record<string, string> | undefined;
  server?: ExportedServer | undefined;
}

/** Where the grant is refreshed and revoked, of a provider that is named by its issuer alone. An import ignores it. */
export interface ExportedIssuer {
  /** The issuer that the operator’s entry names. */
  issuer: string;
  /** Its token endpoint. */
  tokenEndpoint: string;
  /** Its revocation endpoint, or null. */
  revocationEndpoint: string | null;
  /** How a client with a secret may authenticate there; null: it does not say. */
  clientAuthMethods: string[] | null;
}

/** The MCP server of the tokens; absent for everything else. */
export interface ExportedServer {
  /** The issuer of the authorization server. */
  issuer: string;
  /** Its authorization endpoint. */
  authorizationEndpoint: string;
  /** Its token endpoint. */
  tokenEndpoint: string;
  /** Its revocation endpoint, or null. */
  revocationEndpoint: string | null;
  /** How the client authenticates there. */
  clientAuth: string;
  /** Where the client comes from. */
  client: 'operator' | 'document' | 'registered';
  /** The redirect URI of the client. */
  redirectUri: string;
  /** The MCP server that the tokens are for. */
  resource: string;
  /** Whether its callbacks name the issuer. */
  namesIssuer: boolean;
  /** Whether this deployment found the endpoints itself. An import ignores it. */
  foundHere?: boolean | undefined;
}

/** A managed key with its secret. */
export interface ExportedManagedKey {
  /** The provider. */
  provider: string;
  /** The key; null when it cannot be read. Secret. */
  secret: string | null;
  /** `unreadable` where there is no secret, else null. */
  reason: 'unreadable' | null;
}
