// Lists that several routes share: what a function must be allowed to do for them, and how they may refuse.
import type { ErrorCode } from '../domain/service-error.ts';
import type { Capability } from './route.ts';

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
export const STORE: readonly Capability[] = ['read_user', 'write_user', 'seal_secret'];
export const CHANGE: readonly Capability[] = ['read_user', 'write_user'];
