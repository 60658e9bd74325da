// Plays one play with one crash in its first call and one fault in its second, in a world where nothing else goes wrong. After
// both, once everything has had time to lapse, each thing is asked for once more in peace.
import type { Limits } from '../../../../lib/domain/ports/deps.ts';
import { nothingKnown } from '../clients/invent-request.ts';
import type { Scenario } from '../clients/scenario.ts';
import { callOnce, type Evidence, evidenceOf, type Stage } from '../simulate.ts';
import { CALM, type Callee, type FaultKind, type FaultsOf } from '../world/faults.ts';
import { type FaultScript, worldOf } from '../world/world.ts';
import type { Play, Step } from './plays.ts';

/** The fault that the n-th call (of stores, keys and provider together) of an invocation meets. */
export interface Point {
  nth: number;
  fault: FaultKind;
}

export interface Pair {
  crash: Point | null;
  fault: Point | null;
}

const LAPSE_MILLISECONDS = 120_000;
const LIMITS: Limits = {
  maxCredentialsPerUser: 1000,
  maxOpenStatesPerUser: 100,
  oauthStateTtlSeconds: 600,
  refreshMinTtlSeconds: 300,
  refreshLeadSeconds: 900,
};

const scenarioOf = ({ providerKind = 'strict' }: Play): Scenario => ({
  theme: 'mixed',
  providerKind,
  users: ['ann'],
  clients: 1,
  callsPerClient: 0,
  preparations: 0,
  thinkingMilliseconds: 0,
  limits: LIMITS,
  weather: CALM,
});

/** What was called, in turn, by the invocations that are counted. */
export type Calls = Map<number, Callee[]>;

const scripted =
  (points: ReadonlyMap<number, Point | null>, calls: Calls): FaultScript =>
  <C extends Callee>({ id }: { id: number }, callee: C) => {
    const made = calls.get(id) ?? [];
    calls.set(id, [...made, callee]);
    const point = points.get(id);
    return point?.nth === made.length ? (point.fault as FaultsOf[C]) : null;
  };

const stageOf = (play: Play, tellStory: boolean): Stage => {
  const world = worldOf(1, tellStory);
  const scenario = scenarioOf(play);
  const signIn = () => ({ ...world.provider.signIn(scenario.providerKind), expiresAt: world.scheduler.now() + 1_000 });
  return { world, scenario, knowledge: nothingKnown(signIn), calls: [], planted: undefined };
};

const LAST: Step = () => ({ kind: 'list', userId: 'ann' });
const RESOLVE: Step = () => ({ kind: 'resolve', userId: 'ann', provider: 'acme', minTtlSeconds: 300 });

/** All that is asked, and how long after the one before. */
const stepsOf = ({ before, first, second, between = LAPSE_MILLISECONDS }: Play): [number, Step][] => [
  ...before.map((step): [number, Step] => [2_000, step]),
  [2_000, first],
  [between, second],
  [LAPSE_MILLISECONDS, RESOLVE],
  [10, LAST],
];

const playAll = async (stage: Stage, play: Play): Promise<void> => {
  const { scheduler } = stage.world;
  const own = { id: 0, alive: true, excusedMilliseconds: 0, onCrash: () => {} };
  for (const [pause, step] of stepsOf(play)) {
    await scheduler.pause(own, pause);
    const { calls, knowledge } = stage;
    await callOnce(stage, step({ calls, signIn: knowledge.signIn, now: scheduler.now }));
  }
};

export interface Played {
  evidence: Evidence;
  /** What the first and the second call called, in turn. */
  first: readonly Callee[];
  second: readonly Callee[];
}

export const playPair = async (play: Play, { crash, fault }: Pair, tellStory = false): Promise<Played> => {
  const stage = stageOf(play, tellStory);
  const calls: Calls = new Map();
  const firstId = play.before.length + 1;
  const points = new Map([
    [firstId, crash],
    [firstId + 1, fault],
  ]);
  stage.world.script = scripted(points, calls);
  const played = playAll(stage, play);
  await stage.world.scheduler.run();
  void played;
  const of = (id: number) => calls.get(id) ?? [];
  return { evidence: await evidenceOf(stage), first: of(firstId), second: of(firstId + 1) };
};
