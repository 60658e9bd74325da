// Whether a refusal was justified: at some time during the call the state of the user made the rules refuse it.
import type { Item } from '../../../../lib/domain/credential/rows.ts';
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import { isConnectRefusalJustified } from '../connect/connect-refusals.ts';
import { isConnectRequest } from '../connect/connect-requests.ts';
import type { ConnectCall } from '../connect/flow-evidence.ts';
import { isLinkRefusalJustified } from '../link/link-rules.ts';
import type { Trace } from '../simulate.ts';
import { isWrite } from '../workload/request.ts';
import { type Call, isKind } from './call.ts';
import { mayHideConsumption } from './consume-attempts.ts';
import { getSnapshotsDuring, isErasing, wasErasedBetween } from './queries.ts';
import type { Snapshot } from './timeline.ts';

const namedIds = ({ request }: Call): string[] => {
  if (request.kind === 'edit') return request.remove;
  if (request.kind === 'add') return request.item.id === undefined ? [] : [request.item.id];
  return 'id' in request ? [request.id] : [];
};

const isMissing = (call: Call, snapshot: Snapshot): boolean =>
  'provider' in call.request
    ? !snapshot.managed.has(call.request.provider)
    : namedIds(call).some((id) => !snapshot.rows.has(id));

const isFull = (call: Call, { rows }: Snapshot, limit: number): boolean => {
  if (!isKind(call, 'edit')) return rows.size >= limit;
  const removed = call.request.remove.filter((id) => rows.has(id)).length;
  const added = call.request.put.filter(({ id }) => id === undefined || !rows.has(id)).length;
  return rows.size - removed + added > limit;
};

const coversAll = (scopes: unknown, wanted: readonly string[]): boolean =>
  Array.isArray(scopes) && wanted.every((scope) => scopes.includes(scope));

/** There is a credential of the provider, and none has all the scopes. */
const lacksScopes = (call: Call, { rows }: Snapshot): boolean => {
  if (!isKind(call, 'resolve')) return false;
  const { provider, scopes: wanted = [] } = call.request;
  const ofProvider = [...rows.values()].filter((row) => row.provider === provider);
  return ofProvider.length > 0 && !ofProvider.some(({ scopes }) => coversAll(scopes, wanted));
};

const hasNoCredential = (call: Call, { rows }: Snapshot): boolean =>
  isKind(call, 'resolve') && ![...rows.values()].some(({ provider }) => provider === call.request.provider);

/** The grant is marked with the reason, or has no refresh token. */
const isBroken = (call: Call, { rows }: Snapshot, reason: string): boolean =>
  isKind(call, 'resolve') &&
  [...rows.values()].some(
    ({ provider, brokenReason, hasRefreshToken }) =>
      provider === call.request.provider &&
      (reason === 'no_refresh_token' ? !hasRefreshToken : brokenReason === reason),
  );

const toScopes = (item: Item | undefined): unknown[] => (item?.scopes as unknown[] | undefined) ?? [];

const isStateDead = (trace: Trace, call: Call): boolean => {
  if (!isKind(call, 'consume')) return false;
  const { userId, provider, token } = call.request;
  const state = trace.timeline.states.get(hashToken(token));
  if (!state || state.row.userId !== userId || state.row.provider !== provider) return true;
  if (call.endAt >= state.row.expiresAt - CLOCK_ERROR_MILLISECONDS) return true;
  if (wasErasedBetween(trace, userId, { after: state.createdStep, until: call.endStep })) return true;
  const rivals = trace.calls.filter(
    (other) => other !== call && isKind(other, 'consume') && other.request.token === token,
  );
  return rivals.some(
    (rival) =>
      rival.startStep <= call.endStep && (rival.outcome.kind !== 'refused' || mayHideConsumption(trace, rival)),
  );
};

const hasManyOpen = (trace: Trace, call: Call): boolean =>
  trace.calls.filter(
    (other) => isKind(other, 'createState', 'makeLink') && other.request.userId === call.request.userId,
  ).length > trace.limits.maxOpenStatesPerUser;

export const isRefusalJustified = (trace: Trace, call: Call, refusal: { code: string; members: object }): boolean => {
  if (refusal.code === 'link_invalid') return isLinkRefusalJustified(trace, call);
  if (isConnectRequest(call.request)) return isConnectRefusalJustified(trace, call as ConnectCall, refusal.code);
  const sometime = (holds: (snapshot: Snapshot) => boolean) => getSnapshotsDuring(trace, call).some(holds);
  const { maxCredentialsPerUser: limit } = trace.limits;
  switch (refusal.code) {
    case 'credential_exists':
      return sometime(({ rows }) => namedIds(call).some((id) => rows.has(id)));
    case 'credential_not_found':
      return sometime((snapshot) => isMissing(call, snapshot));
    case 'credential_limit':
      return isWrite(call.request) && sometime((snapshot) => isFull(call, snapshot, limit));
    case 'user_erasing':
      return sometime(isErasing);
    case 'version_conflict': {
      const { currentVersion } = refusal.members as { currentVersion: number };
      const { expectedVersion } = call.request as { expectedVersion?: number };
      return currentVersion !== expectedVersion && sometime(({ userRecord }) => userRecord.version === currentVersion);
    }
    case 'reconnect_required':
      return sometime((snapshot) => isBroken(call, snapshot, (refusal.members as { reason: string }).reason));
    case 'insufficient_scopes':
      return sometime((snapshot) => lacksScopes(call, snapshot));
    case 'scopes_narrowed':
      return sometime(({ rows }) => namedIds(call).some((id) => toScopes(rows.get(id)).length > 1));
    case 'not_connected':
      return sometime((snapshot) => hasNoCredential(call, snapshot));
    case 'state_invalid':
      return isStateDead(trace, call);
    case 'too_many_open_states':
      return hasManyOpen(trace, call);
    default:
      return false;
  }
};
