// Converts the calls on a user's credentials to operations of the checker.

import type { Outcome } from '../../simulation/trace/call.ts';
import type { ReadRequest, Request, WriteRequest } from '../../simulation/workload/request.ts';
import type { Call } from '../clients/call.ts';
import type { Operation } from '../linearizability.ts';
import { toInterval } from './interval.ts';

type CallRequest =
  | Exclude<WriteRequest, { kind: 'putManaged' | 'deleteManaged' }>
  | Exclude<ReadRequest, { kind: 'getManaged' }>;

/** A request of the user model. */
export type UserRequest =
  | Exclude<CallRequest, { kind: 'get' }>
  | { kind: 'readVersion' }
  | { kind: 'readRow'; id: string };

/** An operation of the user model. */
export interface UserOperation extends Operation {
  call: Call;
  request: UserRequest;
  outcome: Outcome;
}

const KINDS: readonly Request['kind'][] = ['add', 'replace', 'rename', 'delete', 'edit', 'list', 'get', 'resolve'];
const isUserRequest = (request: Request): request is CallRequest => KINDS.includes(request.kind);

/** A get is two ordered reads; one that found nothing reports no version. */
const splitGet = (call: Call, id: string): UserOperation[] => {
  const common = { call, ...toInterval(call), outcome: call.outcome };
  const version: UserOperation = { ...common, request: { kind: 'readVersion' } };
  const row: UserOperation = { ...common, request: { kind: 'readRow', id } };
  return call.outcome.kind === 'ok' ? [version, { ...row, after: version }] : [row];
};

/** The operations of a call; none for calls on other objects. */
export const toUserOperations = (call: Call): UserOperation[] => {
  const { request, outcome } = call;
  if (!isUserRequest(request)) return [];
  return request.kind === 'get' ? splitGet(call, request.id) : [{ call, ...toInterval(call), request, outcome }];
};
