// The invariants of a flow from its start to its grant: who may complete it, with what, and how often its code is sent.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import type { Trace } from '../simulate.ts';
import { isKind } from '../trace/call.ts';
import { isSpared } from './disconnect-rules.ts';
import {
  type ConnectCall,
  findCall,
  findConnectWrites,
  findConsumption,
  findGrant,
  findState,
  findToken,
  firstMoment,
  getConnectCalls,
  isStoredBy,
} from './flow-evidence.ts';

/** One clock may be ahead and the other behind. */
const CLOCKS_APART_MILLISECONDS = 2 * CLOCK_ERROR_MILLISECONDS;

type Rule = (trace: Trace) => Iterable<string>;

/** The code that the flow received first. */
const findFirstCode = (trace: Trace, token: string): string | undefined => {
  const state = findState(trace, token);
  const moment = state && firstMoment(state, ({ pendingCode }) => pendingCode !== null);
  const request = moment && findCall(trace, moment.callId)?.request;
  return request?.kind === 'callback' ? request.code : undefined;
};

const wrongInReceipt = (trace: Trace, call: ConnectCall, code: string): string | null => {
  if (call.request.kind !== 'complete') return 'sent it without completing';
  const { state, receipt } = call.request;
  const moments = findState(trace, state)?.moments ?? [];
  const consumed = moments.find(({ row }) => row?.usedBy != null);
  if (consumed?.row?.receiptHash !== hashToken(receipt)) return 'had another receipt';
  return findFirstCode(trace, state) === code ? null : 'sent another code than the first that came';
};

export const flowRules: Readonly<Record<string, Rule>> = {
  *'an authorization code is sent once for its flow, whatever the answer'({ authorization }) {
    const sent = new Map<string, number>();
    for (const { kind, code, challenge, callId } of authorization.events) {
      if (kind !== 'code') continue;
      const key = `${code} ${challenge}`;
      const earlier = sent.get(key);
      if (earlier !== undefined) yield `calls ${earlier} and ${callId} sent ${code}`;
      sent.set(key, callId);
    }
  },

  *'a code is sent only for its starter, with the receipt of the first code, after the state was consumed'(trace) {
    for (const event of trace.authorization.events) {
      if (event.kind !== 'code') continue;
      const [call, token] = [findCall(trace, event.callId), findToken(trace, event)];
      const state = token === undefined ? undefined : findState(trace, token);
      if (!call || !state) {
        yield `call ${event.callId} sent ${event.code} without a flow`;
        continue;
      }
      if (call.request.userId !== state.row.userId)
        yield `call ${call.id} of ${call.request.userId} sent a foreign code`;
      if (call.startAt >= state.row.expiresAt + CLOCK_ERROR_MILLISECONDS)
        yield `call ${call.id} sent ${event.code} of an expired flow`;
      const consumption = findConsumption(state);
      if (consumption?.callId !== call.id || consumption.step > event.startedStep)
        yield `call ${call.id} sent ${event.code} of a state that it had not consumed`;
      const wrong = wrongInReceipt(trace, call, event.code);
      if (wrong !== null) yield `call ${call.id} ${wrong}`;
    }
  },

  *'a flow is consumed once, by its user, and nothing else changes it afterwards'(trace) {
    for (const [hash, { row, moments }] of trace.timeline.states) {
      const consumed = moments.findIndex((moment) => moment.row?.usedBy != null);
      const [consumer, ...later] = consumed === -1 ? [] : moments.slice(consumed);
      if (!consumer) continue;
      const user = trace.calls.find(({ id }) => id === consumer.callId)?.request.userId;
      if (user !== row.userId) yield `call ${consumer.callId} of ${user} consumed a state of ${row.userId}`;
      for (const { callId, method, row: changed } of later) {
        if (changed === null) continue;
        const isOwn = callId === consumer.callId && method === 'noteResult' && changed.usedBy === consumer.row?.usedBy;
        if (!isOwn) yield `call ${callId} changed ${hash} by ${method} after call ${consumer.callId} had consumed it`;
      }
    }
  },

  *'a connection writes only the grant it got, for the user who started it'(trace) {
    for (const { snapshot, call } of findConnectWrites(trace)) {
      const event = findGrant(trace, call.id);
      const token = event && findToken(trace, event);
      const owner = token === undefined ? undefined : findState(trace, token)?.row.userId;
      const isTheirs = trace.timeline.users.get(String(owner))?.includes(snapshot) ?? false;
      if (!event || !isStoredBy(trace, event)) yield `call ${call.id} stored what the provider had not granted it`;
      if (!isTheirs || call.request.userId !== owner) yield `call ${call.id} stored a grant of ${owner} elsewhere`;
    }
  },

  *'a grant is stored or revoked, unless its call crashed or its write may have happened'(trace) {
    for (const event of trace.authorization.events) {
      const call = findCall(trace, event.callId);
      if (event.grant === null || event.deliveredAt === Number.POSITIVE_INFINITY || !call) continue;
      if (call.outcome.kind === 'unknown' || isStoredBy(trace, event)) continue;
      const { accessToken, refreshToken } = event.grant;
      const isRevoked = trace.refreshes.revoked.some((token) => token === accessToken || token === refreshToken);
      if (!isRevoked && !isSpared(trace, call, event.grant.account?.id)) yield `call ${call.id} lost ${accessToken}`;
    }
  },

  *'a completion answered with success has stored its grant, once'(trace) {
    for (const call of getConnectCalls(trace)) {
      if (call.outcome.kind !== 'ok' || !isKind(call, 'complete')) continue;
      const writes = findConnectWrites(trace).filter((write) => write.call.id === call.id);
      if (writes.length !== 1) yield `call ${call.id} completed with ${writes.length} writes`;
    }
    for (const { call } of findConnectWrites(trace)) {
      const writes = findConnectWrites(trace).filter((write) => write.call.id === call.id);
      if (writes.length > 1) yield `call ${call.id} wrote ${writes.length} times`;
    }
  },

  *'each poll that reaches the provider was claimed, after the interval'(trace) {
    for (const { moments } of trace.timeline.states.values()) {
      const claims = moments.filter(({ method }) => method === 'claimPoll');
      for (const [index, claim] of claims.entries()) {
        const before = index === 0 ? undefined : claims[index - 1];
        const wasSlowed = trace.authorization.events.some(
          ({ callId, decision }) => callId === claim.callId && decision === 'slow_down',
        );
        if (before?.row && !wasSlowed && claim.at < (before.row.pollAfter ?? 0) - CLOCKS_APART_MILLISECONDS)
          yield `call ${claim.callId} claimed a poll ${(before.row.pollAfter ?? 0) - claim.at} ms early`;
      }
    }
    for (const { kind, callId } of trace.authorization.events) {
      if (kind !== 'device') continue;
      const claims = [...trace.timeline.states.values()].flatMap(({ moments }) => moments);
      if (!claims.some((claim) => claim.callId === callId && claim.method === 'claimPoll'))
        yield `call ${callId} polled without a claim`;
    }
  },
};
