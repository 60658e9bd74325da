// The invariants of connect links: one browser, one success, their own flows, and nothing after they expired or their user was erased.
import { hashToken } from '../../../../lib/domain/oauth/oauth-state.ts';
import { CLOCK_ERROR_MILLISECONDS } from '../../../../lib/platform.ts';
import type { Trace } from '../simulate.ts';
import { type Call, isKind } from '../trace/call.ts';
import { getAllSnapshots, wasErasedBetween } from '../trace/queries.ts';
import type { Snapshot } from '../trace/timeline.ts';
import type { ByLink, MadeLink, MakeLink } from './link-requests.ts';

type Rule = (trace: Trace) => Iterable<string>;

/** A call that came by a link. */
interface LinkCall {
  call: Call;
  byLink: ByLink;
}

/** A link as its maker got it. */
interface Link {
  made: Call<MakeLink>;
  token: string;
  expiresAt: number;
}

export const findLinks = ({ calls }: Trace): Link[] =>
  calls.flatMap((call) =>
    isKind(call, 'makeLink') && call.outcome.kind === 'ok' ? [{ made: call, ...(call.outcome.value as MadeLink) }] : [],
  );

export const findByLink = ({ calls }: Trace, token: string): LinkCall[] =>
  calls.flatMap((call) => {
    const { byLink } = call.request as { byLink?: ByLink };
    return byLink?.token === token ? [{ call, byLink }] : [];
  });

/** The writes of credentials by a link. */
export const findWrites = (trace: Trace, token: string): Snapshot[] => {
  const ids = new Set(findByLink(trace, token).map(({ call }) => call.id));
  return getAllSnapshots(trace).filter(({ method, callId }) => method === 'write' && ids.has(callId));
};

export const linkRules: Readonly<Record<string, Rule>> = {
  *'a link without manage stores one credential, and is then spent; none is spent without'(trace) {
    for (const { token, made } of findLinks(trace)) {
      const stored = findWrites(trace, token).length;
      if (made.request.manage) continue;
      if (stored > 1) yield `the link of call ${made.id} stored ${stored} credentials`;
      const row = trace.links.get(hashToken(token));
      if (row && (row.spentBy !== null) !== stored > 0)
        yield `the link of call ${made.id}: ${stored} stored, ${row.spentBy}`;
    }
  },

  *'a link serves one browser'(trace) {
    for (const { token, made } of findLinks(trace)) {
      const served = findByLink(trace, token).filter(({ call }) => call.outcome.kind === 'ok');
      const browsers = new Set(served.map(({ byLink }) => byLink.browser));
      if (browsers.size > 1) yield `the link of call ${made.id} served ${[...browsers].join(' and ')}`;
      const writers = new Set(findWrites(trace, token).map(({ callId }) => callId));
      const wrote = findByLink(trace, token).filter(({ call }) => writers.has(call.id));
      if (new Set(wrote.map(({ byLink }) => byLink.browser)).size > 1)
        yield `the link of call ${made.id} stored for two`;
    }
  },

  *'a link serves only until it expires, and stores only for its own user, who was not erased since'(trace) {
    for (const { token, made, expiresAt } of findLinks(trace)) {
      const { userId } = made.request;
      for (const { call } of findByLink(trace, token)) {
        if (call.outcome.kind === 'ok' && call.startAt >= expiresAt + CLOCK_ERROR_MILLISECONDS)
          yield `call ${call.id} was served after its link had expired`;
      }
      for (const write of findWrites(trace, token)) {
        if (!trace.timeline.users.get(userId)?.includes(write)) yield `call ${write.callId} stored for another user`;
        if (wasErasedBetween(trace, userId, { after: made.endStep, until: write.step - 1 }))
          yield `call ${write.callId} stored by a link from before an erasure`;
      }
    }
  },

  *'a flow completes by the link that started it, or without one'(trace) {
    for (const call of trace.calls) {
      if (call.outcome.kind !== 'ok' || !isKind(call, 'complete', 'poll')) continue;
      const row = trace.timeline.states.get(hashToken(call.request.state))?.row;
      const token = call.request.byLink?.token;
      if (row && row.linkHash !== (token === undefined ? null : hashToken(token)))
        yield `call ${call.id} was answered for a flow of another link`;
    }
  },
};

/** Whether the link could be refused at some time during the call. */
export const isLinkRefusalJustified = (trace: Trace, call: Call): boolean => {
  const { byLink } = call.request as { byLink?: ByLink };
  const link = findLinks(trace).find(({ token }) => token === byLink?.token);
  if (byLink === undefined || link === undefined) return byLink !== undefined;
  const { made, expiresAt, token } = link;
  if (call.endAt >= expiresAt - CLOCK_ERROR_MILLISECONDS) return true;
  if (wasErasedBetween(trace, made.request.userId, { after: made.startStep, until: call.endStep })) return true;
  if (!made.request.manage && findWrites(trace, token).some(({ step }) => step <= call.endStep)) return true;
  return findByLink(trace, token).some(
    (other) => other.byLink.browser !== byLink.browser && other.call.startStep <= call.endStep,
  );
};
