// Whether a refusal was true: at some time during the call the user was such that the rules refuse it.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { isWrite } from '../clients/request.ts';
import type { Evidence } from '../simulate.ts';
import { type Call, isKind } from './history.ts';
import { isUnderWay, momentsDuring, wasErasedBetween } from './questions.ts';
import type { Moment } from './timeline.ts';

const namedIds = ({ request }: Call): string[] => {
  if (request.kind === 'edit') return request.remove;
  if (request.kind === 'add') return request.item.id === undefined ? [] : [request.item.id];
  return 'id' in request ? [request.id] : [];
};

const isMissing = (call: Call, moment: Moment): boolean =>
  'provider' in call.request
    ? !moment.managed.has(call.request.provider)
    : namedIds(call).some((id) => !moment.rows.has(id));

const isFull = (call: Call, { rows }: Moment, limit: number): boolean => {
  if (!isKind(call, 'edit')) return rows.size >= limit;
  const removed = call.request.remove.filter((id) => rows.has(id)).length;
  const added = call.request.put.filter(({ id }) => id === undefined || !rows.has(id)).length;
  return rows.size - removed + added > limit;
};

const lacksProvider = (call: Call, { rows }: Moment): boolean =>
  isKind(call, 'resolve') && ![...rows.values()].some(({ provider }) => provider === call.request.provider);

/** The grant is marked so, or has nothing to be refreshed by. */
const isBroken = (call: Call, { rows }: Moment, reason: string): boolean =>
  isKind(call, 'resolve') &&
  [...rows.values()].some(
    ({ provider, brokenReason, hasRefreshToken }) =>
      provider === call.request.provider &&
      (reason === 'no_refresh_token' ? !hasRefreshToken : brokenReason === reason),
  );

const isStateDead = (evidence: Evidence, call: Call): boolean => {
  if (!isKind(call, 'consume')) return false;
  const { userId, provider, token } = call.request;
  const fate = evidence.timeline.states.get(hashToken(token));
  if (!fate || fate.row.userId !== userId || fate.row.provider !== provider) return true;
  if (call.endAt >= fate.row.expiresAt) return true;
  if (wasErasedBetween(evidence, userId, { after: fate.openedStep, until: call.endStep })) return true;
  const rivals = evidence.calls.filter(
    (other) => other !== call && isKind(other, 'consume') && other.request.token === token,
  );
  return rivals.some(({ startStep, outcome }) => startStep <= call.endStep && outcome.is !== 'refused');
};

const hasManyOpen = (evidence: Evidence, call: Call): boolean =>
  evidence.calls.filter((other) => isKind(other, 'createState') && other.request.userId === call.request.userId)
    .length > evidence.limits.maxOpenStatesPerUser;

export const isJustified = (evidence: Evidence, call: Call, refusal: { code: string; members: object }): boolean => {
  const sometime = (holds: (moment: Moment) => boolean) => momentsDuring(evidence, call).some(holds);
  const { maxCredentialsPerUser: limit } = evidence.limits;
  switch (refusal.code) {
    case 'credential_exists':
      return sometime(({ rows }) => namedIds(call).some((id) => rows.has(id)));
    case 'credential_not_found':
      return sometime((moment) => isMissing(call, moment));
    case 'credential_limit':
      return isWrite(call.request) && sometime((moment) => isFull(call, moment, limit));
    case 'user_erasing':
      return sometime(isUnderWay);
    case 'version_conflict': {
      const { currentVersion } = refusal.members as { currentVersion: number };
      const { expectedVersion } = call.request as { expectedVersion?: number };
      return currentVersion !== expectedVersion && sometime(({ head }) => head.version === currentVersion);
    }
    case 'reconnect_required':
      return sometime((moment) => isBroken(call, moment, (refusal.members as { reason: string }).reason));
    case 'not_connected':
      return sometime((moment) => lacksProvider(call, moment));
    case 'state_invalid':
      return isStateDead(evidence, call);
    case 'too_many_open_states':
      return hasManyOpen(evidence, call);
    default:
      return false;
  }
};
