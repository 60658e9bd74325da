// What must be true of refreshing in every run: a refresh token is spent once, nothing of a user's grant is mixed or revived,
// no living token is lost by anybody who lives, and only what its provider called dead is marked.
import type { Item } from '../../../lib/domain/credential/rows.ts';
import { familyOf } from '../../support/memory/token-provider.ts';
import { type Call, isKind, outcomeName } from './evidence/history.ts';
import { rowOf } from './evidence/model.ts';
import { allMoments, momentsOf } from './evidence/questions.ts';
import type { ExchangeEvent, LeaseEvent } from './evidence/refresh-log.ts';
import { beginning, type Moment } from './evidence/timeline.ts';
import type { Evidence } from './simulate.ts';
import { BUDGET_MILLISECONDS } from './world/invocation-deps.ts';

const secretOf = (item: Item) => rowOf(item).secret;

const tokenRevIn = (item: Item): string => String(item.tokenRev ?? item.secretRev);

/** The one row that a moment has changed, before and after. */
const changeIn = ({ before, rows }: Moment): { id: string; was: Item; is: Item } | null => {
  const old = before ?? beginning;
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
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  storeRefreshed: [...REFRESHED, ...PLACE, 'secretStoredAt', 'brokenReason', 'version'],
  markReconnectRequired: ['brokenReason', 'version', ...PLACE],
  noteUse: PLACE,
  rescheduleRenewal: PLACE,
};

const differing = (was: Item, is: Item): string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );

const exchangesOf = ({ refreshes }: Evidence, callId: number): ExchangeEvent[] =>
  refreshes.exchanges.filter((exchange) => exchange.callId === callId);

/** The lease that the call held when it sent a refresh token. */
const leaseOf = ({ refreshes }: Evidence, { callId, startedStep }: ExchangeEvent): LeaseEvent | undefined =>
  refreshes.leases.findLast((lease) => lease.callId === callId && lease.to.held && lease.step <= startedStep);

/** The user as he was at a step. */
const momentAt = (evidence: Evidence, userId: string, step: number): Moment =>
  momentsOf(evidence, userId).findLast((moment) => moment.step <= step) ?? beginning;

/** What a lease was put over: nothing, another's secret, or something that was over by then. */
const isOver = ({ from, to, at }: LeaseEvent): boolean =>
  from === null || from.id === to.id || from.tokenRev !== to.tokenRev || from.until <= at;

/** The access token still lived when a lease that had lapsed on it was put anew, though its refresh token may be spent. */
const wasInDoubt = (evidence: Evidence, lease: LeaseEvent): boolean => {
  const { from, to, at, step, key } = lease;
  if (!from?.held || !from.rotates || from.id === to.id || from.tokenRev !== to.tokenRev) return false;
  const row = momentAt(evidence, key.userId, step).rows.get(key.credentialId);
  return (
    row !== undefined && tokenRevIn(row) === to.tokenRev && typeof row.expiresAt === 'number' && row.expiresAt > at
  );
};

/** A held lease on this secret had lapsed, and somebody else has taken over from its holder. */
const hadLapsed = ({ refreshes }: Evidence, tokenRev: string, step: number): boolean =>
  refreshes.leases.some(({ callId, from, to, at, ...lease }) => {
    if (lease.step > step || !from?.held || !from.rotates || from.id === to.id || from.tokenRev !== tokenRev)
      return false;
    const holder = refreshes.leases.find((other) => other.to.id === from.id);
    return from.until <= at && holder?.callId !== callId;
  });

const callOf = ({ calls }: Evidence, id: number): Call | undefined => calls.find((call) => call.id === id);

/** When what was given was stored; infinite: never. */
const storedStep = (evidence: Evidence, { callId, tokens }: ExchangeEvent): number =>
  allMoments(evidence).find(
    (moment) =>
      moment.callId === callId &&
      moment.method === 'storeRefreshed' &&
      [...moment.rows.values()].some((item) => secretOf(item).accessToken === tokens?.accessToken),
  )?.step ?? Number.POSITIVE_INFINITY;

/** Somebody else has changed the grant, or removed it, between the lease and the end of the call. */
const wasOvertaken = (evidence: Evidence, exchange: ExchangeEvent): boolean => {
  const lease = leaseOf(evidence, exchange);
  if (!lease) return false;
  const { userId, credentialId } = lease.key;
  const end = callOf(evidence, exchange.callId)?.endStep ?? Number.POSITIVE_INFINITY;
  const exchanged = momentAt(evidence, userId, lease.step).rows.get(credentialId)?.secretRev;
  const changed = momentsOf(evidence, userId).find(
    ({ step, rows }) => step >= lease.step && step <= end && rows.get(credentialId)?.secretRev !== exchanged,
  );
  return changed !== undefined && changed.callId !== exchange.callId;
};

/** What was given for this token never came to where it is kept, and not through a fault of the code. */
const isExcused = (evidence: Evidence, exchange: ExchangeEvent): boolean => {
  const crashed = callOf(evidence, exchange.callId)?.outcome.is === 'unknown' && !exchange.delivered;
  return crashed || !exchange.delivered || evidence.refreshes.hindered.has(exchange.callId);
};

type Rule = (evidence: Evidence) => Iterable<string>;

export const refreshRules: Readonly<Record<string, Rule>> = {
  *'a refresh changes the tokens of one grant and nothing else of it'(evidence) {
    for (const moment of allMoments(evidence)) {
      const may = MAY_CHANGE[moment.method];
      const change = may && changeIn(moment);
      if (!may || !change) continue;
      const odd = differing(change.was, change.is).filter((name) => !may.includes(name));
      if (odd.length > 0) yield `${moment.method} of call ${moment.callId} changed ${odd}`;
    }
  },

  *'what a refresh stores is what the provider gave for the very token that stood there'(evidence) {
    for (const moment of allMoments(evidence)) {
      const change = moment.method === 'storeRefreshed' ? changeIn(moment) : null;
      if (!change) continue;
      const [was, is] = [secretOf(change.was), secretOf(change.is)];
      const given = exchangesOf(evidence, moment.callId).find(({ tokens }) =>
        // A successor may be handed on to a grant that came meanwhile and kept what is spent.
        is.accessToken === was.accessToken
          ? tokens?.refreshToken === is.refreshToken
          : tokens?.accessToken === is.accessToken,
      );
      if (!given) yield `call ${moment.callId} stored ${is.accessToken}, which nobody gave it`;
      else if (given.refreshToken !== was.refreshToken) yield `call ${moment.callId} stored over ${was.refreshToken}`;
      else if (is.refreshToken !== (given.tokens?.refreshToken ?? was.refreshToken))
        yield `call ${moment.callId} stored the refresh token ${is.refreshToken}`;
    }
  },

  *'a refresh token is sent under a lease of one’s own alone, with time for all of it'(evidence) {
    for (const exchange of evidence.refreshes.exchanges) {
      const { callId, refreshToken, startedAt } = exchange;
      const lease = leaseOf(evidence, exchange);
      if (!lease) yield `call ${callId} sent ${refreshToken} without a lease`;
      else if (!isOver(lease)) yield `call ${callId} took the lease of ${JSON.stringify(lease.from)}`;
      else if (lease.to.until - startedAt < BUDGET_MILLISECONDS)
        yield `call ${callId} sent ${refreshToken} with ${lease.to.until - startedAt} ms left`;
    }
  },

  *'no refresh token is sent while another’s lease on it lives'(evidence) {
    const { exchanges, leases } = evidence.refreshes;
    for (const first of exchanges) {
      const lease = leaseOf(evidence, first);
      const ended = leases.find(
        ({ callId, to, step }) => callId === first.callId && !to.held && step > first.startedStep,
      );
      for (const second of exchanges) {
        const isRival = second.callId !== first.callId && second.refreshToken === first.refreshToken;
        if (!isRival || !lease || second.startedStep < first.startedStep || second.startedAt >= lease.to.until)
          continue;
        if (ended && ended.step <= second.startedStep) continue;
        // A late result of a third's kept the token under another name: it does not rotate, so nothing is spent.
        if (!lease.to.rotates && leaseOf(evidence, second)?.to.tokenRev !== lease.to.tokenRev) continue;
        // Its work is done with the write: a token that does not rotate may come again after it.
        if (storedStep(evidence, first) <= second.startedStep) continue;
        yield `calls ${first.callId} and ${second.callId} both sent ${first.refreshToken}`;
      }
    }
  },

  *'a token that may be spent is not sent while the access token lives'(evidence) {
    for (const exchange of evidence.refreshes.exchanges) {
      const lease = leaseOf(evidence, exchange);
      if (lease && wasInDoubt(evidence, lease)) yield `call ${exchange.callId} sent ${exchange.refreshToken} in doubt`;
    }
  },

  *'a grant is marked only for what its provider said of that very secret, and the token is not sent again'(evidence) {
    for (const moment of allMoments(evidence)) {
      const change = moment.method === 'markReconnectRequired' ? changeIn(moment) : null;
      if (!change) continue;
      const { refreshToken } = secretOf(change.was);
      const said = exchangesOf(evidence, moment.callId).find((e) => e.refreshToken === refreshToken);
      if (said?.decision !== 'dead') yield `call ${moment.callId} marked ${refreshToken}, which was not called dead`;
      const uncertain = change.is.brokenReason === 'uncertain_refresh';
      // As it was when the token was sent: who takes over later has no part in what the provider said of it.
      if (uncertain !== hadLapsed(evidence, tokenRevIn(change.was), said?.startedStep ?? moment.step))
        yield `call ${moment.callId} marked it as ${change.is.brokenReason}`;
    }
    for (const { callId, refreshToken, startedStep, ...rest } of evidence.refreshes.exchanges) {
      const lease = leaseOf(evidence, { callId, refreshToken, startedStep, ...rest });
      const row = lease && momentAt(evidence, lease.key.userId, startedStep).rows.get(lease.key.credentialId);
      if (row?.brokenReason !== undefined && tokenRevIn(row) === lease?.to.tokenRev)
        yield `call ${callId} sent ${refreshToken} after it was marked`;
    }
  },

  *'what a provider has given is stored by whoever got it, unless the grant has changed or the store refuses'(
    evidence,
  ) {
    for (const exchange of evidence.refreshes.exchanges) {
      if (exchange.decision !== 'granted' || isExcused(evidence, exchange)) continue;
      if (storedStep(evidence, exchange) < Number.POSITIVE_INFINITY || wasOvertaken(evidence, exchange)) continue;
      if (callOf(evidence, exchange.callId)?.outcome.is === 'unknown') continue;
      yield `call ${exchange.callId} lost ${JSON.stringify(exchange.tokens)}`;
    }
  },

  *'at rest a grant holds a token that its provider takes, unless it is marked or its last holder died'(evidence) {
    const { refreshes, provider } = evidence;
    const revoked = new Set(refreshes.revoked.map(familyOf));
    for (const userId of evidence.timeline.users.keys()) {
      for (const [id, item] of (momentsOf(evidence, userId).at(-1) ?? beginning).rows) {
        const { refreshToken } = secretOf(item);
        if (refreshToken === undefined || item.provider !== 'acme' || item.brokenReason !== undefined) continue;
        if (provider.isAlive(refreshToken) || revoked.has(familyOf(refreshToken))) continue;
        const holders = refreshes.exchanges.filter((exchange) => exchange.refreshToken === refreshToken);
        if (holders.some((holder) => isExcused(evidence, holder))) continue;
        // A strict provider ends all of a sign-in when a spent token of it comes again.
        const isSame = (other: string) => familyOf(other) === familyOf(refreshToken);
        if (refreshes.exchanges.some((e) => e.decision === 'dead' && isSame(e.refreshToken))) continue;
        if (holders.some(({ callId }) => callOf(evidence, callId)?.outcome.is === 'unknown')) continue;
        yield `${id} of ${userId} holds ${refreshToken}, which is dead`;
      }
    }
  },

  *'a token that is handed out lives when it is asked for'(evidence) {
    for (const call of evidence.calls) {
      if (!isKind(call, 'resolve') || call.outcome.is !== 'ok') continue;
      const { expiresAt } = call.outcome.value as { expiresAt: string | null };
      if (expiresAt !== null && Date.parse(expiresAt) <= call.startAt)
        yield `call ${call.id} (${outcomeName(call.outcome)}) got a token that expired at ${expiresAt}`;
    }
  },
};
