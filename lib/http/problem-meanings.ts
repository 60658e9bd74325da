// When each error code is answered: a sentence for the API reference.
import type { ErrorCode } from '../domain/values/service-error.ts';

/** The sentence of each code. */
export const problemMeanings: Readonly<Record<ErrorCode, string>> = {
  invalid_request:
    'The path, a header, the query or the body breaks a rule of the contract; `errors` says which and where.',
  state_invalid:
    'The state is unknown, expired, already used or of another user, or the receipt, code or issuer does not belong to it.',
  url_not_allowed:
    'A return URL or callback URL is not on the allow list of the deployment, or the `url` of a call is not at a host of the provider’s API.',
  not_upgradable:
    'The credential named by `credentialId` is not an OAuth credential of this provider, or it changed since the connection started.',
  connection_denied: 'The user or the provider refused the authorization.',
  device_flow_unsupported: 'The provider has no device authorization endpoint (RFC 8628).',
  too_many_changes: 'An edit contains more changes than one transaction can hold (99).',
  link_invalid:
    'The connect link is missing, unknown, expired, used up or another browser’s: one answer for all of them. Ask the application for a new link.',
  link_not_allowed:
    'The connect link is valid and does not allow this: another provider, other scopes, or what only a link with `manage` may do.',
  system_credential:
    'The id belongs to a credential of the operator, which users can use and cannot create, change or delete.',
  credential_not_found:
    'The user has no credential with this id. Ids of other users and malformed ids get the same answer.',
  not_connected: 'Neither the user nor the operator has a credential for this provider, id or URL.',
  provider_unknown: 'The provider is neither in the catalogue nor configured by the operator.',
  account_mismatch: 'The user approved with another account at the provider than the one of the credential to upgrade.',
  credential_exists: 'The user already has a credential with the `id` given for a new one.',
  credential_limit: 'The user already has the maximum number of credentials.',
  credential_unreadable:
    'The credential is stored and cannot be decrypted or was written by a newer version of the service.',
  insufficient_scopes:
    'No credential for this call covers the requested scopes; `missingScopes` lists those to ask the user for.',
  provider_mismatch: 'A replacement names another provider than the stored credential.',
  reconnect_required: 'The credential expired or can no longer be refreshed; `reason` says why.',
  scopes_narrowed:
    'A replacement covers fewer scopes than the stored credential; `missingScopes` lists those it lacks.',
  type_mismatch: 'A replacement is of another type than the stored credential.',
  user_erasing: 'An erasure of the user is running; writes are refused until it has finished.',
  version_conflict: '`If-Match` does not name the present version of the user; `currentVersion` is the present one.',
  body_too_large: 'The body is larger than 65,536 bytes; of an import, than 4,194,304.',
  unsupported_media_type: 'The Content-Type of the body is missing or not JSON.',
  precondition_required: 'The operation needs an `If-Match` header and the request has none.',
  too_many_open_states: 'The user has as many OAuth flows or connect links as may be open at the same time.',
  internal_error: 'The service failed in a way it has no code for; the log has the cause under the request id.',
  provider_not_configured: 'The provider is in the catalogue and the operator has set no OAuth client for it.',
  provider_rejected: 'The provider refused the request, answered with an error, or could not be reached.',
  server_not_connectable:
    'The MCP server of `mcpServerUrl`, or its authorization server, cannot be connected; `step` says where and `reason` why.',
  keys_unavailable: 'The key service (KMS) cannot be reached, refuses, or does not answer in time.',
  refresh_unavailable: 'The access token has expired and cannot be refreshed at the moment.',
  secrets_unavailable: "The operator's keys or OAuth clients (Secrets Manager) cannot be read.",
  store_busy: 'Throttling or concurrent writers kept this request from finishing within its retries.',
  store_unavailable:
    'The table (DynamoDB) cannot be reached, refuses, or does not answer within the retries; a write may have happened.',
  timed_out:
    'The function ran out of its own time limit; a write may have happened, so read before repeating it without an id.',
};
