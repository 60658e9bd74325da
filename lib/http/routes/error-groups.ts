// The error codes that several routes share.
import type { ErrorCode } from '../../domain/values/service-error.ts';

/** The codes of a write to a user, after its own. */
export const writeErrors = <const E extends readonly ErrorCode[]>(...own: E) =>
  [...own, 'version_conflict', 'user_erasing', 'store_busy'] as const;

/** A replacement must have the provider and type of what it replaces. */
export const REPLACE_ERRORS = [
  'credential_not_found',
  'system_credential',
  'type_mismatch',
  'provider_mismatch',
  'credential_unreadable',
] as const;

/** The codes of starting an OAuth flow. */
export const START_ERRORS = [
  'provider_unknown',
  'provider_not_configured',
  'too_many_open_states',
  'user_erasing',
] as const;

/** Finishing a flow writes under the conditions of the flow, not under a version of the user. */
export const FINISH_ERRORS = [
  'state_invalid',
  'provider_rejected',
  'provider_not_configured',
  'provider_unknown',
  'credential_limit',
  'user_erasing',
  'store_busy',
] as const;
