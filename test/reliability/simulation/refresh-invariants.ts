// What must be true of refreshing in every run: a refresh token is spent once, nothing of a user's grant is mixed or revived,
// no living token is lost by anybody who lives, and only what its provider called dead is marked.
import type { Item } from '../../../lib/domain/credential/rows.ts';
import { familyOf } from '../../support/memory/token-provider.ts';
import { BUDGET_MILLISECONDS } from './environment/invocation-deps.ts';
import type { Trace } from './simulate.ts';
import { type Call, isKind, outcomeName } from './trace/call.ts';
import { getAllSnapshots, getSnapshots } from './trace/queries.ts';
import type { ExchangeEvent, LeaseEvent } from './trace/refresh-log.ts';
import { emptySnapshot, type Snapshot } from './trace/timeline.ts';
import { toRow } from './trace/write-model.ts';

const secretOf = (item: Item) => toRow(item).secret;

const getTokenRev = (item: Item): string => String(item.tokenRev ?? item.secretRev);

/** The one row that a moment has changed, before and after. */
const findChange = ({ before, rows }: Snapshot): { id: string; was: Item; is: Item } | null => {
  const old = before ?? emptySnapshot;
  for (const [id, is] of rows) {
    const was = old.rows.get(id);
    if (was !== undefined && was !== is) return { id, was, is };
  }
  return null;
};

const REFRESHED = [
  'secretRev',
  'tokenRev',
  'sealed',
  'scopes',
  'expiresAt',
  'refreshTokenExpiresAt',
  'hasRefreshToken',
];
const PLACE = ['dueShard', 'dueAt', 'usedDay'];
/** What each write around a refresh may change of a row. */
const WRITABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  storeRefreshed: [...REFRESHED, ...PLACE, 'secretStoredAt', 'brokenReason', 'version'],
  markReconnectRequired: ['brokenReason', 'version', ...PLACE],
  noteUse: PLACE,
  rescheduleRenewal: PLACE,
};

const findChangedFields = (was: Item, is: Item): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );

const findExchanges = ({ refreshes }: Trace, callId: number): ExchangeEvent[] =>
  refreshes.exchanges.filter((exchange) => exchange.callId === callId);

/** The lease that the call held when it sent a refresh token. */
const findLease = ({ refreshes }: Trace, { callId, startedStep }: ExchangeEvent): LeaseEvent | undefined =>
  refreshes.leases.findLast((lease) => lease.callId === callId && lease.to.held && lease.step <= startedStep);

/** The user as he was at a step. */
const getSnapshotAt = (trace: Trace, userId: string, step: number): Snapshot =>
  getSnapshots(trace, userId).findLast((snapshot) => snapshot.step <= step) ?? emptySnapshot;

/** What a lease was put over: nothing, another's secret, or something that was over by then. */
const wasLeaseFree = ({ from, to, at }: LeaseEvent): boolean =>
  from === null || from.id === to.id || from.tokenRev !== to.tokenRev || from.until <= at;

/** The access token still lived when a lease that had lapsed on it was put anew, though its refresh token may be spent. */
const wasUncertain = (trace: Trace, lease: LeaseEvent): boolean => {
  const { from, to, at, step, key } = lease;
  if (!from?.held || !from.rotates || from.id === to.id || from.tokenRev !== to.tokenRev) return false;
  const row = getSnapshotAt(trace, key.userId, step).rows.get(key.credentialId);
  return (
    row !== undefined && getTokenRev(row) === to.tokenRev && typeof row.expiresAt === 'number' && row.expiresAt > at
  );
};

/** A held lease on this secret had lapsed, and somebody else has taken over from its holder. */
const wasLeaseTakenOver = ({ refreshes }: Trace, tokenRev: string, step: number): boolean =>
  refreshes.leases.some(({ callId, from, to, at, ...lease }) => {
    if (lease.step > step || !from?.held || !from.rotates || from.id === to.id || from.tokenRev !== tokenRev)
      return false;
    const holder = refreshes.leases.find((other) => other.to.id === from.id);
    return from.until <= at && holder?.callId !== callId;
  });

const findCall = ({ calls }: Trace, id: number): Call | undefined => calls.find((call) => call.id === id);

/** When what was given was stored; infinite: never. */
const storedStep = (trace: Trace, { callId, tokens }: ExchangeEvent): number =>
  getAllSnapshots(trace).find(
    (snapshot) =>
      snapshot.callId === callId &&
      snapshot.method === 'storeRefreshed' &&
      [...snapshot.rows.values()].some((item) => secretOf(item).accessToken === tokens?.accessToken),
  )?.step ?? Number.POSITIVE_INFINITY;

/** Somebody else has changed the grant, or removed it, between the lease and the end of the call. */
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

/** What was given for this token never came to where it is kept, and not through a fault of the code. */
const isExcused = (trace: Trace, exchange: ExchangeEvent): boolean => {
  const crashed = findCall(trace, exchange.callId)?.outcome.kind === 'unknown' && !exchange.delivered;
  return crashed || !exchange.delivered || trace.refreshes.callsWithStoreFault.has(exchange.callId);
};

type Rule = (trace: Trace) => Iterable<string>;

export const refreshRules: Readonly<Record<string, Rule>> = {
  *'a refresh changes the tokens of one grant and nothing else of it'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const may = WRITABLE_FIELDS[snapshot.method];
      const change = may && findChange(snapshot);
      if (!may || !change) continue;
      const odd = findChangedFields(change.was, change.is).filter((name) => !may.includes(name));
      if (odd.length > 0) yield `${snapshot.method} of call ${snapshot.callId} changed ${odd}`;
    }
  },

  *'what a refresh stores is what the provider gave for the very token that stood there'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const change = snapshot.method === 'storeRefreshed' ? findChange(snapshot) : null;
      if (!change) continue;
      const [was, is] = [secretOf(change.was), secretOf(change.is)];
      const given = findExchanges(trace, snapshot.callId).find(({ tokens }) =>
        // A successor may be handed on to a grant that came meanwhile and kept what is spent.
        is.accessToken === was.accessToken
          ? tokens?.refreshToken === is.refreshToken
          : tokens?.accessToken === is.accessToken,
      );
      if (!given) yield `call ${snapshot.callId} stored ${is.accessToken}, which nobody gave it`;
      else if (given.refreshToken !== was.refreshToken) yield `call ${snapshot.callId} stored over ${was.refreshToken}`;
      else if (is.refreshToken !== (given.tokens?.refreshToken ?? was.refreshToken))
        yield `call ${snapshot.callId} stored the refresh token ${is.refreshToken}`;
    }
  },

  *'a refresh token is sent under a lease of one’s own alone, with time for all of it'(trace) {
    for (const exchange of trace.refreshes.exchanges) {
      const { callId, refreshToken, startedAt } = exchange;
      const lease = findLease(trace, exchange);
      if (!lease) yield `call ${callId} sent ${refreshToken} without a lease`;
      else if (!wasLeaseFree(lease)) yield `call ${callId} took the lease of ${JSON.stringify(lease.from)}`;
      else if (lease.to.until - startedAt < BUDGET_MILLISECONDS)
        yield `call ${callId} sent ${refreshToken} with ${lease.to.until - startedAt} ms left`;
    }
  },

  *'no refresh token is sent while another’s lease on it lives'(trace) {
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
        // A late result of a third's kept the token under another name: it does not rotate, so nothing is spent.
        if (!lease.to.rotates && findLease(trace, second)?.to.tokenRev !== lease.to.tokenRev) continue;
        // Its work is done with the write: a token that does not rotate may come again after it.
        if (storedStep(trace, first) <= second.startedStep) continue;
        yield `calls ${first.callId} and ${second.callId} both sent ${first.refreshToken}`;
      }
    }
  },

  *'a token that may be spent is not sent while the access token lives'(trace) {
    for (const exchange of trace.refreshes.exchanges) {
      const lease = findLease(trace, exchange);
      if (lease && wasUncertain(trace, lease)) yield `call ${exchange.callId} sent ${exchange.refreshToken} in doubt`;
    }
  },

  *'a grant is marked only for what its provider said of that very secret, and the token is not sent again'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const change = snapshot.method === 'markReconnectRequired' ? findChange(snapshot) : null;
      if (!change) continue;
      const { refreshToken } = secretOf(change.was);
      const said = findExchanges(trace, snapshot.callId).find((e) => e.refreshToken === refreshToken);
      if (said?.decision !== 'dead') yield `call ${snapshot.callId} marked ${refreshToken}, which was not called dead`;
      const uncertain = change.is.brokenReason === 'uncertain_refresh';
      // As it was when the token was sent: who takes over later has no part in what the provider said of it.
      if (uncertain !== wasLeaseTakenOver(trace, getTokenRev(change.was), said?.startedStep ?? snapshot.step))
        yield `call ${snapshot.callId} marked it as ${change.is.brokenReason}`;
    }
    for (const { callId, refreshToken, startedStep, ...rest } of trace.refreshes.exchanges) {
      const lease = findLease(trace, { callId, refreshToken, startedStep, ...rest });
      const row = lease && getSnapshotAt(trace, lease.key.userId, startedStep).rows.get(lease.key.credentialId);
      if (row?.brokenReason !== undefined && getTokenRev(row) === lease?.to.tokenRev)
        yield `call ${callId} sent ${refreshToken} after it was marked`;
    }
  },

  *'what a provider has given is stored by whoever got it, unless the grant has changed or the store refuses'(trace) {
    for (const exchange of trace.refreshes.exchanges) {
      if (exchange.decision !== 'granted' || isExcused(trace, exchange)) continue;
      if (storedStep(trace, exchange) < Number.POSITIVE_INFINITY || wasChangedByAnotherCall(trace, exchange)) continue;
      if (findCall(trace, exchange.callId)?.outcome.kind === 'unknown') continue;
      yield `call ${exchange.callId} lost ${JSON.stringify(exchange.tokens)}`;
    }
  },

  *'at rest a grant holds a token that its provider takes, unless it is marked or its last holder died'(trace) {
    const { refreshes, provider } = trace;
    const revoked = new Set(refreshes.revoked.map(familyOf));
    for (const userId of trace.timeline.users.keys()) {
      for (const [id, item] of (getSnapshots(trace, userId).at(-1) ?? emptySnapshot).rows) {
        const { refreshToken } = secretOf(item);
        if (refreshToken === undefined || item.provider !== 'acme' || item.brokenReason !== undefined) continue;
        if (provider.isAlive(refreshToken) || revoked.has(familyOf(refreshToken))) continue;
        const holders = refreshes.exchanges.filter((exchange) => exchange.refreshToken === refreshToken);
        if (holders.some((holder) => isExcused(trace, holder))) continue;
        // A strict provider ends all of a sign-in when a spent token of it comes again.
        const isSame = (other: string) => familyOf(other) === familyOf(refreshToken);
        if (refreshes.exchanges.some((e) => e.decision === 'dead' && isSame(e.refreshToken))) continue;
        if (holders.some(({ callId }) => findCall(trace, callId)?.outcome.kind === 'unknown')) continue;
        yield `${id} of ${userId} holds ${refreshToken}, which is dead`;
      }
    }
  },

  *'a token that is handed out lives when it is asked for'(trace) {
    for (const call of trace.calls) {
      if (!isKind(call, 'resolve') || call.outcome.kind !== 'ok') continue;
      const { expiresAt } = call.outcome.value as { expiresAt: string | null };
      if (expiresAt !== null && Date.parse(expiresAt) <= call.startAt)
        yield `call ${call.id} (${outcomeName(call.outcome)}) got a token that expired at ${expiresAt}`;
    }
  },
};
