// What must be true of every run, whatever went wrong in it. `calls` is what clients know, moments are what the table went
// through; each rule yields what breaks it. Read the words first: they are the promise, the code is its proof.
import { isWrite, type WriteRequest } from './clients/request.ts';
import { isTrueAnswer } from './evidence/answers.ts';
import { flowsOf, wrongsOf } from './evidence/flows.ts';
import { type Call, isKind, outcomeName } from './evidence/history.ts';
import { isJustified } from './evidence/justification.ts';
import { misdeedOf, rowsOf } from './evidence/model.ts';
import { allMoments, effectsOf, isUnderWay, momentsDuring, momentsOf } from './evidence/questions.ts';
import { beginning, type Moment } from './evidence/timeline.ts';
import { refreshRules } from './refresh-invariants.ts';
import type { Evidence } from './simulate.ts';

const MOST_MILLISECONDS = 45_000;

const named = (call: Call) => `call ${call.id} (${call.request.kind}: ${outcomeName(call.outcome)})`;
const count = (calls: readonly Call[], is: string) => calls.filter(({ outcome }) => outcome.is === is).length;
const text = (items: Iterable<unknown>) => JSON.stringify([...items]);

const rules: Record<string, (evidence: Evidence) => Iterable<string>> = {
  *'every call ends in bounded time, with a result or a ServiceError'({ calls }) {
    for (const call of calls) {
      if (call.outcome.is === 'pending') yield `${named(call)} never ended`;
      if (call.outcome.is === 'broken') yield `${named(call)}: ${call.outcome.error}`;
      const took = call.endAt - call.startAt - call.excusedMilliseconds;
      if (took > MOST_MILLISECONDS) yield `${named(call)} took ${took} ms of its own`;
    }
  },

  *'nothing is left running behind an answer'({ calls }) {
    for (const call of calls) if (call.isLeftRunning) yield `${named(call)} had more under way`;
  },

  *'a write that is ok took effect once, one that is refused never, an unknown one at most once'(evidence) {
    for (const call of evidence.calls) {
      const times = effectsOf(evidence, call).length;
      if (call.outcome.is === 'refused' && times > 0) yield `${named(call)} took effect all the same`;
      if (!isWrite(call.request)) continue;
      if (call.outcome.is === 'ok' ? times !== 1 : times > 1) yield `${named(call)} took effect ${times} times`;
    }
  },

  *'the version counts the writes and only ever grows'(evidence) {
    for (const { before, head, method, callId } of allMoments(evidence)) {
      const growth = head.version - (before?.head.version ?? 0);
      if (growth !== (/^(write|finishErasure)$/.test(method) ? 1 : 0))
        yield `version + ${growth} by ${method} of call ${callId}`;
      if (head.erasures < (before?.head.erasures ?? 0)) yield `call ${callId} made an erasure forgotten`;
    }
    for (const userId of evidence.timeline.users.keys()) {
      const moments = momentsOf(evidence, userId);
      const erasing = moments.filter(({ method }) => method === 'finishErasure').length;
      const growth = (moments.at(-1) ?? beginning).head.version - erasing;
      const writes = evidence.calls.filter(({ request }) => request.userId === userId && isWrite(request));
      const [ok, unknown] = [count(writes, 'ok'), count(writes, 'unknown')];
      if (growth < ok || growth > ok + unknown) yield `${growth} writes of ${userId}: ${ok} ok, ${unknown} unknown`;
    }
  },

  *'no update is lost: a write that names a version lands on it, and only one does'(evidence) {
    const winners = new Map<string, Call>();
    for (const call of evidence.calls) {
      const { userId, expectedVersion } = call.request as Partial<WriteRequest>;
      if (call.outcome.is !== 'ok' || expectedVersion === undefined) continue;
      const effect = effectsOf(evidence, call).find(({ method }) => /^(write|beginErasure)$/.test(method));
      if (!effect) continue; // An erasure may be joined: then it lands nowhere.
      const found = effect.before?.head.version;
      if (found !== expectedVersion) yield `${named(call)} expected v${expectedVersion}, wrote upon v${found}`;
      const rival = winners.get(`${userId} ${expectedVersion}`);
      if (rival) yield `${named(call)} and ${named(rival)} both changed v${expectedVersion}`;
      winners.set(`${userId} ${expectedVersion}`, call);
    }
  },

  *'a write does what was asked, all of it and nothing else: no mix, nothing overwritten, nothing revived'(evidence) {
    for (const call of evidence.calls) {
      const { request } = call;
      const misdeeds = isWrite(request) ? effectsOf(evidence, call).flatMap((m) => misdeedOf(request, m) ?? []) : [];
      for (const misdeed of misdeeds) yield `${named(call)} ${misdeed}`;
    }
  },

  *'what is stored at the end opens, as what was written'(evidence) {
    for (const [userId, opened] of evidence.opened) {
      const rows = rowsOf((momentsOf(evidence, userId).at(-1) ?? beginning).rows);
      if (rows.size !== opened.size) yield `${opened.size} read of ${userId}, ${rows.size} written`;
      for (const [id, secret] of opened) {
        if (text([secret]) !== text([rows.get(id)?.secret])) yield `${id} of ${userId} opens as ${text([secret])}`;
      }
    }
  },

  *'the count is that of the credentials, and within the limit'(evidence) {
    for (const moment of allMoments(evidence)) {
      const { head, rows, callId } = moment;
      if (!isUnderWay(moment) && head.count !== rows.size) yield `count ${head.count} of ${rows.size}, call ${callId}`;
      if (rows.size > evidence.limits.maxCredentialsPerUser) yield `${rows.size} credentials after call ${callId}`;
    }
  },

  *'a state is consumed once, by its owner, in time, not after an erasure, and never lost by everyone'(evidence) {
    for (const flow of flowsOf(evidence)) {
      const { attempts, winners } = flow;
      const all = attempts.map(({ call }) => named(call)).join(', ');
      if (winners.length > 1) yield `${winners.length} of ${all} consumed one state`;
      for (const winner of winners) yield* wrongsOf(winner, flow).map((wrong) => `${named(winner.call)} ${wrong}`);
      const mustWin = attempts.some(({ wasAlive }) => wasAlive) && attempts.every(({ isDefinite }) => isDefinite);
      if (mustWin && winners.length === 0) yield `none of ${all} got a state that was alive`;
    }
  },

  *'a user has no more flows open than the limit'({ timeline, limits }) {
    const stored = [...timeline.states.values()].filter(({ isStored }) => isStored).map(({ row }) => row);
    const open = stored.filter(({ usedBy }) => usedBy === null);
    for (const [key, rows] of Map.groupBy(open, ({ userId, window, erasures }) => text([userId, window, erasures]))) {
      if (rows.length > limits.maxOpenStatesPerUser) yield `${rows.length} flows open in ${key}`;
    }
  },

  *'an erasure leaves the bare head, lets no write in, and removes nothing once it has ended'(evidence) {
    const isBare = ({ head, rows, managed, openWindows }: Moment) =>
      head.erasing === null && rows.size + managed.size + openWindows + head.count === 0;
    for (const moment of allMoments(evidence)) {
      const { before, method, callId } = moment;
      const wasUnderWay = isUnderWay(before ?? beginning);
      if (method === 'finishErasure' && !isBare(moment)) yield `call ${callId} left something`;
      if (method === 'removeRows' && !wasUnderWay) yield `call ${callId} removed after the erasure had ended`;
      if (method === 'write' && wasUnderWay) yield `call ${callId} wrote while an erasure was under way`;
    }
    for (const call of evidence.calls) {
      if (!isKind(call, 'erase') || call.outcome.is !== 'ok') continue;
      if (!momentsDuring(evidence, call).some(isBare)) yield `${named(call)}, yet something was always there`;
    }
  },

  *'a read shows what was, never older than the version it answers'(evidence) {
    for (const call of evidence.calls) {
      if (call.outcome.is !== 'ok' || isTrueAnswer(evidence, call, call.outcome.value)) continue;
      yield `${named(call)} shows what was not: ${text([call.outcome.value])}`;
    }
  },

  *'a refusal is true: at some time during the call there was reason for it'(evidence) {
    for (const call of evidence.calls) {
      if (call.outcome.is !== 'refused' || isJustified(evidence, call, call.outcome)) continue;
      yield `${named(call)} without reason: ${JSON.stringify(call.outcome.members)}`;
    }
  },
};

/** Each rule that does not hold, with the first thing that breaks it, in words; empty when all is well. */
export const findViolations = (evidence: Evidence): string[] =>
  Object.entries({ ...rules, ...refreshRules }).flatMap(([words, rule]) => {
    for (const breach of rule(evidence)) return [`${words}: ${breach}`];
    return [];
  });
