// Judges a history, object by object: the user with all credentials, and each OAuth state. A history is linearizable when
// each of its objects is (Herlihy and Wing), so judging them apart gives nothing away. Also counts what it had to search.

import { type Call, formatCall } from './clients/call.ts';
import type { History } from './clients/record-history.ts';
import { findOrder, type Model, type Operation } from './linearizability.ts';
import { getCreatedState, stateModel, toConsumeOperations } from './model/state-model.ts';
import { userModel } from './model/user-model.ts';
import { toUserOperations } from './model/user-operation.ts';

export interface CheckResult {
  violations: readonly string[];
  /** The calls of unknown outcome that took effect: without them there is no explanation. */
  unknownApplied: number;
  /** States of the largest search. */
  visited: number;
}

const checkObject = <S, O extends Operation & { call: Call }>(
  name: string,
  { model, operations }: { model: Model<S, O>; operations: readonly O[] },
): CheckResult => {
  const { linearizable, order, visited } = findOrder(model, operations);
  const unknownApplied = order.filter(({ call }) => call.outcome.kind === 'unknown').length;
  if (linearizable) return { violations: [], unknownApplied, visited };
  const placed = order.map(({ call }) => call.start).join(' ');
  const violation = `${name} had no such history; the most that can be explained, by beginning: ${placed}`;
  return { violations: [violation], unknownApplied, visited };
};

/** What no state of any object explains. */
const isAlwaysInvalid = ({ outcome, request }: Call): boolean =>
  outcome.kind === 'unexpected' ||
  outcome.kind === 'pending' ||
  (outcome.kind === 'refused' && request.kind === 'createState');

export const checkHistory = ({ calls, maxCredentials }: History): CheckResult => {
  const user = { model: userModel(maxCredentials), operations: calls.flatMap(toUserOperations) };
  const states = calls.flatMap((call) => getCreatedState(call) ?? []);
  const results = [
    checkObject('the user', user),
    ...states.map((created) =>
      checkObject(`the state ${created.request.scopes}`, {
        model: stateModel(created),
        operations: toConsumeOperations(calls, created),
      }),
    ),
  ];
  return {
    violations: [...calls.filter(isAlwaysInvalid).map(formatCall), ...results.flatMap(({ violations }) => violations)],
    unknownApplied: results.reduce((sum, one) => sum + one.unknownApplied, 0),
    visited: Math.max(...results.map(({ visited }) => visited)),
  };
};
