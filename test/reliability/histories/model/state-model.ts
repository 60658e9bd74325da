// What an opened OAuth state is, one operation at a time: it is consumed once, by its user for its provider, and whoever
// does is given what was kept. An object of its own: nothing said of one state depends on another, or on credentials.
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { ConsumedState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import type { CreatedState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import type { StateRequest } from '../../simulation/workload/request.ts';
import type { Call } from '../clients/call.ts';
import type { Model, Operation } from '../linearizability.ts';
import { toInterval } from './interval.ts';

type Create = Extract<StateRequest, { kind: 'createState' }>;
type Consume = Extract<StateRequest, { kind: 'consume' }>;

export interface ConsumeOperation extends Operation {
  call: Call;
  request: Consume;
}

export interface CreateOperation {
  request: Create;
  answer: CreatedState;
}

export const getCreatedState = ({ request, outcome }: Call): CreateOperation | null =>
  request.kind === 'createState' && outcome.kind === 'ok' ? { request, answer: outcome.value as CreatedState } : null;

export const toConsumeOperations = (calls: readonly Call[], { answer }: CreateOperation): ConsumeOperation[] =>
  calls.flatMap((call) => {
    const { request } = call;
    return request.kind === 'consume' && request.token === answer.token ? [{ call, request, ...toInterval(call) }] : [];
  });

const showsKept = ({ request, answer }: CreateOperation, { codeVerifier, scopes, provider }: ConsumedState): boolean =>
  codeChallenge(codeVerifier) === answer.codeChallenge &&
  provider === request.provider &&
  JSON.stringify(scopes) === JSON.stringify(request.scopes);

type State = 'open' | 'used';

export const stateModel = (created: CreateOperation): Model<State, ConsumeOperation> => ({
  initial: 'open',
  step: (state, { call: { outcome }, request: { userId, provider } }) => {
    const isOwner = userId === created.request.userId && provider === created.request.provider;
    const wins = isOwner && state === 'open';
    const isSeen =
      outcome.kind === 'ok'
        ? wins && showsKept(created, outcome.value as ConsumedState)
        : outcome.kind === 'refused' && !wins && outcome.code === 'state_invalid';
    return { state: wins ? 'used' : state, accepts: outcome.kind === 'unknown' || isSeen };
  },
  key: (state) => state,
});
