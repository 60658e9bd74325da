// The log of refreshes: every lease that was stored, every refresh token that was sent, and the outcome.

import type { CredentialKey } from '../../../../lib/domain/ports/credential-refresh-store.ts';
import type { RefreshLease } from '../../../../lib/domain/refresh/lease.ts';

export interface LeaseEvent {
  callId: number;
  key: CredentialKey;
  from: RefreshLease | null;
  to: RefreshLease;
  at: number;
  step: number;
}

export interface ExchangeEvent {
  callId: number;
  refreshToken: string;
  /** The client and the origin that it was sent with, and the former origins that the record named then. */
  clientId: string;
  origin: string;
  formerOrigins: readonly string[];
  startedAt: number;
  startedStep: number;
  /** When the provider decided; infinite: never. */
  decidedStep: number;
  /** The provider's decision. */
  decision: 'none' | 'granted' | 'dead';
  tokens: { accessToken: string; refreshToken: string | null } | null;
  /** Whether the caller received the decision. */
  delivered: boolean;
  /** Whether the caller received no answer. */
  lost: boolean;
  /** Until when the provider may still process it after the caller gave up (epoch milliseconds); 0: it does not. */
  underWayUntil: number;
}

/** A refresh that a call handed over. */
export interface DispatchEvent extends CredentialKey {
  callId: number;
  secretRev: string;
  at: number;
  step: number;
}

/** A token that a call sent for revocation. */
export interface RevocationEvent {
  callId: number;
  token: string;
  clientId: string;
  step: number;
}

export interface RefreshLog {
  leases: LeaseEvent[];
  exchanges: ExchangeEvent[];
  dispatches: DispatchEvent[];
  /** Tokens that were sent for revocation. */
  revoked: string[];
  /** The same, with the calls that sent them. */
  revocations: RevocationEvent[];
  /** Calls in which storing the result failed. */
  callsWithStoreFault: Set<number>;
}

export const emptyRefreshLog = (): RefreshLog => ({
  leases: [],
  exchanges: [],
  dispatches: [],
  revoked: [],
  revocations: [],
  callsWithStoreFault: new Set(),
});
