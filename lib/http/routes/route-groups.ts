// What several routes share: where they begin, what a function must be allowed to do for them, and how they may refuse.
import type { ErrorCode } from '../../domain/values/service-error.ts';
import type { Capability } from './route.ts';

export const USERS = '/v1/users/{userId}';
export const MINE = '/v1/me/credentials';

export const REPLACE_ERRORS = [
  'credential_not_found',
  'system_credential',
  'type_mismatch',
  'provider_mismatch',
] as const;
export const writing = <const E extends readonly ErrorCode[]>(...errors: E) =>
  [...errors, 'version_conflict', 'user_erasing', 'store_busy'] as const;

export const SEE: readonly Capability[] = ['read_user', 'read_configuration'];
export const SEE_SECRET: readonly Capability[] = ['read_user', 'open_secret', 'read_system_keys'];
/** Resolving also refreshes, and asks how the provider wants its key. */
export const RESOLVE: readonly Capability[] = [...SEE_SECRET, 'read_oauth_clients', 'refresh_credential'];
export const STORE: readonly Capability[] = ['read_user', 'write_user', 'seal_secret'];
/** Beginning an OAuth flow, and turning its grant into a credential. */
export const BEGIN_FLOW: readonly Capability[] = ['read_user', 'open_state', 'read_oauth_clients'];
export const END_FLOW: readonly Capability[] = [
  'read_user',
  'write_user',
  'consume_state',
  'seal_secret',
  'open_secret',
  'read_oauth_clients',
];
/** Revoking at the provider needs the token and the client. */
export const REVOKE: readonly Capability[] = ['read_user', 'write_user', 'open_secret', 'read_oauth_clients'];
export const START_ERRORS = ['provider_unknown', 'provider_not_configured', 'too_many_open_states'] as const;
/** A flow's write is under the flow's own conditions, not under a version. */
export const SAVE_ERRORS = [
  'state_invalid',
  'provider_rejected',
  'provider_not_configured',
  'provider_unknown',
  'credential_limit',
  'user_erasing',
  'store_busy',
] as const;
export const CHANGE: readonly Capability[] = ['read_user', 'write_user'];
