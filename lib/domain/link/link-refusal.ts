// Why a link is refused. Every reason has the same answer, so that who has the URL of a link cannot find out whether it exists, was
// used or belongs to another browser. The reason goes to the log only.
import { ServiceError } from '../values/service-error.ts';

/** Every reason; for tests that hold all answers to be equal. */
export const linkRefusals = [
  /** No `Authorization: Link <token>`, or a text that cannot be a token, which was not looked up. */
  'malformed',
  /** No row has this token's hash. */
  'unknown',
  'expired',
  /** It has stored its credential. */
  'spent',
  /** Another browser used it first, or this one has lost its cookie. */
  'other_browser',
  /** The sealed payload does not open, or does not parse. */
  'unreadable',
  /** A page of another origin sent the request. */
  'other_origin',
] as const;

/** Why a link was refused, as the log has it. */
export type LinkRefusal = (typeof linkRefusals)[number];

/** The error for a refused link: `link_invalid`, with the reason for the log. */
export const linkInvalid = (reason: LinkRefusal): ServiceError =>
  new ServiceError('link_invalid', { logReason: reason });

/** The error for what a valid link does not allow; `detail` says what, of the contract's own names. */
export const linkNotAllowed = (detail: string): ServiceError => new ServiceError('link_not_allowed', { detail });
