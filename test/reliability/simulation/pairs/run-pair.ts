// Runs one scenario with one crash in its first call and one fault in its second, and no other fault. Afterwards, once tokens
// and leases have expired, each credential is resolved once more without faults.
import type { Limits } from '../../../../lib/domain/ports/deps.ts';
import { createEnvironment, type FaultScript } from '../environment/environment.ts';
import { type Callee, type FaultKind, type FaultsOf, NO_FAULTS } from '../environment/faults.ts';
import { callOnce, collectTrace, type Simulation, type Trace } from '../simulate.ts';
import { createKnowledge } from '../workload/generate-request.ts';
import type { Scenario } from '../workload/scenario.ts';
import type { PairScenario, Step } from './pair-scenarios.ts';

/** Injects a fault into the n-th call (of stores, keys and provider together) of an invocation. */
export interface Point {
  nth: number;
  fault: FaultKind;
}

export interface Pair {
  crash: Point | null;
  fault: Point | null;
}

const EXPIRY_MILLISECONDS = 120_000;
const LIMITS: Limits = {
  maxCredentialsPerUser: 1000,
  maxOpenStatesPerUser: 100,
  oauthStateTtlSeconds: 600,
  refreshMinTtlSeconds: 300,
  refreshLeadSeconds: 900,
};

const drawScenario = ({ providerKind = 'strict' }: PairScenario): Scenario => ({
  workload: 'mixed',
  providerKind,
  revocation: 'plain',
  users: ['ann'],
  clients: 1,
  callsPerClient: 0,
  preparations: 0,
  maxPauseMilliseconds: 0,
  limits: LIMITS,
  faultProfile: NO_FAULTS,
});

/** The port calls of the counted invocations, in order. */
export type Calls = Map<number, Callee[]>;

const scripted =
  (points: ReadonlyMap<number, Point | null>, calls: Calls): FaultScript =>
  <C extends Callee>({ id }: { id: number }, callee: C) => {
    const made = calls.get(id) ?? [];
    calls.set(id, [...made, callee]);
    const point = points.get(id);
    return point?.nth === made.length ? (point.fault as FaultsOf[C]) : null;
  };

const createSimulation = (pairScenario: PairScenario, logEvents: boolean): Simulation => {
  const environment = createEnvironment(1, { logEvents });
  const scenario = drawScenario(pairScenario);
  const signIn = () => ({
    ...environment.provider.signIn(scenario.providerKind),
    expiresAt: environment.scheduler.now() + 1_000,
  });
  return { environment, scenario, knowledge: createKnowledge(signIn), calls: [], planted: undefined };
};

const LAST: Step = () => ({ kind: 'list', userId: 'ann' });
const RESOLVE: Step = () => ({ kind: 'resolve', userId: 'ann', provider: 'acme', minTtlSeconds: 300 });

/** The requests, each with its delay after the one before. */
const toSteps = ({ before, first, second, between = EXPIRY_MILLISECONDS }: PairScenario): [number, Step][] => [
  ...before.map((step): [number, Step] => [2_000, step]),
  [2_000, first],
  [between, second],
  [EXPIRY_MILLISECONDS, RESOLVE],
  [10, LAST],
];

const runSteps = async (
  simulation: Simulation,
  pairScenario: PairScenario,
  onStep: (step: number, callId: number) => void,
): Promise<void> => {
  const { scheduler, instances } = simulation.environment;
  const own = { id: 0, instance: instances.take(), alive: true, excusedMilliseconds: 0, onCrash: () => {} };
  for (const [index, [pause, step]] of toSteps(pairScenario).entries()) {
    await scheduler.pause(own, pause);
    const { calls, knowledge } = simulation;
    onStep(index, calls.length + 1);
    await callOnce(simulation, step({ calls, signIn: knowledge.signIn, now: scheduler.now }));
  }
};

export interface PairResult {
  trace: Trace;
  /** The port calls of the first and the second call, in order. */
  first: readonly Callee[];
  second: readonly Callee[];
}

export const runPair = async (
  pairScenario: PairScenario,
  { crash, fault }: Pair,
  logEvents = false,
): Promise<PairResult> => {
  const simulation = createSimulation(pairScenario, logEvents);
  const calls: Calls = new Map();
  // A refresh that is handed over is a call too, so the ids are known only when the calls are made.
  const ids: number[] = [];
  const points = new Map<number, Point | null>();
  simulation.environment.script = scripted(points, calls);
  const played = runSteps(simulation, pairScenario, (step, callId) => {
    const nth = step - pairScenario.before.length;
    if (nth === 0 || nth === 1) points.set(callId, [crash, fault][nth] ?? null);
    if (nth === 0 || nth === 1) ids[nth] = callId;
  });
  await simulation.environment.scheduler.run();
  void played;
  const of = (id = 0) => calls.get(id) ?? [];
  return { trace: await collectTrace(simulation), first: of(ids[0]), second: of(ids[1]) };
};
