// The sequential model of one OAuth state: it is consumed once, by its user for its provider, and that call gets the stored
// payload. Each state is an object of its own: it depends on no other state and on no credential.
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { ConsumedState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import type { CreatedState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import type { StateRequest } from '../../simulation/workload/request.ts';
import type { Call } from '../clients/call.ts';
import type { Model, Operation } from '../linearizability.ts';
import { toInterval } from './interval.ts';

type Create = Extract<StateRequest, { kind: 'createState' }>;
type Consume = Extract<StateRequest, { kind: 'consume' }>;

/** An attempt to consume a state. */
export interface ConsumeOperation extends Operation {
  call: Call;
  request: Consume;
}

/** A created state: the request and its answer. */
export interface CreateOperation {
  request: Create;
  answer: CreatedState;
}

/** The state a call created; null for any other call. */
export const getCreatedState = ({ request, outcome }: Call): CreateOperation | null =>
  request.kind === 'createState' && outcome.kind === 'ok' ? { request, answer: outcome.value as CreatedState } : null;

/** The calls that tried to consume the state. */
export const toConsumeOperations = (calls: readonly Call[], { answer }: CreateOperation): ConsumeOperation[] =>
  calls.flatMap((call) => {
    const { request } = call;
    return request.kind === 'consume' && request.token === answer.token ? [{ call, request, ...toInterval(call) }] : [];
  });

const hasStoredPayload = (
  { request, answer }: CreateOperation,
  { codeVerifier, scopes, provider }: ConsumedState,
): boolean =>
  codeChallenge(codeVerifier) === answer.codeChallenge &&
  provider === request.provider &&
  JSON.stringify(scopes) === JSON.stringify(request.scopes);

type State = 'open' | 'used';

/** The model of a created state. */
export const stateModel = (created: CreateOperation): Model<State, ConsumeOperation> => ({
  initial: 'open',
  step: (state, { call: { outcome }, request: { userId, provider } }) => {
    const isOwner = userId === created.request.userId && provider === created.request.provider;
    const wins = isOwner && state === 'open';
    const isSeen =
      outcome.kind === 'ok'
        ? wins && hasStoredPayload(created, outcome.value as ConsumedState)
        : outcome.kind === 'refused' && !wins && outcome.code === 'state_invalid';
    return { state: wins ? 'used' : state, accepts: outcome.kind === 'unknown' || isSeen };
  },
  key: (state) => state,
});
