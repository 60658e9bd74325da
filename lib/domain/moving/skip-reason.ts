// Why an import skips an entry of a document. The list is part of the contract: a reason may be added and is never renamed.

/** Every reason, with what it says. */
export const skipReasons = {
  exists: 'The user has a credential, managed key or open flow under this id. It is left as it is.',
  duplicate_id: 'An earlier entry of the document has the same id.',
  system_credential: 'The id belongs to a credential of the operator.',
  credential_limit: 'The user has the maximum number of credentials.',
  state_limit: 'The user has as many open flows as are allowed.',
  not_reached: 'The time of the request was over. Send the document again: what is stored is then skipped as `exists`.',
  unreadable: 'The export could not read it, so there is no secret to store.',
  expired_state: 'The OAuth flow has expired.',
  masked_secret: 'A secret is ten asterisks: the document was written without the secrets.',
  secret_too_large: 'The secret part is too large.',
  entry_too_large: 'The entry has more than 128 KB.',
  invalid_entry: 'The entry is no object.',
  invalid_id: 'The id is missing or malformed.',
  invalid_type: 'The type is missing or unknown.',
  invalid_provider: 'The provider is missing or malformed.',
  invalid_title: 'The title is too long or has control characters.',
  invalid_secret: 'The secret is missing, malformed, or has a character that cannot be sent.',
  invalid_host: 'The host is missing or is no host pattern.',
  invalid_account: 'The name or id of the account is too long or has control characters.',
  invalid_scopes: 'The scopes are no list of scopes, or too long together.',
  invalid_metadata: 'The metadata is no object, or too large.',
  invalid_variables: 'A variable is missing, or the provider’s record has no such variable, or not with this value.',
  invalid_data: 'The public values are malformed or too large.',
  invalid_resource: 'The MCP server of the tokens is malformed, or another one than the secret names.',
  invalid_time: 'A time is malformed.',
  invalid_reason: 'The mark of a broken credential is unknown.',
  invalid_state: 'The OAuth flow lacks a field, or one is malformed.',
  callback_not_allowed: 'The callback URL of the flow is not on the allow list of this deployment.',
  invalid_managed_key: 'The managed key is unknown or malformed.',
} as const;

/** One of the reasons. */
export type SkipReason = keyof typeof skipReasons;

/** An entry that was not stored. */
export interface SkippedEntry {
  /** The credential's id; `managed/<provider>`, `state/<index>`, or `credential/<index>` for one without a usable id. */
  id: string;
  reason: SkipReason;
}
