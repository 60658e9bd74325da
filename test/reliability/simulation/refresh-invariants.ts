// The invariants of refreshing in every run: a refresh token is spent once, no write mixes or restores tokens, a call that does
// not crash loses no valid token, and only credentials whose token the provider rejected are marked.
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import type { Item } from '../../../lib/domain/credential/rows.ts';
import { storedTokenRef } from '../../../lib/domain/credential/token-ref.ts';
import type { RefreshLease } from '../../../lib/domain/refresh/lease.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../lib/platform.ts';
import { readFamily } from '../../support/memory/token-provider.ts';
import { BUDGET_MILLISECONDS } from './environment/invocation-deps.ts';
import type { Trace } from './simulate.ts';
import { type Call, isKind, outcomeName } from './trace/call.ts';
import { getAllSnapshots, getSnapshots } from './trace/queries.ts';
import type { ExchangeEvent, LeaseEvent } from './trace/refresh-log.ts';
import { emptySnapshot, type Snapshot } from './trace/timeline.ts';
import { toRow } from './trace/write-model.ts';

const getSecret = (item: Item) => toRow(item).secret;

const getTokenRev = (item: Item): string => String(item.tokenRev ?? item.secretRev);

/** The call reports the token of this row as refused. */
const isReported = ({ request }: Call, id: string, row: Item): boolean =>
  request.kind === 'resolve' &&
  request.refusedTokenRef === storedTokenRef({ ...(row as unknown as StoredCredential), userId: request.userId, id });

/** The row that a snapshot changed, before and after. */
const findChange = ({ before, rows }: Snapshot): { id: string; before: Item; after: Item } | null => {
  const oldRows = (before ?? emptySnapshot).rows;
  for (const [id, after] of rows) {
    const old = oldRows.get(id);
    if (old !== undefined && old !== after) return { id, before: old, after };
  }
  return null;
};

const TOKEN_FIELDS = [
  'secretRev',
  'tokenRev',
  'accessRev',
  'sealed',
  'wrappedKey',
  'scopes',
  'expiresAt',
  'refreshTokenExpiresAt',
  'hasRefreshToken',
];
const SCHEDULE_FIELDS = ['dueShard', 'dueAt', 'usedDay'];
/** The fields each write of a refresh may change. */
const WRITABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  storeRefreshed: [...TOKEN_FIELDS, ...SCHEDULE_FIELDS, 'secretStoredAt', 'brokenReason', 'version'],
  markReconnectRequired: ['brokenReason', 'version', ...SCHEDULE_FIELDS],
  noteUse: SCHEDULE_FIELDS,
  rescheduleRenewal: SCHEDULE_FIELDS,
};

const findChangedFields = (before: Item, after: Item): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );

const findExchanges = ({ refreshes }: Trace, callId: number): ExchangeEvent[] =>
  refreshes.exchanges.filter((exchange) => exchange.callId === callId);

/** The user at a step. */
const getSnapshotAt = (trace: Trace, userId: string, step: number): Snapshot =>
  getSnapshots(trace, userId).findLast((snapshot) => snapshot.step <= step) ?? emptySnapshot;

/** The lease the call held when it sent the refresh token. A sweep holds several at once: the one on the credential with that token. */
const findLease = (trace: Trace, { callId, startedStep, refreshToken }: ExchangeEvent): LeaseEvent | undefined => {
  const held = trace.refreshes.leases.filter(
    (lease) => lease.callId === callId && lease.to.held && lease.step <= startedStep,
  );
  const isOnToken = ({ key, step }: LeaseEvent): boolean => {
    const item = getSnapshotAt(trace, key.userId, step).rows.get(key.credentialId);
    return item !== undefined && getSecret(item).refreshToken === refreshToken;
  };
  return held.findLast(isOnToken) ?? held.at(-1);
};

/** A lease ends by the true time; a back-off, which only spares the provider, by the caller's. */
const hadEnded = ({ held, until }: RefreshLease, at: number): boolean =>
  until <= (held ? at : at + CLOCK_ERROR_MILLISECONDS);

/** The lease replaced nothing, its own lease, one on another secret, one that had expired, or the mark of a refresh handed over. */
const wasLeaseFree = ({ from, to, at }: LeaseEvent): boolean =>
  from === null || from.id === to.id || from.tokenRev !== to.tokenRev || hadEnded(from, at) || from.dispatched === true;

/** What the lease replaced, the marks of handed refreshes left out. */
const findReplaced = ({ refreshes }: Pick<Trace, 'refreshes'>, { from }: LeaseEvent): RefreshLease | null => {
  if (!from?.dispatched) return from;
  const mark = refreshes.leases.find(({ to }) => to.id === from.id);
  return mark ? findReplaced({ refreshes }, mark) : from;
};

/** An expired lease was taken over while the access token was valid, so the refresh token may be spent. */
const wasUncertain = (trace: Trace, lease: LeaseEvent): boolean => {
  const { to, at, step, key } = lease;
  const from = findReplaced(trace, lease);
  if (!from?.held || !from.rotates || from.id === to.id || from.tokenRev !== to.tokenRev) return false;
  const row = getSnapshotAt(trace, key.userId, step).rows.get(key.credentialId);
  return (
    row !== undefined && getTokenRev(row) === to.tokenRev && typeof row.expiresAt === 'number' && row.expiresAt > at
  );
};

/** The lease was taken by a call that reports the access token that was stored then. */
const wasReported = (trace: Trace, { callId, key, step }: LeaseEvent): boolean => {
  const [call, row] = [findCall(trace, callId), getSnapshotAt(trace, key.userId, step).rows.get(key.credentialId)];
  return call !== undefined && row !== undefined && isReported(call, key.credentialId, row);
};

/** A held lease on this secret expired and another call took it over. */
const wasLeaseTakenOver = ({ refreshes }: Trace, tokenRev: string, step: number): boolean =>
  refreshes.leases.some(({ callId, from, to, at, ...lease }) => {
    if (lease.step > step || !from?.held || !from.rotates || from.id === to.id || from.tokenRev !== tokenRev)
      return false;
    const holder = refreshes.leases.find((other) => other.to.id === from.id);
    return from.until <= at && holder?.callId !== callId;
  });

/** Another call sent this token before and lost the answer, and could say so. */
const wasAnswerLost = (trace: Trace, tokenRev: string, step: number): boolean =>
  trace.refreshes.leases.some(
    ({ callId, to, ...lease }) =>
      lease.step <= step &&
      !to.held &&
      to.rotates &&
      to.tokenRev === tokenRev &&
      findExchanges(trace, callId).some(({ lost, startedStep }) => lost && startedStep <= lease.step),
  );

const findCall = ({ calls }: Trace, id: number): Call | undefined => calls.find((call) => call.id === id);

/** The step at which the issued tokens were stored; infinite: never. */
const storedStep = (trace: Trace, { callId, tokens }: ExchangeEvent): number =>
  getAllSnapshots(trace).find(
    (snapshot) =>
      snapshot.callId === callId &&
      snapshot.method === 'storeRefreshed' &&
      [...snapshot.rows.values()].some((item) => getSecret(item).accessToken === tokens?.accessToken),
  )?.step ?? Number.POSITIVE_INFINITY;

/** Another call changed or removed the credential between the lease and the end of this call. */
const wasChangedByAnotherCall = (trace: Trace, exchange: ExchangeEvent): boolean => {
  const lease = findLease(trace, exchange);
  if (!lease) return false;
  const { userId, credentialId } = lease.key;
  const end = findCall(trace, exchange.callId)?.endStep ?? Number.POSITIVE_INFINITY;
  const exchanged = getSnapshotAt(trace, userId, lease.step).rows.get(credentialId)?.secretRev;
  const changed = getSnapshots(trace, userId).find(
    ({ step, rows }) => step >= lease.step && step <= end && rows.get(credentialId)?.secretRev !== exchanged,
  );
  return changed !== undefined && changed.callId !== exchange.callId;
};

/** The issued tokens were not stored because of an injected fault. */
const wasPreventedByFault = (trace: Trace, exchange: ExchangeEvent): boolean => {
  const crashed = findCall(trace, exchange.callId)?.outcome.kind === 'unknown' && !exchange.delivered;
  return crashed || !exchange.delivered || trace.refreshes.callsWithStoreFault.has(exchange.callId);
};

type Rule = (trace: Trace) => Iterable<string>;

export const refreshRules: Readonly<Record<string, Rule>> = {
  *'a refresh changes the token fields of one credential and nothing else'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const may = WRITABLE_FIELDS[snapshot.method];
      const change = may && findChange(snapshot);
      if (!may || !change) continue;
      const odd = findChangedFields(change.before, change.after).filter((name) => !may.includes(name));
      if (odd.length > 0) yield `${snapshot.method} of call ${snapshot.callId} changed ${odd}`;
    }
  },

  *'a refresh stores only the tokens issued for the refresh token that was stored'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const change = snapshot.method === 'storeRefreshed' ? findChange(snapshot) : null;
      if (!change) continue;
      const [before, after] = [getSecret(change.before), getSecret(change.after)];
      const given = findExchanges(trace, snapshot.callId).find(({ tokens }) =>
        // The new refresh token may be stored in a credential that was replaced meanwhile but kept the spent one.
        after.accessToken === before.accessToken
          ? tokens?.refreshToken === after.refreshToken
          : tokens?.accessToken === after.accessToken,
      );
      if (!given) yield `call ${snapshot.callId} stored ${after.accessToken}, which was not issued to it`;
      else if (given.refreshToken !== before.refreshToken)
        yield `call ${snapshot.callId} stored over ${before.refreshToken}`;
      else if (after.refreshToken !== (given.tokens?.refreshToken ?? before.refreshToken))
        yield `call ${snapshot.callId} stored the refresh token ${after.refreshToken}`;
    }
  },

  *'a refresh token is sent only under the caller’s own lease, with time left for the whole refresh'(trace) {
    for (const exchange of trace.refreshes.exchanges) {
      const { callId, refreshToken, startedAt } = exchange;
      const lease = findLease(trace, exchange);
      if (!lease) yield `call ${callId} sent ${refreshToken} without a lease`;
      else if (!wasLeaseFree(lease)) yield `call ${callId} took the lease of ${JSON.stringify(lease.from)}`;
      else if (lease.to.until - startedAt < BUDGET_MILLISECONDS)
        yield `call ${callId} sent ${refreshToken} with ${lease.to.until - startedAt} ms left`;
    }
  },

  *'no refresh token is sent while another call holds a valid lease on it'(trace) {
    const { exchanges, leases } = trace.refreshes;
    for (const first of exchanges) {
      const lease = findLease(trace, first);
      const ended = leases.find(
        ({ callId, to, step }) => callId === first.callId && !to.held && step > first.startedStep,
      );
      for (const second of exchanges) {
        const isRival = second.callId !== first.callId && second.refreshToken === first.refreshToken;
        if (!isRival || !lease || second.startedStep < first.startedStep || second.startedAt >= lease.to.until)
          continue;
        if (ended && ended.step <= second.startedStep) continue;
        // A late result of another call stored the same token under another tokenRev: it does not rotate, so it is not spent.
        if (!lease.to.rotates && findLease(trace, second)?.to.tokenRev !== lease.to.tokenRev) continue;
        // After the write a token that does not rotate may be sent again.
        if (storedStep(trace, first) <= second.startedStep) continue;
        yield `calls ${first.callId} and ${second.callId} both sent ${first.refreshToken}`;
      }
    }
  },

  *'a valid lease on the stored refresh token is not replaced by one on an older token'(trace) {
    for (const { from, to, at, step, key, callId } of trace.refreshes.leases) {
      if (!from?.held || from.until <= at || from.tokenRev === to.tokenRev) continue;
      const row = getSnapshotAt(trace, key.userId, step).rows.get(key.credentialId);
      if (row && getTokenRev(row) === from.tokenRev) yield `call ${callId} replaced the lease on ${from.tokenRev}`;
    }
  },

  *'a refresh token is not sent again while an earlier call may be under way'(trace) {
    for (const second of trace.refreshes.exchanges) {
      const lease = findLease(trace, second);
      if (!lease?.to.rotates) continue;
      for (const first of trace.refreshes.exchanges) {
        // A request of a frozen function may be on its way for any time.
        if (trace.freezes.has(first.callId)) continue;
        const isEarlier = first.startedStep < second.startedStep && first.refreshToken === second.refreshToken;
        if (isEarlier && second.startedAt < first.underWayUntil)
          yield `call ${second.callId} sent ${second.refreshToken} again while call ${first.callId}'s was under way`;
      }
    }
  },

  *'a refresh token that may be spent is not sent while the access token is valid, unless that is reported as refused'(
    trace,
  ) {
    for (const exchange of trace.refreshes.exchanges) {
      const lease = findLease(trace, exchange);
      if (lease && wasUncertain(trace, lease) && !wasReported(trace, lease))
        yield `call ${exchange.callId} sent ${exchange.refreshToken} while it may be spent`;
    }
  },

  *'a call of a client sends a refresh token only when the access token is not valid, or is the one it reports'(trace) {
    for (const exchange of trace.refreshes.exchanges) {
      const lease = findLease(trace, exchange);
      const call = findCall(trace, exchange.callId);
      if (!lease || !call || !isKind(call, 'resolve')) continue;
      const row = getSnapshotAt(trace, lease.key.userId, lease.step).rows.get(lease.key.credentialId);
      if (!row || getTokenRev(row) !== lease.to.tokenRev) continue;
      if (!wasReported(trace, lease) && Number(row.expiresAt) > lease.at + CLOCK_ERROR_MILLISECONDS)
        yield `call ${exchange.callId} waited for the provider with a token valid until ${row.expiresAt}`;
    }
  },

  *'a caller who reports a token as refused is not answered with it'({ calls }) {
    for (const call of calls) {
      if (!isKind(call, 'resolve') || call.outcome.kind !== 'ok' || call.request.refusedTokenRef === undefined)
        continue;
      const { tokenRef } = call.outcome.value as { tokenRef: string };
      if (tokenRef === call.request.refusedTokenRef) yield `call ${call.id} got the token it reported`;
    }
  },

  *'a token is marked as refused only by a call that reports it, and only if it cannot be refreshed'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const change = snapshot.method === 'markReconnectRequired' ? findChange(snapshot) : null;
      if (change?.after.brokenReason !== 'refused') continue;
      const { callId } = snapshot;
      const call = findCall(trace, callId);
      if (!call || !isReported(call, change.id, change.before)) yield `call ${callId} marked what it did not report`;
      if (change.before.hasRefreshToken === true) yield `call ${callId} marked what can be refreshed`;
    }
  },

  *'a refresh is handed over once while its mark holds'({ refreshes }) {
    const marks = refreshes.leases.filter(({ to }) => to.dispatched);
    for (const second of marks) {
      const { from, to, at, callId } = second;
      // Both clocks may be off.
      const isOver = from !== null && from.until <= at + 2 * CLOCK_ERROR_MILLISECONDS;
      const isRepeated = from?.dispatched && from.id !== to.id && from.tokenRev === to.tokenRev && !isOver;
      if (isRepeated) yield `call ${callId} handed over what was handed over until ${from.until}`;
    }
    for (const { callId, userId, credentialId } of refreshes.dispatches) {
      const isMarked = marks.some(
        ({ key, ...mark }) => mark.callId === callId && key.userId === userId && key.credentialId === credentialId,
      );
      if (!isMarked) yield `call ${callId} handed over without a mark`;
    }
  },

  *'a refresh that was handed over and never began leaves no doubt about its token'({ refreshes }) {
    for (const { from, to, callId } of refreshes.leases) {
      if (from?.dispatched && from.tokenRev === to.tokenRev && to.uncertain && !from.uncertain && to.held)
        yield `call ${callId} took over a mark as an uncertain lease`;
    }
    for (const { callId, userId, credentialId, step } of refreshes.dispatches) {
      const isOwn = (lease: LeaseEvent) =>
        lease.callId === callId && lease.key.userId === userId && lease.key.credentialId === credentialId;
      const last = refreshes.leases.findLast((lease) => isOwn(lease) && lease.step <= step);
      if (last?.to.held) yield `call ${callId} handed over under a lease`;
    }
  },

  *'a credential is marked only when its provider rejected that secret, and its token is not sent again'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const change = snapshot.method === 'markReconnectRequired' ? findChange(snapshot) : null;
      if (!change || change.after.brokenReason === 'refused') continue;
      const { refreshToken } = getSecret(change.before);
      const said = findExchanges(trace, snapshot.callId).find((e) => e.refreshToken === refreshToken);
      if (said?.decision !== 'dead')
        yield `call ${snapshot.callId} marked ${refreshToken}, which the provider did not reject`;
      const uncertain = change.after.brokenReason === 'uncertain_refresh';
      // Decided at the time the token was sent: a later takeover does not affect that answer.
      const [tokenRev, step] = [getTokenRev(change.before), said?.startedStep ?? snapshot.step];
      // The TTL deletion may have removed the lease, a week after it ended.
      if (!uncertain && trace.faultCounts.has('ttl deletion')) continue;
      if (uncertain !== (wasLeaseTakenOver(trace, tokenRev, step) || wasAnswerLost(trace, tokenRev, step)))
        yield `call ${snapshot.callId} marked it as ${change.after.brokenReason}`;
    }
    for (const { callId, refreshToken, startedStep, ...rest } of trace.refreshes.exchanges) {
      const lease = findLease(trace, { callId, refreshToken, startedStep, ...rest });
      const row = lease && getSnapshotAt(trace, lease.key.userId, startedStep).rows.get(lease.key.credentialId);
      if (row?.brokenReason !== undefined && getTokenRev(row) === lease?.to.tokenRev)
        yield `call ${callId} sent ${refreshToken} after it was marked`;
    }
  },

  *'tokens issued by the provider are stored by the call that got them, unless the credential changed or the store failed'(
    trace,
  ) {
    for (const exchange of trace.refreshes.exchanges) {
      if (exchange.decision !== 'granted' || wasPreventedByFault(trace, exchange)) continue;
      if (storedStep(trace, exchange) < Number.POSITIVE_INFINITY || wasChangedByAnotherCall(trace, exchange)) continue;
      if (findCall(trace, exchange.callId)?.outcome.kind === 'unknown') continue;
      yield `call ${exchange.callId} lost ${JSON.stringify(exchange.tokens)}`;
    }
  },

  *'at the end a refresh token is valid at its provider, unless the credential is marked or its last holder crashed'(
    trace,
  ) {
    const { refreshes, provider } = trace;
    const revoked = new Set(refreshes.revoked.map(readFamily));
    for (const userId of trace.timeline.users.keys()) {
      for (const [id, item] of (getSnapshots(trace, userId).at(-1) ?? emptySnapshot).rows) {
        const { refreshToken } = getSecret(item);
        if (refreshToken === undefined || item.provider !== 'acme' || item.brokenReason !== undefined) continue;
        if (provider.isAlive(refreshToken) || revoked.has(readFamily(refreshToken))) continue;
        const holders = refreshes.exchanges.filter((exchange) => exchange.refreshToken === refreshToken);
        if (holders.some((holder) => wasPreventedByFault(trace, holder))) continue;
        // A strict provider revokes the whole token family when a spent token is sent again.
        const isSame = (other: string) => readFamily(other) === readFamily(refreshToken);
        if (refreshes.exchanges.some((e) => e.decision === 'dead' && isSame(e.refreshToken))) continue;
        if (holders.some(({ callId }) => findCall(trace, callId)?.outcome.kind === 'unknown')) continue;
        yield `${id} of ${userId} holds ${refreshToken}, which its provider does not accept`;
      }
    }
  },

  *'a resolved access token is valid when the call starts'(trace) {
    for (const call of trace.calls) {
      if (!isKind(call, 'resolve') || call.outcome.kind !== 'ok') continue;
      const { expiresAt } = call.outcome.value as { expiresAt: string | null };
      // The caller's clock may be behind.
      if (expiresAt !== null && Date.parse(expiresAt) + CLOCK_ERROR_MILLISECONDS <= call.startAt)
        yield `call ${call.id} (${outcomeName(call.outcome)}) got a token that expired at ${expiresAt}`;
    }
  },
};
