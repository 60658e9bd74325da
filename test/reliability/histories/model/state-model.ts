// What an opened OAuth state is, one operation at a time: it is consumed once, by its user for its provider, and whoever
// does is given what was kept. An object of its own: nothing said of one state depends on another, or on credentials.
import { codeChallenge } from '../../../../lib/domain/oauth/pkce.ts';
import type { ConsumedState } from '../../../../lib/operations/connect/consume-oauth-state.ts';
import type { OpenedState } from '../../../../lib/operations/connect/create-oauth-state.ts';
import type { StateRequest } from '../../simulation/clients/request.ts';
import type { Model, Operation } from '../linearizability.ts';
import type { Call } from '../play/call.ts';
import { spanOf } from './span.ts';

type Create = Extract<StateRequest, { kind: 'createState' }>;
type Consume = Extract<StateRequest, { kind: 'consume' }>;

export interface ConsumeOperation extends Operation {
  call: Call;
  request: Consume;
}

export interface Opened {
  request: Create;
  answer: OpenedState;
}

export const openedIn = ({ request, outcome }: Call): Opened | null =>
  request.kind === 'createState' && outcome.is === 'ok' ? { request, answer: outcome.value as OpenedState } : null;

export const consumptionsOf = (calls: readonly Call[], { answer }: Opened): ConsumeOperation[] =>
  calls.flatMap((call) => {
    const { request } = call;
    return request.kind === 'consume' && request.token === answer.token ? [{ call, request, ...spanOf(call) }] : [];
  });

const showsKept = ({ request, answer }: Opened, { codeVerifier, scopes, provider }: ConsumedState): boolean =>
  codeChallenge(codeVerifier) === answer.codeChallenge &&
  provider === request.provider &&
  JSON.stringify(scopes) === JSON.stringify(request.scopes);

type State = 'open' | 'used';

export const stateModel = (opened: Opened): Model<State, ConsumeOperation> => ({
  initial: 'open',
  step: (state, { call: { outcome }, request: { userId, provider } }) => {
    const isOwner = userId === opened.request.userId && provider === opened.request.provider;
    const wins = isOwner && state === 'open';
    const isSeen =
      outcome.is === 'ok'
        ? wins && showsKept(opened, outcome.value as ConsumedState)
        : outcome.is === 'refused' && !wins && outcome.code === 'state_invalid';
    return { state: wins ? 'used' : state, accepts: outcome.is === 'unknown' || isSeen };
  },
  key: (state) => state,
});
