// The invariants of every run, under any fault. `calls` are the calls as clients see them, snapshots the states of the table.
// Each rule yields its violations; its name is the guarantee.

import { indexKeys } from '../../../lib/adapters/dynamodb/index/index-keys.ts';
import type { StoredCredential } from '../../../lib/domain/credential/credential.ts';
import { disconnectRules } from './connect/disconnect-rules.ts';
import { flowRules } from './connect/flow-rules.ts';
import { mergeRules } from './connect/merge-rules.ts';
import { TOKEN_MILLISECONDS } from './environment/disturbances.ts';
import { grantRules } from './grant-rules.ts';
import { linkRules } from './link/link-rules.ts';
import { refreshRules } from './refresh-invariants.ts';
import type { Trace } from './simulate.ts';
import { type Call, isKind, outcomeName } from './trace/call.ts';
import { findConsumeErrors, findFlows } from './trace/consume-attempts.ts';
import {
  findEffects,
  getAllSnapshots,
  getSnapshots,
  getSnapshotsDuring,
  isErasing,
  wasErasedBetween,
} from './trace/queries.ts';
import { isConsistentRead } from './trace/read-consistency.ts';
import { isRefusalJustified } from './trace/refusal-reasons.ts';
import { emptySnapshot, type Snapshot, type StateRecord } from './trace/timeline.ts';
import { findWriteError, toRows } from './trace/write-model.ts';
import { isWrite, type WriteRequest } from './workload/request.ts';

const MAX_CALL_MILLISECONDS = 45_000;

const describeCall = (call: Call) => `call ${call.id} (${call.request.kind}: ${outcomeName(call.outcome)})`;
const count = (calls: readonly Call[], kind: string) => calls.filter(({ outcome }) => outcome.kind === kind).length;
const toText = (items: Iterable<unknown>) => JSON.stringify([...items]);

/** For longer than an idempotency token is known. */
const wasLongFrozen = ({ freezes }: Trace, { id }: Call): boolean => (freezes.get(id) ?? 0) >= TOKEN_MILLISECONDS;

const wasErasedDuring = (trace: Trace, { request, startStep, endStep }: Call): boolean =>
  wasErasedBetween(trace, request.userId, { after: startStep, until: endStep });

const rules: Record<string, (trace: Trace) => Iterable<string>> = {
  *'every call ends in bounded time, with a result or a ServiceError'({ calls }) {
    for (const call of calls) {
      if (call.outcome.kind === 'pending') yield `${describeCall(call)} never ended`;
      if (call.outcome.kind === 'unexpected') yield `${describeCall(call)}: ${call.outcome.error}`;
      const took = call.endAt - call.startAt - call.excusedMilliseconds;
      if (took > MAX_CALL_MILLISECONDS) yield `${describeCall(call)} took ${took} ms, without injected delays`;
    }
  },

  *'a call leaves nothing running after its answer'({ calls }) {
    for (const call of calls) if (call.isLeftRunning) yield `${describeCall(call)} had calls still running`;
  },

  *'a successful write takes effect once, a refused write never, an unknown write at most once'(trace) {
    for (const call of trace.calls) {
      const times = findEffects(trace, call).length;
      // The write took effect, and an erasure undid it while the function was frozen.
      const wasUndone = wasLongFrozen(trace, call) && wasErasedDuring(trace, call);
      if (call.outcome.kind === 'refused' && times > 0 && !wasUndone)
        yield `${describeCall(call)} was refused but took effect`;
      if (!isWrite(call.request)) continue;
      // A repeat that was frozen on its way arrives when its token is forgotten, and nothing can call it back.
      if (call.outcome.kind === 'unknown' && wasLongFrozen(trace, call)) continue;
      if (call.outcome.kind === 'ok' ? times !== 1 : times > 1)
        yield `${describeCall(call)} took effect ${times} times`;
    }
  },

  *'the user version increases by one per write and never decreases'(trace) {
    for (const { before, userRecord, method, callId } of getAllSnapshots(trace)) {
      // The version of an erased user is kept for 30 days only.
      if (method === 'ttl') continue;
      const growth = userRecord.version - (before?.userRecord.version ?? 0);
      if (growth !== (/^(write|finishErasure)$/.test(method) ? 1 : 0))
        yield `version + ${growth} by ${method} of call ${callId}`;
      if (userRecord.erasures < (before?.userRecord.erasures ?? 0))
        yield `call ${callId} decreased the number of erasures`;
    }
    for (const userId of trace.timeline.users.keys()) {
      const snapshots = getSnapshots(trace, userId);
      if (snapshots.some(({ method }) => method === 'ttl')) continue;
      const erasing = snapshots.filter(({ method }) => method === 'finishErasure').length;
      const growth = (snapshots.at(-1) ?? emptySnapshot).userRecord.version - erasing;
      const own = trace.calls.filter(({ request }) => request.userId === userId);
      const writes = own.filter((call) => isWrite(call.request) || isKind(call, 'complete'));
      // A poll may answer with a credential that another one stored.
      const polls = own.filter((call) => isKind(call, 'poll'));
      const [ok, unknown] = [count(writes, 'ok'), count(writes, 'unknown') + polls.length];
      if (writes.some((call) => call.outcome.kind !== 'ok' && wasLongFrozen(trace, call))) continue;
      if (growth < ok || growth > ok + unknown) yield `${growth} writes of ${userId}: ${ok} ok, ${unknown} unknown`;
    }
  },

  *'no update is lost: a write with an expected version applies to that version, and only one write does'(trace) {
    const winners = new Map<string, Call>();
    for (const call of trace.calls) {
      const { userId, expectedVersion } = call.request as Partial<WriteRequest>;
      if (call.outcome.kind !== 'ok' || expectedVersion === undefined) continue;
      const effect = findEffects(trace, call).find(({ method }) => /^(write|beginErasure)$/.test(method));
      if (!effect) continue; // An erase call may join a running erasure and then changes nothing.
      const found = effect.before?.userRecord.version;
      if (found !== expectedVersion) yield `${describeCall(call)} expected v${expectedVersion}, wrote upon v${found}`;
      const rival = winners.get(`${userId} ${expectedVersion}`);
      if (rival) yield `${describeCall(call)} and ${describeCall(rival)} both changed v${expectedVersion}`;
      winners.set(`${userId} ${expectedVersion}`, call);
    }
  },

  *'a write changes exactly what was requested: no mixed writes, nothing overwritten, nothing restored'(trace) {
    for (const call of trace.calls) {
      const { request } = call;
      const errors = isWrite(request) ? findEffects(trace, call).flatMap((m) => findWriteError(request, m) ?? []) : [];
      for (const error of errors) yield `${describeCall(call)} ${error}`;
    }
  },

  *'every stored secret opens at the end as the document that was written'(trace) {
    for (const [userId, opened] of trace.opened) {
      const rows = toRows((getSnapshots(trace, userId).at(-1) ?? emptySnapshot).rows);
      if (rows.size !== opened.size) yield `${opened.size} read of ${userId}, ${rows.size} written`;
      for (const [id, secret] of opened) {
        if (toText([secret]) !== toText([rows.get(id)?.secret]))
          yield `${id} of ${userId} opens as ${toText([secret])}`;
      }
    }
  },

  *'the stored count equals the number of credentials and stays within the limit'(trace) {
    for (const snapshot of getAllSnapshots(trace)) {
      const { userRecord, rows, callId } = snapshot;
      if (!isErasing(snapshot) && userRecord.count !== rows.size)
        yield `count ${userRecord.count} of ${rows.size}, call ${callId}`;
      if (rows.size > trace.limits.maxCredentialsPerUser) yield `${rows.size} credentials after call ${callId}`;
    }
  },

  *'every row stands in the indexes at the place of its own provider and creation'(trace) {
    for (const { rows, callId } of getAllSnapshots(trace)) {
      for (const [id, item] of rows) {
        const { lookup, urlLookup } = item;
        const keys = indexKeys({ ...(item as unknown as StoredCredential), id });
        if (toText([lookup, urlLookup]) !== toText([keys.lookup, keys.urlLookup]))
          yield `${id} stands at ${lookup}, call ${callId}`;
      }
    }
  },

  *'a state is consumed once, by its owner, before it expires and before an erasure, and is never lost'(trace) {
    for (const flow of findFlows(trace)) {
      const { attempts, winners } = flow;
      const all = attempts.map(({ call }) => describeCall(call)).join(', ');
      if (winners.length > 1) yield `${winners.length} of ${all} consumed one state`;
      for (const winner of winners)
        yield* findConsumeErrors(winner, flow).map((wrong) => `${describeCall(winner.call)} ${wrong}`);
      const mustWin = attempts.some(({ wasAlive }) => wasAlive) && attempts.every(({ isDefinite }) => isDefinite);
      if (mustWin && winners.length === 0) yield `none of ${all} consumed a valid state`;
    }
  },

  *'a user has at most the allowed number of open states'({ timeline, limits }) {
    const open = [...timeline.states.values()].filter(({ isStored, row }) => isStored && row.usedBy === null);
    const placeKey = ({ row: { userId, window, erasures } }: StateRecord) => toText([userId, window, erasures]);
    const createdAt = ({ moments }: StateRecord) => moments[0]?.at ?? 0;
    for (const [key, states] of Map.groupBy(open, placeKey)) {
      // A function that was frozen may create a state that has expired, after the counter of its window was deleted.
      const counts = states.map(createdAt).map((at) => {
        const alive = states.filter((state) => createdAt(state) <= at && at < state.row.expiresAt);
        return alive.length;
      });
      const most = Math.max(...counts);
      if (most > limits.maxOpenStatesPerUser) yield `${most} open states in ${key}`;
    }
  },

  *'an erasure leaves only the user record, blocks writes while it runs, and removes nothing after it ended'(trace) {
    const isBare = ({ userRecord, rows, managed, openWindows, leases }: Snapshot) =>
      userRecord.erasing === null && rows.size + managed.size + openWindows + leases + userRecord.count === 0;
    for (const snapshot of getAllSnapshots(trace)) {
      const { before, method, callId } = snapshot;
      const wasUnderWay = isErasing(before ?? emptySnapshot);
      if (method === 'finishErasure' && !isBare(snapshot)) yield `call ${callId} left rows behind`;
      if (method === 'removeRows' && !wasUnderWay) yield `call ${callId} removed after the erasure had ended`;
      if (method === 'write' && wasUnderWay) yield `call ${callId} wrote during an erasure`;
    }
    for (const [userId, snapshots] of trace.timeline.users) {
      if (snapshots.at(-1)?.method === 'finishErasure' && trace.timeline.countLeases(userId) > 0)
        yield `a lease of ${userId} was written after the erasure`;
    }
    for (const call of trace.calls) {
      if (!isKind(call, 'erase') || call.outcome.kind !== 'ok') continue;
      if (!getSnapshotsDuring(trace, call).some(isBare)) yield `${describeCall(call)}, but rows were always present`;
    }
  },

  *'a read returns stored data, never older than the version it reports'(trace) {
    for (const call of trace.calls) {
      if (call.outcome.kind !== 'ok' || isConsistentRead(trace, call, call.outcome.value)) continue;
      yield `${describeCall(call)} returned data that was never stored: ${toText([call.outcome.value])}`;
    }
  },

  *'a refusal has a reason: its cause held at some time during the call'(trace) {
    for (const call of trace.calls) {
      if (call.outcome.kind !== 'refused' || isRefusalJustified(trace, call, call.outcome)) continue;
      yield `${describeCall(call)} without a reason: ${JSON.stringify(call.outcome.members)}`;
    }
  },
};

/** Each violated invariant with its first violation; empty when all hold. */
export const findViolations = (trace: Trace): string[] =>
  Object.entries({
    ...{ ...rules, ...refreshRules, ...grantRules },
    ...{ ...flowRules, ...mergeRules, ...disconnectRules, ...linkRules },
  }).flatMap(([name, rule]) => {
    for (const violation of rule(trace)) return [`${name}: ${violation}`];
    return [];
  });
