// The error codes on the wire: one row per code, and the source of the documentation of each. A new code does not compile
// until it has a row here.
import type { ErrorCode } from '../domain/values/service-error.ts';

export interface ProblemType {
  /** HTTP status. */
  status: number;
  /** One line for a person, the same for every occurrence (RFC 9457 §3.1.4). */
  title: string;
  /** When the code is answered: a sentence for the API reference. */
  when: string;
  /** Seconds, for the Retry-After header (RFC 9110 §10.2.3). */
  retryAfter?: number;
}

export const problemTypes: Readonly<Record<ErrorCode, ProblemType>> = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    when: 'The path, a header, the query or the body breaks a rule of the contract; `errors` says which and where.',
  },
  state_invalid: {
    status: 400,
    title: 'Invalid state',
    when: 'The state is unknown, expired, already used or of another user, or the receipt, code or issuer does not belong to it.',
  },
  url_not_allowed: {
    status: 400,
    title: 'URL not allowed',
    when: 'A return URL or callback URL is not on the allow list of the deployment.',
  },
  not_upgradable: {
    status: 400,
    title: 'Credential cannot be upgraded',
    when: 'The credential named by `credentialId` is not an OAuth credential of this provider, or it changed since the connection started.',
  },
  connection_denied: {
    status: 400,
    title: 'Connection denied',
    when: 'The user or the provider refused the authorization.',
  },
  device_flow_unsupported: {
    status: 400,
    title: 'Device flow not supported',
    when: 'The provider has no device authorization endpoint (RFC 8628).',
  },
  too_many_changes: {
    status: 400,
    title: 'Too many changes in one request',
    when: 'An edit contains more changes than one transaction can hold (99).',
  },
  system_credential: {
    status: 403,
    title: 'System credential cannot be changed',
    when: 'The id belongs to a credential of the operator, which users can use and cannot create, change or delete.',
  },
  credential_not_found: {
    status: 404,
    title: 'Credential not found',
    when: 'The user has no credential with this id. Ids of other users and malformed ids get the same answer.',
  },
  not_connected: {
    status: 404,
    title: 'No matching credential',
    when: 'Neither the user nor the operator has a credential for this provider, id or URL.',
  },
  provider_unknown: {
    status: 404,
    title: 'Unknown provider',
    when: 'The provider is neither in the catalogue nor configured by the operator.',
  },
  account_mismatch: {
    status: 409,
    title: 'Different account connected',
    when: 'The user approved with another account at the provider than the one of the credential to upgrade.',
  },
  credential_exists: {
    status: 409,
    title: 'Credential already exists',
    when: 'The user already has a credential with the `id` given for a new one.',
  },
  credential_limit: {
    status: 409,
    title: 'Too many credentials',
    when: 'The user already has the maximum number of credentials.',
  },
  credential_unreadable: {
    status: 409,
    title: 'Credential cannot be read',
    when: 'The credential is stored and cannot be decrypted or was written by a newer version of the service.',
  },
  insufficient_scopes: {
    status: 409,
    title: 'Insufficient scopes',
    when: 'No credential for this call covers the requested scopes; `missingScopes` lists those to ask the user for.',
  },
  provider_mismatch: {
    status: 409,
    title: 'Provider cannot be changed',
    when: 'A replacement names another provider than the stored credential.',
  },
  reconnect_required: {
    status: 409,
    title: 'User must reconnect',
    when: 'The credential expired or can no longer be refreshed; `reason` says why.',
  },
  scopes_narrowed: {
    status: 409,
    title: 'Scopes cannot be narrowed',
    when: 'A replacement covers fewer scopes than the stored credential; `missingScopes` lists those it lacks.',
  },
  type_mismatch: {
    status: 409,
    title: 'Type cannot be changed',
    when: 'A replacement is of another type than the stored credential.',
  },
  user_erasing: {
    status: 409,
    title: 'User is being erased',
    when: 'An erasure of the user is running; writes are refused until it has finished.',
  },
  version_conflict: {
    status: 412,
    title: 'Version conflict',
    when: '`If-Match` does not name the present version of the user; `currentVersion` is the present one.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    when: 'The body is larger than 65,536 bytes.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Body must be application/json',
    when: 'The Content-Type of the body is missing or not JSON.',
  },
  precondition_required: {
    status: 428,
    title: 'If-Match required',
    when: 'The operation needs an `If-Match` header and the request has none.',
  },
  too_many_open_states: {
    status: 429,
    title: 'Too many open connections',
    when: 'The user has started as many OAuth flows as may be open at the same time.',
    retryAfter: 60,
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    when: 'The service failed in a way it has no code for; the log has the cause under the request id.',
  },
  provider_not_configured: {
    status: 501,
    title: 'Provider not configured',
    when: 'The provider is in the catalogue and the operator has set no OAuth client for it.',
  },
  provider_rejected: {
    status: 502,
    title: 'Provider issued no token',
    when: 'The provider refused the request, answered with an error, or could not be reached.',
  },
  keys_unavailable: {
    status: 503,
    title: 'Encryption keys unavailable',
    when: 'The key service (KMS) cannot be reached or refuses.',
    retryAfter: 2,
  },
  refresh_unavailable: {
    status: 503,
    title: 'Token refresh unavailable',
    when: 'The access token has expired and cannot be refreshed at the moment.',
    retryAfter: 1,
  },
  secrets_unavailable: {
    status: 503,
    title: 'Operator secrets unavailable',
    when: "The operator's keys or OAuth clients (Secrets Manager) cannot be read.",
    retryAfter: 2,
  },
  store_busy: {
    status: 503,
    title: 'Store busy',
    when: 'Concurrent writers kept this request from finishing within its retries.',
    retryAfter: 1,
  },
  store_unavailable: {
    status: 503,
    title: 'Store unavailable',
    when: 'The table (DynamoDB) cannot be reached or refuses.',
    retryAfter: 2,
  },
  timed_out: {
    status: 503,
    title: 'Timed out',
    when: 'The service ran out of time; a write may have happened, so read before repeating it without an id.',
    retryAfter: 2,
  },
};
