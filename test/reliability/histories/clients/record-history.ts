// Plays one history: some clients at once, each asking one thing after another of the real operations over its own wire, all
// of one user. Plan and faults come from the seed; who overtakes whom is real. At the end, in peace, everything is read.
import { randomUUID } from 'node:crypto';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import { perform } from '../../simulation/clients/perform.ts';
import type { Request } from '../../simulation/clients/request.ts';
import { failed, succeeded } from '../../simulation/evidence/history.ts';
import { type Dice, diceOf } from '../../simulation/world/dice.ts';
import type { Call } from './call.ts';
import { clientDeps, type PlantedFault } from './client-deps.ts';
import type { ClientWire } from './client-wire.ts';
import { learn } from './learn.ts';
import { IDS, type Known, type Planned, planRequests } from './plan-requests.ts';
import { type WireFaultKind, wireWeatherOf } from './wire-weather.ts';

export const CLIENTS = 4;
export const OPERATIONS = 60;

export interface History {
  seed: number;
  userId: string;
  maxCredentials: number;
  calls: readonly Call[];
  faults: readonly WireFaultKind[];
}

interface Stage {
  userId: string;
  known: Known;
  calls: Call[];
  moment: number;
}

interface Client {
  number: number;
  wire: ClientWire;
  deps: Deps;
  plan: readonly Planned[];
}

const callOnce = async (stage: Stage, { number, deps, wire }: Client, request: Request): Promise<void> => {
  const start = ++stage.moment;
  const outcome = await perform(deps, request).then(succeeded, failed);
  const call = { client: number, request, start, end: ++stage.moment, outcome };
  stage.calls.push(call);
  learn(stage.known, call);
  // An add that outlives its refusal is a limit the product states (docs/storage.md): there it is lost for good.
  wire.settle(request.kind !== 'add' || outcome.is !== 'refused');
};

const runClient = async (stage: Stage, client: Client): Promise<void> => {
  for (const planned of client.plan) await callOnce(stage, client, planned(stage.userId, stage.known));
};

const isWon = ({ calls }: Stage, token: string): boolean =>
  calls.some(({ request, outcome }) => request.kind === 'consume' && request.token === token && outcome.is === 'ok');

/** Shows what late messages did, and whether a state that nobody won is lost for all. */
const lastReads = (stage: Stage): Planned[] => {
  const left = stage.known.tokens.filter(({ token }) => !isWon(stage, token));
  return [
    (userId) => ({ kind: 'list', userId }),
    ...IDS.map(
      (id): Planned =>
        (userId) => ({ kind: 'get', userId, id }),
    ),
    ...left.map(
      (state): Planned =>
        (userId) => ({ kind: 'consume', userId, ...state }),
    ),
  ];
};

const diceFor = (seed: number, use: number): Dice => diceOf(seed * 100 + use);

export const playHistory = async (
  wires: readonly ClientWire[],
  { seed, planted }: { seed: number; planted?: PlantedFault | undefined },
): Promise<History> => {
  const dice = diceFor(seed, 0);
  const weather = wireWeatherOf(dice);
  const maxCredentials = dice.pick([2, 3, 1000]);
  const stage: Stage = { userId: randomUUID(), known: { version: 0, tokens: [] }, calls: [], moment: 0 };
  const faults: WireFaultKind[] = [];

  const clients = wires.map((wire, index): Client => {
    const number = index + 1;
    const own = diceFor(seed, number);
    const plan = planRequests(own, number, OPERATIONS / wires.length);
    wire.meet(weather, own, (fault) => faults.push(fault));
    return { number, wire, plan, deps: clientDeps(wire, { dice: own, maxCredentials, planted }) };
  });
  await Promise.all(clients.map((client) => runClient(stage, client)));
  await Promise.all(wires.map((wire) => wire.atRest()));

  const [first] = clients as [Client];
  first.wire.clear();
  await runClient(stage, { ...first, number: 0, plan: lastReads(stage) });
  const { userId, calls } = stage;
  return { seed, userId, maxCredentials, calls: calls.toSorted((a, b) => a.start - b.start), faults };
};
