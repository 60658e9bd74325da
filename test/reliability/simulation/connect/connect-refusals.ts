// Whether a refusal of a connection's request was true: its cause held at some time during the call.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import type { ByLink } from '../link/link-requests.ts';
import type { Trace } from '../simulate.ts';
import { getSnapshotsDuring, isErasing, wasErasedBetween } from '../trace/queries.ts';
import type { StateMoment } from '../trace/timeline.ts';
import { type ConnectCall, findCall, findState } from './flow-evidence.ts';

const isRightReceipt = ({ request }: ConnectCall, { row }: StateMoment): boolean =>
  request.kind !== 'complete' || row?.receiptHash === hashToken(request.receipt);

/** The state could not be used for this at some time before the call ended. */
const wasUnusable = (trace: Trace, call: ConnectCall): boolean => {
  const { request, endStep } = call;
  if (!('state' in request)) return false;
  const state = findState(trace, request.state);
  if (!state || state.row.userId !== request.userId || call.endAt >= state.row.expiresAt - CLOCK_ERROR_MILLISECONDS)
    return true;
  const { byLink } = request as { byLink?: ByLink };
  if (request.kind !== 'callback' && state.row.linkHash !== (byLink ? hashToken(byLink.token) : null)) return true;
  const { userId, createdStep, moments } = { ...state, userId: state.row.userId };
  if (wasErasedBetween(trace, userId, { after: createdStep, until: endStep })) return true;
  const known = moments.filter(({ step }) => step <= endStep);
  if (known.some(({ row, callId }) => row === null || (row.usedBy !== null && callId !== call.id))) return true;
  if (request.kind === 'callback')
    return known.some(({ row, callId }) => row?.pendingCode != null && callId !== call.id);
  const seen = known.filter(
    ({ step }, index) => (known[index + 1]?.step ?? endStep) >= call.startStep || step >= call.startStep,
  );
  return request.kind === 'complete' && seen.some((moment) => !isRightReceipt(call, moment));
};

const wasNoted = (trace: Trace, { request, endStep }: ConnectCall): boolean =>
  'state' in request &&
  (findState(trace, request.state)?.moments ?? []).some(({ row, step }) => row?.deniedAt != null && step <= endStep);

/** The provider was called and did not grant, or its answer did not come. */
const wasNotGranted = ({ authorization, ...trace }: Trace, { id }: ConnectCall): boolean =>
  authorization.deviceStarts.some(({ callId }) => callId === id) && trace.faultCounts.size > 0
    ? true
    : authorization.events.some(
        ({ callId, decision, deliveredAt }) =>
          callId === id && (decision !== 'approved' || deliveredAt === Number.POSITIVE_INFINITY),
      );

export const isConnectRefusalJustified = (trace: Trace, call: ConnectCall, code: string): boolean => {
  const during = getSnapshotsDuring(trace, call);
  const { maxCredentialsPerUser, maxOpenStatesPerUser } = trace.limits;
  switch (code) {
    case 'state_invalid':
      return wasUnusable(trace, call);
    case 'connection_denied':
      return wasNoted(trace, call);
    case 'provider_rejected':
      return wasNotGranted(trace, call);
    case 'user_erasing':
      return (
        during.some(isErasing) ||
        wasErasedBetween(trace, call.request.userId, { after: call.startStep - 1, until: call.endStep })
      );
    case 'credential_limit':
      return during.some(({ rows }) => rows.size >= maxCredentialsPerUser);
    case 'too_many_open_states':
      return (
        trace.places.filter(({ userId, change }) => userId === call.request.userId && change > 0).length >=
        maxOpenStatesPerUser
      );
    case 'credential_not_found':
    case 'not_upgradable':
      // Only a named credential that was deleted; ids are never those of another type.
      return during.some(({ rows }) => !namedIds(trace, call).every((id) => rows.has(id)));
    case 'account_mismatch':
      return namedIds(trace, call).length > 0;
    default:
      return false;
  }
};

const namedIds = (trace: Trace, call: ConnectCall): string[] => {
  const { request } = call;
  if (request.kind === 'connect') return request.credentialId === undefined ? [] : [request.credentialId];
  if (request.kind !== 'complete') return [];
  const start = trace.calls.find(
    ({ request: { kind }, outcome }) =>
      kind === 'connect' && outcome.kind === 'ok' && (outcome.value as { state: string }).state === request.state,
  );
  const named = start && findCall(trace, start.id)?.request;
  return named?.kind === 'connect' && named.credentialId !== undefined ? [named.credentialId] : [];
};
