// The calls on a user's credentials as operations of the judge.
import type { ReadRequest, Request, WriteRequest } from '../../simulation/clients/request.ts';
import type { Outcome } from '../../simulation/evidence/history.ts';
import type { Operation } from '../linearizability.ts';
import type { Call } from '../play/call.ts';
import { spanOf } from './span.ts';

type CallRequest =
  | Exclude<WriteRequest, { kind: 'putManaged' | 'deleteManaged' }>
  | Exclude<ReadRequest, { kind: 'getManaged' }>;

export type UserRequest =
  | Exclude<CallRequest, { kind: 'get' }>
  | { kind: 'readVersion' }
  | { kind: 'readRow'; id: string };

export interface UserOperation extends Operation {
  call: Call;
  request: UserRequest;
  outcome: Outcome;
}

const KINDS: readonly Request['kind'][] = ['add', 'replace', 'rename', 'delete', 'edit', 'list', 'get', 'resolve'];
const isOfUser = (request: Request): request is CallRequest => KINDS.includes(request.kind);

/** A get that found nothing tells no version. */
const partsOfGet = (call: Call, id: string): UserOperation[] => {
  const common = { call, ...spanOf(call), outcome: call.outcome };
  const version: UserOperation = { ...common, request: { kind: 'readVersion' } };
  const row: UserOperation = { ...common, request: { kind: 'readRow', id } };
  return call.outcome.is === 'ok' ? [version, { ...row, after: version }] : [row];
};

export const userOperationsOf = (call: Call): UserOperation[] => {
  const { request, outcome } = call;
  if (!isOfUser(request)) return [];
  return request.kind === 'get' ? partsOfGet(call, request.id) : [{ call, ...spanOf(call), request, outcome }];
};
