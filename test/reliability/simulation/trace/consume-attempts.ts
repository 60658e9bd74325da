// Each OAuth flow whose token a client received, with all calls that tried to consume it.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { ConsumedState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import type { CreatedState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import type { Trace } from '../simulate.ts';
import { type Call, isKind } from './call.ts';
import { wasErasedBetween } from './queries.ts';

export interface Flow {
  opened: CreatedState;
  attempts: readonly ConsumeAttempt[];
  winners: readonly ConsumeAttempt[];
}

export interface ConsumeAttempt {
  call: Call;
  consumed: ConsumedState | null;
  isOwner: boolean;
  /** The state was no longer active before the call began, by every clock. */
  cameTooLate: boolean;
  outlivedErasure: boolean;
  /** The state was active during the whole call, apart from concurrent consumers, by every clock. */
  wasAlive: boolean;
  /** The answer says what the call did to the state (see `mayHideConsumption`). */
  isDefinite: boolean;
}

/** The violation of a consumption that was answered ok. */
export const findConsumeErrors = (winner: ConsumeAttempt, { opened }: Flow): string[] => [
  ...(winner.isOwner ? [] : ['consumed a state of another user or provider']),
  ...(winner.cameTooLate ? ['consumed a state that had expired'] : []),
  ...(winner.outlivedErasure ? ['consumed a state of before the erasure'] : []),
  ...(codeChallenge(winner.consumed?.codeVerifier ?? '') === opened.codeChallenge ? [] : ['got a wrong verifier']),
];

/** The TTL deletion removed the state's row during the call. */
const wasDeletedDuring = ({ timeline }: Trace, token: string, { startStep, endStep }: Call): boolean =>
  (timeline.states.get(hashToken(token))?.moments ?? []).some(
    ({ row, step, method }) => row === null && method === 'ttl' && step >= startStep && step <= endStep,
  );

/**
 * A consumption whose answer was lost is found again in the row. An erasure and a ttl delete the row, so a call that runs
 * meanwhile answers state_invalid although it may have consumed the state.
 */
export const mayHideConsumption = (trace: Trace, call: Call): boolean => {
  const { request, startStep: after, endStep: until } = call;
  if (wasErasedBetween(trace, request.userId, { after, until })) return true;
  return isKind(call, 'consume') && wasDeletedDuring(trace, call.request.token, call);
};

export const findFlows = (trace: Trace): Flow[] =>
  trace.calls.flatMap((create) => {
    if (!isKind(create, 'createState') || create.outcome.kind !== 'ok') return [];
    const opened = create.outcome.value as CreatedState;
    const after = trace.timeline.states.get(hashToken(opened.token))?.createdStep ?? create.endStep;
    const { userId, provider } = create.request;
    const erasedUntil = (until: number) => wasErasedBetween(trace, userId, { after, until });

    const attempts = trace.calls.flatMap((call): ConsumeAttempt[] => {
      if (!isKind(call, 'consume') || call.request.token !== opened.token) return [];
      const { outcome, request } = call;
      const isOwner = request.userId === userId && request.provider === provider;
      return [
        {
          call,
          consumed: outcome.kind === 'ok' ? (outcome.value as ConsumedState) : null,
          isOwner,
          cameTooLate: call.startAt >= opened.expiresAt + CLOCK_ERROR_MILLISECONDS,
          outlivedErasure: erasedUntil(call.startStep),
          wasAlive: isOwner && call.endAt < opened.expiresAt - CLOCK_ERROR_MILLISECONDS && !erasedUntil(call.endStep),
          isDefinite: outcome.kind === 'ok' || (outcome.kind === 'refused' && !mayHideConsumption(trace, call)),
        },
      ];
    });
    return [{ opened, attempts, winners: attempts.filter(({ consumed }) => consumed !== null) }];
  });
