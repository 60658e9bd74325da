// Finds what belongs together in a trace: a request to the provider, the call that made it, its flow, and what was stored.
import { hashToken, type StateRow } from '../../../../lib/domain/oauth/oauth-state.ts';
import type { Trace } from '../simulate.ts';
import type { Call } from '../trace/call.ts';
import { getAllSnapshots } from '../trace/queries.ts';
import type { Snapshot, StateMoment, StateRecord } from '../trace/timeline.ts';
import { toRow } from '../trace/write-model.ts';
import type { GrantEvent } from './authorization-server.ts';
import { type ConnectRequest, isConnectRequest } from './connect-requests.ts';

export type ConnectCall = Call<ConnectRequest>;

export const getConnectCalls = ({ calls }: Trace): ConnectCall[] =>
  calls.filter((call): call is ConnectCall => isConnectRequest(call.request));

/** The calls of one kind; a call's request is found by its id. */
export const findCall = (trace: Trace, id: number): ConnectCall | undefined =>
  getConnectCalls(trace).find((call) => call.id === id);

export const findState = ({ timeline }: Trace, token: string): StateRecord | undefined =>
  timeline.states.get(hashToken(token));

/** The token of the flow whose verifier or device code was sent. */
export const findToken = (trace: Trace, { kind, challenge, callId }: GrantEvent): string | undefined => {
  const request = findCall(trace, callId)?.request;
  if (kind === 'device') return request?.kind === 'poll' ? request.state : undefined;
  for (const [state, { codeChallenge }] of trace.authorization.requests) if (codeChallenge === challenge) return state;
  return undefined;
};

/** Where a field of the state was first set. */
export const firstMoment = (
  state: StateRecord,
  isSet: (row: StateRow) => boolean,
): (StateMoment & { row: StateRow }) | undefined =>
  state.moments.find((moment): moment is StateMoment & { row: StateRow } => moment.row !== null && isSet(moment.row));

export const findConsumption = (state: StateRecord) => firstMoment(state, ({ usedBy }) => usedBy !== null);

/** The writes of a connection's call to users' credentials. */
export const findConnectWrites = (trace: Trace): { snapshot: Snapshot; call: ConnectCall }[] =>
  getAllSnapshots(trace).flatMap((snapshot) => {
    const call = snapshot.method === 'write' ? findCall(trace, snapshot.callId) : undefined;
    return call ? [{ snapshot, call }] : [];
  });

/** The id of the row that a write added or replaced. */
export const findWrittenId = ({ before, rows }: Snapshot): string | undefined =>
  [...rows].find(([id, item]) => before?.rows.get(id) !== item)?.[0];

/** The request of this call that was granted. */
export const findGrant = (trace: Trace, callId: number): GrantEvent | undefined =>
  trace.authorization.events.find((event) => event.callId === callId && event.grant !== null);

export const isStoredBy = (trace: Trace, { callId, grant }: GrantEvent): boolean =>
  getAllSnapshots(trace).some(
    (snapshot) =>
      snapshot.callId === callId &&
      [...snapshot.rows.values()].some((item) => toRow(item).secret.accessToken === grant?.accessToken),
  );

/** What the flow's start asked for; undefined when its answer was lost. */
export const findStart = (trace: Trace, token: string) =>
  getConnectCalls(trace).find(
    ({ request, outcome }) =>
      (request.kind === 'connect' || request.kind === 'startDevice') &&
      outcome.kind === 'ok' &&
      (outcome.value as { state: string }).state === token,
  )?.request;
