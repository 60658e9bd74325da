// What happened around refreshes: every lease that was put, every refresh token that was sent and what came of it.

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
  startedAt: number;
  startedStep: number;
  /** When the provider decided; infinite: it never did. */
  decidedStep: number;
  /** What the provider did. */
  decision: 'none' | 'granted' | 'dead';
  tokens: { accessToken: string; refreshToken: string | null } | null;
  /** Whether the caller got to know of it. */
  delivered: boolean;
  /** Whether the caller knows only that no answer came. */
  lost: boolean;
  /** Until when the provider may be at work on it although the caller gave up (epoch milliseconds); 0: it is not. */
  underWayUntil: number;
}

export interface RefreshLog {
  leases: LeaseEvent[];
  exchanges: ExchangeEvent[];
  /** Tokens whose grant the provider was told to end. */
  revoked: string[];
  /** Calls whose storing of a result met a fault. */
  callsWithStoreFault: Set<number>;
}

export const emptyRefreshLog = (): RefreshLog => ({
  leases: [],
  exchanges: [],
  revoked: [],
  callsWithStoreFault: new Set(),
});
