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
  | Exclude<CallRequest, { kind: 'get' | 'list' }>
  | { kind: 'readVersion' }
  | { kind: 'readRows' }
  | { kind: 'readRow'; id: string };

/** An operation of the user model. */
export interface UserOperation extends Operation {
  call: Call;
  request: UserRequest;
  outcome: Outcome;
}

const KINDS: readonly Request['kind'][] = ['add', 'replace', 'rename', 'delete', 'edit', 'list', 'get', 'resolve'];
const isUserRequest = (request: Request): request is CallRequest => KINDS.includes(request.kind);

/** A get or list is two ordered reads, of the version and then of rows; one that found nothing reports no version. */
const splitRead = (call: Call, rows: UserRequest): UserOperation[] => {
  const common = { call, ...toInterval(call), outcome: call.outcome };
  const version: UserOperation = { ...common, request: { kind: 'readVersion' } };
  return call.outcome.kind === 'ok'
    ? [version, { ...common, request: rows, after: version }]
    : [{ ...common, request: rows }];
};

/** The operations of a call; none for calls on other objects. */
export const toUserOperations = (call: Call): UserOperation[] => {
  const { request, outcome } = call;
  if (!isUserRequest(request)) return [];
  if (request.kind === 'get') return splitRead(call, { kind: 'readRow', id: request.id });
  if (request.kind === 'list') return splitRead(call, { kind: 'readRows' });
  return [{ call, ...toInterval(call), request, outcome }];
};
