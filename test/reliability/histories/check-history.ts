// Checks a history object by object: the user with all credentials, and each OAuth state. Linearizability is local: a history
// is linearizable when each of its objects is (Herlihy and Wing), so checking them apart loses nothing.

import { type Call, formatCall } from './clients/call.ts';
import type { History } from './clients/record-history.ts';
import { findLinearization, type Model, type Operation } from './linearizability.ts';
import { getCreatedState, stateModel, toConsumeOperations } from './model/state-model.ts';
import { userModel } from './model/user-model.ts';
import { toUserOperations } from './model/user-operation.ts';

/** The result of checking one history. */
export interface CheckResult {
  violations: readonly string[];
  /** Calls of unknown outcome that took effect in the linearization found. */
  unknownApplied: number;
  /** Configurations visited in the largest search. */
  visited: number;
}

const checkObject = <S, O extends Operation & { call: Call }>(
  name: string,
  { model, operations }: { model: Model<S, O>; operations: readonly O[] },
): CheckResult => {
  const { linearizable, order, visited } = findLinearization(model, operations);
  const unknownApplied = order.filter(({ call }) => call.outcome.kind === 'unknown').length;
  if (linearizable) return { violations: [], unknownApplied, visited };
  const placed = order.map(({ call }) => call.start).join(' ');
  const violation = `${name} is not linearizable; the longest partial linearization, by start: ${placed}`;
  return { violations: [violation], unknownApplied, visited };
};

/** Outcomes that no state explains: unexpected errors, unfinished calls, refused creations of a state. */
const isAlwaysInvalid = ({ outcome, request }: Call): boolean =>
  outcome.kind === 'unexpected' ||
  outcome.kind === 'pending' ||
  (outcome.kind === 'refused' && request.kind === 'createState');

/** Checks one history against the models. */
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
