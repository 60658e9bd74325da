// What must be true of every run, whatever went wrong in it. `calls` is what clients know, moments are what the table went
// through; each rule yields what breaks it. Read the words first: they are the promise, the code is its proof.

import { refreshRules } from './refresh-invariants.ts';
import type { Trace } from './simulate.ts';
import { type Call, isKind, outcomeName } from './trace/call.ts';
import { findConsumeErrors, findFlows } from './trace/consume-attempts.ts';
import { findEffects, getAllSnapshots, getSnapshots, getSnapshotsDuring, isErasing } from './trace/queries.ts';
import { isConsistentRead } from './trace/read-consistency.ts';
import { isRefusalJustified } from './trace/refusal-reasons.ts';
import { emptySnapshot, type Snapshot } from './trace/timeline.ts';
import { findWriteError, toRows } from './trace/write-model.ts';
import { isWrite, type WriteRequest } from './workload/request.ts';

const MOST_MILLISECONDS = 45_000;

const named = (call: Call) => `call ${call.id} (${call.request.kind}: ${outcomeName(call.outcome)})`;
const count = (calls: readonly Call[], is: string) => calls.filter(({ outcome }) => outcome.kind === is).length;
const text = (items: Iterable<unknown>) => JSON.stringify([...items]);

const rules: Record<string, (trace: Trace) => Iterable<string>> = {
  *'every call ends in bounded time, with a result or a ServiceError'({ calls }) {
    for (const call of calls) {
      if (call.outcome.kind === 'pending') yield `${named(call)} never ended`;
      if (call.outcome.kind === 'unexpected') yield `${named(call)}: ${call.outcome.error}`;
      const took = call.endAt - call.startAt - call.excusedMilliseconds;
      if (took > MOST_MILLISECONDS) yield `${named(call)} took ${took} ms of its own`;
    }
  },

  *'nothing is left running behind an answer'({ calls }) {
    for (const call of calls) if (call.isLeftRunning) yield `${named(call)} had more under way`;
  },

  *'a write that is ok took effect once, one that is refused never, an unknown one at most once'(trace) {
    for (const call of trace.calls) {
      const times = findEffects(trace, call).length;
      if (call.outcome.kind === 'refused' && times > 0) yield `${named(call)} took effect all the same`;
      if (!isWrite(call.request)) continue;
      if (call.outcome.kind === 'ok' ? times !== 1 : times > 1) yield `${named(call)} took effect ${times} times`;
    }
  },

  *'the version counts the writes and only ever grows'(trace) {
    for (const { before, head, method, callId } of getAllSnapshots(trace)) {
      const growth = head.version - (before?.head.version ?? 0);
      if (growth !== (/^(write|finishErasure)$/.test(method) ? 1 : 0))
        yield `version + ${growth} by ${method} of call ${callId}`;
      if (head.erasures < (before?.head.erasures ?? 0)) yield `call ${callId} made an erasure forgotten`;
    }
    for (const userId of trace.timeline.users.keys()) {
      const snapshots = getSnapshots(trace, userId);
      const erasing = snapshots.filter(({ method }) => method === 'finishErasure').length;
      const growth = (snapshots.at(-1) ?? emptySnapshot).head.version - erasing;
      const writes = trace.calls.filter(({ request }) => request.userId === userId && isWrite(request));
      const [ok, unknown] = [count(writes, 'ok'), count(writes, 'unknown')];
      if (growth < ok || growth > ok + unknown) yield `${growth} writes of ${userId}: ${ok} ok, ${unknown} unknown`;
    }
  },

  *'no update is lost: a write that names a version lands on it, and only one does'(trace) {
    const winners = new Map<string, Call>();
    for (const call of trace.calls) {
      const { userId, expectedVersion } = call.request as Partial<WriteRequest>;
      if (call.outcome.kind !== 'ok' || expectedVersion === undefined) continue;
      const effect = findEffects(trace, call).find(({ method }) => /^(write|beginErasure)$/.test(method));
      if (!effect) continue; // An erasure may be joined: then it lands nowhere.
      const found = effect.before?.head.version;
      if (found !== expectedVersion) yield `${named(call)} expected v${expectedVersion}, wrote upon v${found}`;
      const rival = winners.get(`${userId} ${expectedVersion}`);
      if (rival) yield `${named(call)} and ${named(rival)} both changed v${expectedVersion}`;
      winners.set(`${userId} ${expectedVersion}`, call);
    }
  },

  *'a write does what was asked, all of it and nothing else: no mix, nothing overwritten, nothing revived'(trace) {
    for (const call of trace.calls) {
      const { request } = call;
      const errors = isWrite(request) ? findEffects(trace, call).flatMap((m) => findWriteError(request, m) ?? []) : [];
      for (const error of errors) yield `${named(call)} ${error}`;
    }
  },

  *'what is stored at the end opens, as what was written'(trace) {
    for (const [userId, opened] of trace.opened) {
      const rows = toRows((getSnapshots(trace, userId).at(-1) ?? emptySnapshot).rows);
      if (rows.size !== opened.size) yield `${opened.size} read of ${userId}, ${rows.size} written`;
      for (const [id, secret] of opened) {
        if (text([secret]) !== text([rows.get(id)?.secret])) yield `${id} of ${userId} opens as ${text([secret])}`;
      }
    }
  },

  *'the count is that of the credentials, and within the limit'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const { head, rows, callId } = snapshot;
      if (!isErasing(snapshot) && head.count !== rows.size) yield `count ${head.count} of ${rows.size}, call ${callId}`;
      if (rows.size > trace.limits.maxCredentialsPerUser) yield `${rows.size} credentials after call ${callId}`;
    }
  },

  *'a state is consumed once, by its owner, in time, not after an erasure, and never lost by everyone'(trace) {
    for (const flow of findFlows(trace)) {
      const { attempts, winners } = flow;
      const all = attempts.map(({ call }) => named(call)).join(', ');
      if (winners.length > 1) yield `${winners.length} of ${all} consumed one state`;
      for (const winner of winners)
        yield* findConsumeErrors(winner, flow).map((wrong) => `${named(winner.call)} ${wrong}`);
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

  *'an erasure leaves the bare head, lets no write in, and removes nothing once it has ended'(trace) {
    const isBare = ({ head, rows, managed, openWindows }: Snapshot) =>
      head.erasing === null && rows.size + managed.size + openWindows + head.count === 0;
    for (const snapshot of getAllSnapshots(trace)) {
      const { before, method, callId } = snapshot;
      const wasUnderWay = isErasing(before ?? emptySnapshot);
      if (method === 'finishErasure' && !isBare(snapshot)) yield `call ${callId} left something`;
      if (method === 'removeRows' && !wasUnderWay) yield `call ${callId} removed after the erasure had ended`;
      if (method === 'write' && wasUnderWay) yield `call ${callId} wrote while an erasure was under way`;
    }
    for (const call of trace.calls) {
      if (!isKind(call, 'erase') || call.outcome.kind !== 'ok') continue;
      if (!getSnapshotsDuring(trace, call).some(isBare)) yield `${named(call)}, yet something was always there`;
    }
  },

  *'a read shows what was, never older than the version it answers'(trace) {
    for (const call of trace.calls) {
      if (call.outcome.kind !== 'ok' || isConsistentRead(trace, call, call.outcome.value)) continue;
      yield `${named(call)} shows what was not: ${text([call.outcome.value])}`;
    }
  },

  *'a refusal is true: at some time during the call there was reason for it'(trace) {
    for (const call of trace.calls) {
      if (call.outcome.kind !== 'refused' || isRefusalJustified(trace, call, call.outcome)) continue;
      yield `${named(call)} without reason: ${JSON.stringify(call.outcome.members)}`;
    }
  },
};

/** Each rule that does not hold, with the first thing that breaks it, in words; empty when all is well. */
export const findViolations = (trace: Trace): string[] =>
  Object.entries({ ...rules, ...refreshRules }).flatMap(([words, rule]) => {
    for (const breach of rule(trace)) return [`${words}: ${breach}`];
    return [];
  });
