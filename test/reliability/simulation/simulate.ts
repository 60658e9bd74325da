// Plays one seed: a few clients call the real operations in one thread, under the faults of the seed. Gives the evidence
// of what happened; judging it is the business of invariants.ts.

import { type CredentialRow, rowId } from '../../../lib/domain/credential/rows.ts';
import type { Limits } from '../../../lib/domain/ports/deps.ts';
import { openCredential } from '../../../lib/steps/credential/open-credential.ts';
import { memorySealer } from '../../support/memory/memory-sealer.ts';
import type { TokenProvider } from '../../support/memory/token-provider.ts';
import { inventRequest, type Knowledge, nothingKnown } from './clients/invent-request.ts';
import { learn } from './clients/learn.ts';
import { perform } from './clients/perform.ts';
import type { Request } from './clients/request.ts';
import { type Scenario, type Subject, scenarioOf } from './clients/scenario.ts';
import { type Call, CRASHED, failed, type Outcome, outcomeName, succeeded } from './evidence/history.ts';
import type { RefreshLog } from './evidence/refresh-log.ts';
import type { Timeline } from './evidence/timeline.ts';
import type { PlantedFault } from './planted/planted-fault.ts';
import { invocationDeps } from './world/invocation-deps.ts';
import type { Invocation } from './world/scheduler.ts';
import { type World, worldOf } from './world/world.ts';

export interface Evidence {
  calls: readonly Call[];
  timeline: Timeline;
  limits: Limits;
  /** What the real operation opens of each credential at the end, by user and id; null: it does not open. */
  opened: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  struck: World['struck'];
  refreshes: RefreshLog;
  provider: TokenProvider;
  story: readonly string[];
}

export interface Stage {
  world: World;
  scenario: Scenario;
  knowledge: Knowledge;
  calls: Call[];
  planted: PlantedFault | undefined;
}

const invocation = (id: number): Invocation => ({ id, alive: true, excusedMilliseconds: 0, onCrash: () => {} });

const outcomeOf = (stage: Stage, running: Invocation, request: Request): Promise<Outcome> =>
  new Promise((resolve) => {
    running.onCrash = () => resolve(CRASHED);
    const { planted, scenario } = stage;
    const deps = invocationDeps(stage.world, running, {
      limits: scenario.limits,
      kind: scenario.providerKind,
      planted,
    });
    (planted?.perform ?? perform)(deps, request).then(
      (value) => resolve(succeeded(value)),
      (error) => resolve(failed(error)),
    );
  });

export const callOnce = async (stage: Stage, request: Request): Promise<void> => {
  const { world, calls } = stage;
  const { scheduler, story } = world;
  const running = invocation(calls.length + 1);
  const started = { id: running.id, request, startStep: scheduler.step(), startAt: scheduler.now() };
  const end = { endStep: Number.POSITIVE_INFINITY, endAt: Number.POSITIVE_INFINITY, excusedMilliseconds: 0 };
  const call: Call = { ...started, ...end, outcome: { is: 'pending' }, isLeftRunning: false };
  calls.push(call);
  story.tell(() => `call ${call.id} begins: ${JSON.stringify(request)}`);
  call.outcome = await outcomeOf(stage, running, request);
  call.isLeftRunning = scheduler.isParked(running);
  call.endStep = scheduler.step();
  call.endAt = scheduler.now();
  call.excusedMilliseconds = running.excusedMilliseconds;
  story.tell(() => `call ${call.id} ends: ${outcomeName(call.outcome)} ${JSON.stringify(call.outcome).slice(0, 300)}`);
  learn(stage.knowledge, call);
};

/** A client never crashes; what it calls may. */
const client = async (stage: Stage, calls: number): Promise<void> => {
  const { world, scenario, knowledge } = stage;
  const own = invocation(0);
  for (let made = 0; made < calls; made++) {
    await world.scheduler.pause(own, world.dice.below(scenario.thinkingMilliseconds + 1));
    await callOnce(stage, inventRequest(world.dice, scenario, knowledge));
  }
};

const openRow = async (row: CredentialRow): Promise<[string, unknown]> => {
  const sealer = memorySealer();
  return [rowId(row), row.readable ? await openCredential({ sealer }, row.credential).catch(() => null) : null];
};

const openAll = async (world: World): Promise<Evidence['opened']> => {
  const opened = new Map<string, ReadonlyMap<string, unknown>>();
  for (const userId of world.table.users.keys()) {
    const { rows } = await world.raw.users.readUser(userId);
    opened.set(userId, new Map(await Promise.all(rows.map(openRow))));
  }
  return opened;
};

/** What a user brings back from the provider: tokens of a sign-in of his own, and when the first expires. */
const signingIn =
  (world: World, { providerKind }: Scenario) =>
  () => ({
    ...world.provider.signIn(providerKind),
    expiresAt: world.scheduler.now() + world.dice.pick([1_000, 60_000, 3_600_000]),
  });

/** What came of it, once nobody is at work any more. */
export const evidenceOf = async ({ world, scenario, calls }: Stage): Promise<Evidence> => {
  const { timeline, struck, story, refreshes, provider } = world;
  const opened = await openAll(world);
  return { calls, timeline, limits: scenario.limits, opened, struck, refreshes, provider, story: story.lines() };
};

export const simulate = async (
  seed: number,
  subject: Subject,
  { planted, tellStory = false }: { planted?: PlantedFault | undefined; tellStory?: boolean } = {},
): Promise<Evidence> => {
  const world = worldOf(seed, tellStory);
  const scenario = scenarioOf(world.dice, subject);
  const stage: Stage = { world, scenario, knowledge: nothingKnown(signingIn(world, scenario)), calls: [], planted };
  world.story.tell(() => `scenario ${JSON.stringify(scenario)}`);
  const prepared = client(stage, scenario.preparations);
  await world.scheduler.run();
  world.weather = scenario.weather;
  const clients = Array.from({ length: scenario.clients }, () => client(stage, scenario.callsPerClient));
  await world.scheduler.run();
  void Promise.all([prepared, ...clients]);
  return evidenceOf(stage);
};
