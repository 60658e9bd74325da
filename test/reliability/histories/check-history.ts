// Judges a history, object by object: the user with all credentials, and each OAuth state. A history is linearizable when
// each of its objects is (Herlihy and Wing), so judging them apart gives nothing away. Also counts what it had to search.
import { findOrder, type Model, type Operation } from './linearizability.ts';
import { consumptionsOf, openedIn, stateModel } from './model/state-model.ts';
import { userModel } from './model/user-model.ts';
import { userOperationsOf } from './model/user-operation.ts';
import { type Call, tellCall } from './play/call.ts';
import type { History } from './play/play-history.ts';

export interface Judgement {
  violations: readonly string[];
  /** The calls of unknown outcome that took effect: without them there is no explanation. */
  unknownDone: number;
  /** States of the largest search. */
  visited: number;
}

const judgeObject = <S, O extends Operation & { call: Call }>(
  name: string,
  { model, operations }: { model: Model<S, O>; operations: readonly O[] },
): Judgement => {
  const { linearizable, order, visited } = findOrder(model, operations);
  const unknownDone = order.filter(({ call }) => call.outcome.is === 'unknown').length;
  if (linearizable) return { violations: [], unknownDone, visited };
  const placed = order.map(({ call }) => call.start).join(' ');
  const violation = `${name} had no such history; the most that can be explained, by beginning: ${placed}`;
  return { violations: [violation], unknownDone, visited };
};

/** What no state of any object explains. */
const outright = ({ outcome, request }: Call): boolean =>
  outcome.is === 'broken' || outcome.is === 'pending' || (outcome.is === 'refused' && request.kind === 'createState');

export const judge = ({ calls, maxCredentials }: History): Judgement => {
  const user = { model: userModel(maxCredentials), operations: calls.flatMap(userOperationsOf) };
  const states = calls.flatMap((call) => openedIn(call) ?? []);
  const judgements = [
    judgeObject('the user', user),
    ...states.map((opened) =>
      judgeObject(`the state ${opened.request.scopes}`, {
        model: stateModel(opened),
        operations: consumptionsOf(calls, opened),
      }),
    ),
  ];
  return {
    violations: [...calls.filter(outright).map(tellCall), ...judgements.flatMap(({ violations }) => violations)],
    unknownDone: judgements.reduce((sum, one) => sum + one.unknownDone, 0),
    visited: Math.max(...judgements.map(({ visited }) => visited)),
  };
};
