// Makes up the next step of a connection out of what clients and browsers know: often the right one, and now and then a
// repeated, late, crossed or foreign one.
import type { Environment } from '../environment/environment.ts';
import { type Call, isKind } from '../trace/call.ts';
import { ACME } from '../workload/request.ts';
import { drawApproval } from './approval.ts';
import type { ConnectKind, ConnectRequest } from './connect-requests.ts';

/** A started flow, as its user's browser knows it. */
interface KnownFlow {
  userId: string;
  state: string;
  codes: string[];
  receipts: string[];
  /** How often a completion was tried. */
  tries: number;
}

export interface ConnectKnowledge {
  flows: KnownFlow[];
  devices: { userId: string; state: string }[];
}

export const createConnectKnowledge = (): ConnectKnowledge => ({ flows: [], devices: [] });

interface ConnectContext {
  environment: Environment;
  knowledge: ConnectKnowledge;
  users: readonly string[];
  userId: string;
  /** Ids of credentials that the service gave out. */
  ids: readonly string[];
}

const SCOPES = [['mail'], ['mail'], ['mail', 'files']];
const NO_RECEIPT = 'r'.repeat(43);

/** The code of a new approval, or one that came before: a reload, a prefetch, a link that was sent on. */
const drawCode = ({ environment, knowledge }: ConnectContext, flow: KnownFlow): string | undefined => {
  const { prng, authorization } = environment;
  const [request, known] = [authorization.requests.get(flow.state), flow.codes.at(-1)];
  if (known !== undefined && prng.chance(0.6)) return known;
  if (prng.chance(0.05)) return prng.pick(knowledge.flows).codes.at(-1);
  if (!request) return undefined;
  const code = authorization.approve(request, drawApproval(environment, request.scopes));
  flow.codes.push(code);
  return code;
};

const callback = (context: ConnectContext): ConnectRequest => {
  const { prng } = context.environment;
  const { flows } = context.knowledge;
  const waiting = flows.filter(({ receipts }) => receipts.length === 0);
  const flow = prng.pick((waiting.length > 0 && prng.chance(0.8) ? waiting : flows).slice(-2));
  const { userId, state } = flow;
  const code = prng.chance(0.1) ? undefined : drawCode(context, flow);
  return code === undefined
    ? { kind: 'callback', userId, state, error: 'access_denied' }
    : { kind: 'callback', userId, state, code };
};

const complete = ({ environment: { prng }, knowledge, users }: ConnectContext): ConnectRequest => {
  const flows = knowledge.flows.filter(({ receipts }) => receipts.length > 0 || prng.chance(0.05));
  const fresh = flows.filter(({ tries }) => tries < 2);
  const flow =
    prng.pick((fresh.length > 0 && prng.chance(0.8) ? fresh : flows).slice(-2)) ?? prng.pick(knowledge.flows);
  flow.tries++;
  const from = prng.chance(0.1) ? prng.pick(knowledge.flows) : flow;
  return {
    kind: 'complete',
    userId: prng.chance(0.1) ? prng.pick([...users, 'eve']) : flow.userId,
    state: flow.state,
    receipt: from.receipts.at(-1) ?? NO_RECEIPT,
  };
};

const poll = ({ environment: { prng }, knowledge, users }: ConnectContext): ConnectRequest => {
  const device = prng.pick(knowledge.devices.slice(-2));
  return { kind: 'poll', state: device.state, userId: prng.chance(0.05) ? prng.pick(users) : device.userId };
};

/** No step comes before the one that makes it possible. */
const chooseStep = (wanted: ConnectKind, { flows, devices }: ConnectKnowledge): ConnectKind => {
  if (wanted === 'poll') return devices.length > 0 ? wanted : 'startDevice';
  if (wanted !== 'callback' && wanted !== 'complete') return wanted;
  if (flows.length === 0) return 'connect';
  return wanted === 'complete' && flows.every(({ codes, receipts }) => codes.length + receipts.length === 0)
    ? 'callback'
    : wanted;
};

export const generateConnect = (wanted: ConnectKind, context: ConnectContext): ConnectRequest => {
  const { environment, userId, ids } = context;
  const { prng } = environment;
  const kind = chooseStep(wanted, context.knowledge);
  if (kind === 'callback') return callback(context);
  if (kind === 'complete') return complete(context);
  if (kind === 'poll') return poll(context);
  const start = { userId, provider: ACME, scopes: [...prng.pick(SCOPES)] };
  if (kind === 'startDevice') return { kind, ...start };
  return { kind, ...start, credentialId: ids.length > 0 && prng.chance(0.4) ? prng.pick(ids) : undefined };
};

/** What clients and browsers remember of an answer. */
export const learnConnect = (knowledge: ConnectKnowledge, ids: string[], call: Call): void => {
  if (call.outcome.kind !== 'ok') return;
  const { userId } = call.request;
  const value = call.outcome.value as { state: string; receipt?: string; credential?: { id: string } | null };
  if (isKind(call, 'connect')) knowledge.flows.push({ userId, state: value.state, codes: [], receipts: [], tries: 0 });
  if (isKind(call, 'startDevice')) knowledge.devices.push({ userId, state: value.state });
  if (isKind(call, 'callback') && value.receipt !== undefined) {
    const { state } = call.request;
    knowledge.flows.find((flow) => flow.state === state)?.receipts.push(value.receipt);
  }
  if (isKind(call, 'complete', 'poll') && value.credential && !ids.includes(value.credential.id))
    ids.push(value.credential.id);
};
