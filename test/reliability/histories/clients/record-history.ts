// Records one history: concurrent clients call the real operations on one user, each over its own wire. Plans and faults come
// from the seed, the scheduling is real. At the end everything is read once without faults.
import { randomUUID } from 'node:crypto';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { createPrng, type Prng } from '../../simulation/environment/prng.ts';
import { failed, succeeded } from '../../simulation/trace/call.ts';
import { perform } from '../../simulation/workload/perform.ts';
import type { Request } from '../../simulation/workload/request.ts';
import type { Call } from './call.ts';
import { clientDeps, type PlantedFault } from './client-deps.ts';
import type { FaultyWire } from './faulty-wire.ts';
import { IDS, type Knowledge, type PlannedRequest, planRequests } from './plan-requests.ts';
import { updateKnowledge } from './update-knowledge.ts';
import { drawWireFaultProfile, type WireFaultKind } from './wire-faults.ts';

export const CLIENTS = 4;
export const OPERATIONS = 60;

/** A recorded history. */
export interface History {
  seed: number;
  userId: string;
  maxCredentials: number;
  calls: readonly Call[];
  faults: readonly WireFaultKind[];
}

interface Session {
  userId: string;
  knowledge: Knowledge;
  calls: Call[];
  logicalTime: number;
}

interface Client {
  number: number;
  wire: FaultyWire;
  deps: Deps;
  plan: readonly PlannedRequest[];
}

const callOnce = async (session: Session, { number, deps, wire }: Client, request: Request): Promise<void> => {
  const start = ++session.logicalTime;
  const outcome = await perform(deps, request).then(succeeded, failed);
  const call = { client: number, request, start, end: ++session.logicalTime, outcome };
  session.calls.push(call);
  updateKnowledge(session.knowledge, call);
  // A late add after its refusal is a documented limit of the product (docs/storage.md), so it is dropped here.
  wire.deliverLate(request.kind !== 'add' || outcome.kind !== 'refused');
};

const runClient = async (session: Session, client: Client): Promise<void> => {
  for (const planned of client.plan) await callOnce(session, client, planned(session.userId, session.knowledge));
};

const isConsumed = ({ calls }: Session, token: string): boolean =>
  calls.some(({ request, outcome }) => request.kind === 'consume' && request.token === token && outcome.kind === 'ok');

/** Reads the effects of late requests, and whether an unconsumed state can still be consumed. */
const finalReads = (session: Session): PlannedRequest[] => {
  const left = session.knowledge.tokens.filter(({ token }) => !isConsumed(session, token));
  return [
    (userId) => ({ kind: 'list', userId }),
    ...IDS.map(
      (id): PlannedRequest =>
        (userId) => ({ kind: 'get', userId, id }),
    ),
    ...left.map(
      (state): PlannedRequest =>
        (userId) => ({ kind: 'consume', userId, ...state }),
    ),
  ];
};

const createPrngFor = (seed: number, use: number): Prng => createPrng(seed * 100 + use);

/** Records the history of a seed, over these wires. */
export const recordHistory = async (
  wires: readonly FaultyWire[],
  { seed, planted }: { seed: number; planted?: PlantedFault | undefined },
): Promise<History> => {
  const prng = createPrngFor(seed, 0);
  const faultProfile = drawWireFaultProfile(prng);
  const maxCredentials = prng.pick([2, 3, 1000]);
  const session: Session = { userId: randomUUID(), knowledge: { version: 0, tokens: [] }, calls: [], logicalTime: 0 };
  const faults: WireFaultKind[] = [];

  const clients = wires.map((wire, index): Client => {
    const number = index + 1;
    const own = createPrngFor(seed, number);
    const plan = planRequests(own, number, OPERATIONS / wires.length);
    wire.injectFaults(faultProfile, own, (fault) => faults.push(fault));
    return { number, wire, plan, deps: clientDeps(wire, { prng: own, maxCredentials, planted }) };
  });
  await Promise.all(clients.map((client) => runClient(session, client)));
  await Promise.all(wires.map((wire) => wire.drain()));

  const [first] = clients as [Client];
  first.wire.stopFaults();
  await runClient(session, { ...first, number: 0, plan: finalReads(session) });
  const { userId, calls } = session;
  return { seed, userId, maxCredentials, calls: calls.toSorted((a, b) => a.start - b.start), faults };
};
