// Why an OAuth state is refused. Every reason has the same answer, so that a caller cannot find out which tokens exist, whose
// they are or how far a flow has come. The reason goes to the log only.
import { type ErrorCode, ServiceError } from '../values/service-error.ts';

const codes = {
  /** The text cannot be a token of this service, so it was not looked up. */
  malformed: 'state_invalid',
  /** No row has this token's hash. */
  unknown: 'state_invalid',
  expired: 'state_invalid',
  /** An earlier request has consumed the state. */
  used: 'state_invalid',
  /** Valid when it was read; consumed or expired before the conditional write. */
  lost_race: 'state_invalid',
  /** Another user started the flow. */
  foreign_user: 'state_invalid',
  /** The flow was started by another link, by a link, or without one. */
  foreign_link: 'state_invalid',
  /** The token of another kind of flow (external, connection, device). */
  wrong_kind: 'state_invalid',
  wrong_provider: 'state_invalid',
  /** The user was erased after the flow started. */
  user_erased: 'state_invalid',
  /** A sealed payload or code does not open, or does not parse. */
  unreadable: 'state_invalid',
  /** The callback's query is not an authorization response (RFC 6749 §4.1.2). */
  malformed_callback: 'state_invalid',
  /** The provider has not sent a code yet. */
  no_code: 'state_invalid',
  /** A code was already received for this state; the first one is kept. */
  second_code: 'state_invalid',
  wrong_receipt: 'state_invalid',
  /** The flow redirects to the application's own page, which must bring the code itself. */
  own_callback: 'state_invalid',
  /** The flow redirects to this service, but the caller brought a code instead of a receipt. */
  service_callback: 'state_invalid',
  /** The callback names a tenant that the record does not allow. */
  wrong_tenant: 'state_invalid',
  /** The callback names another issuer than the provider's (RFC 9207 §2.4). */
  wrong_issuer: 'state_invalid',
  /** The provider always names its issuer, and this callback did not (RFC 9207 §2.4). */
  missing_issuer: 'state_invalid',
} as const satisfies Record<string, ErrorCode>;

/** Why a state was refused, as the log has it. */
export type StateRefusal = keyof typeof codes;

/** Every reason; for tests that hold all answers to be equal. */
export const stateRefusals = Object.keys(codes) as readonly StateRefusal[];

/** The error for a refused state: `state_invalid`, with the reason for the log. */
export const stateInvalid = (reason: StateRefusal): ServiceError =>
  new ServiceError(codes[reason], { logReason: reason });
