// Runs one seed: a few clients call the real operations in one thread, under the faults of the seed. Returns the trace;
// invariants.ts checks it.

import { type CredentialRow, rowId } from '../../../lib/domain/credential/rows.ts';
import type { LinkRow } from '../../../lib/domain/link/connect-link.ts';
import type { Limits } from '../../../lib/domain/ports/deps.ts';
import { openCredential } from '../../../lib/steps/credential/open-credential.ts';
import { memorySealer } from '../../support/memory/memory-sealer.ts';
import type { TokenProvider } from '../../support/memory/token-provider.ts';
import type { AuthorizationServer } from './connect/authorization-server.ts';
import type { PlaceEvent } from './connect/place-log.ts';
import { disturb, isDisturbed } from './environment/disturbances.ts';
import { createEnvironment, type Environment } from './environment/environment.ts';
import type { FunctionInstance } from './environment/function-instances.ts';
import { invocationDeps } from './environment/invocation-deps.ts';
import type { Invocation } from './environment/scheduler.ts';
import type { PlantedFault } from './planted/planted-fault.ts';
import { type Call, CRASHED, failed, type Outcome, outcomeName, succeeded } from './trace/call.ts';
import type { RefreshLog } from './trace/refresh-log.ts';
import type { Timeline } from './trace/timeline.ts';
import { createKnowledge, generateRequest, type Knowledge } from './workload/generate-request.ts';
import { perform } from './workload/perform.ts';
import type { Request } from './workload/request.ts';
import { chooseRevocation, drawScenario, type Scenario, type Subject } from './workload/scenario.ts';
import { updateKnowledge } from './workload/update-knowledge.ts';

export interface Trace {
  calls: readonly Call[];
  timeline: Timeline;
  limits: Limits;
  revocation: Scenario['revocation'];
  /** The secret the real operation decrypts for each credential at the end, by user and id; null: unreadable. */
  opened: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  faultCounts: Environment['faultCounts'];
  refreshes: RefreshLog;
  provider: TokenProvider;
  authorization: AuthorizationServer;
  places: readonly PlaceEvent[];
  /** The links at the end, by the hash of their token. */
  links: ReadonlyMap<string, LinkRow>;
  freezes: ReadonlyMap<number, number>;
  eventLog: readonly string[];
}

export interface Simulation {
  environment: Environment;
  scenario: Scenario;
  knowledge: Knowledge;
  calls: Call[];
  planted: PlantedFault | undefined;
}

const invocation = (id: number, instance: FunctionInstance): Invocation => ({
  ...{ id, instance, alive: true, excusedMilliseconds: 0 },
  onCrash: () => {},
});

const runInvocation = (simulation: Simulation, running: Invocation, request: Request): Promise<Outcome> =>
  new Promise((resolve) => {
    running.onCrash = () => resolve(CRASHED);
    const { planted, scenario } = simulation;
    const deps = invocationDeps(simulation.environment, running, {
      limits: scenario.limits,
      kind: scenario.providerKind,
      revocation: scenario.revocation,
      planted,
      invoke: ({ userId, credentialId, secretRev }) =>
        callOnce(simulation, { kind: 'refresh', userId, id: credentialId, secretRev }),
    });
    (planted?.perform ?? perform)(deps, request).then(
      (value) => resolve(succeeded(value)),
      (error) => resolve(failed(error)),
    );
  });

export const callOnce = async (simulation: Simulation, request: Request): Promise<void> => {
  const { environment, calls } = simulation;
  const { scheduler, eventLog } = environment;
  const running = invocation(calls.length + 1, environment.instances.take());
  const started = { id: running.id, request, startStep: scheduler.step(), startAt: scheduler.now() };
  const end = { endStep: Number.POSITIVE_INFINITY, endAt: Number.POSITIVE_INFINITY, excusedMilliseconds: 0 };
  const call: Call = { ...started, ...end, outcome: { kind: 'pending' }, isLeftRunning: false };
  calls.push(call);
  eventLog.append(() => `call ${call.id} begins: ${JSON.stringify(request)}`);
  call.outcome = await runInvocation(simulation, running, request);
  call.isLeftRunning = scheduler.isWaiting(running);
  if (running.alive) environment.instances.giveBack(running.instance);
  call.endStep = scheduler.step();
  call.endAt = scheduler.now();
  call.excusedMilliseconds = running.excusedMilliseconds;
  eventLog.append(
    () => `call ${call.id} ends: ${outcomeName(call.outcome)} ${JSON.stringify(call.outcome).slice(0, 300)}`,
  );
  updateKnowledge(simulation.knowledge, call);
};

const noteChange = ({ faultCounts, eventLog }: Environment): void => {
  faultCounts.set('entry changed', (faultCounts.get('entry changed') ?? 0) + 1);
  eventLog.append(() => 'OPERATOR changed the entry');
};

/** A client never crashes; the invocations it calls may. */
const client = async (simulation: Simulation, calls: number): Promise<void> => {
  const { environment, scenario, knowledge } = simulation;
  const own = invocation(0, environment.instances.take());
  for (let made = 0; made < calls; made++) {
    await environment.scheduler.pause(own, environment.prng.below(scenario.maxPauseMilliseconds + 1));
    if (environment.operator.mayChange()) noteChange(environment);
    await callOnce(simulation, generateRequest(environment, scenario, knowledge));
  }
};

const openRow = async (row: CredentialRow): Promise<[string, unknown]> => {
  const sealer = memorySealer();
  return [rowId(row), row.readable ? await openCredential({ sealer }, row.credential).catch(() => null) : null];
};

const openAll = async (environment: Environment): Promise<Trace['opened']> => {
  const opened = new Map<string, ReadonlyMap<string, unknown>>();
  for (const userId of environment.table.users.keys()) {
    const { rows } = await environment.raw.users.readUser(userId);
    opened.set(userId, new Map(await Promise.all(rows.map(openRow))));
  }
  return opened;
};

/** The result of a sign-in at the provider: new tokens of the user, and when the first expires. */
const signingIn =
  (environment: Environment, { providerKind }: Scenario) =>
  () => ({
    ...environment.provider.signIn(providerKind),
    expiresAt: environment.scheduler.now() + environment.prng.pick([1_000, 60_000, 3_600_000]),
  });

/** The result of the run, once all invocations have ended. */
export const collectTrace = async ({ environment, scenario, calls }: Simulation): Promise<Trace> => {
  const { timeline, faultCounts, eventLog, refreshes, provider, authorization } = environment;
  const opened = await openAll(environment);
  return {
    calls,
    timeline,
    limits: scenario.limits,
    revocation: scenario.revocation,
    opened,
    faultCounts,
    refreshes,
    provider,
    authorization,
    places: environment.places.events,
    links: environment.table.links,
    freezes: environment.freezes,
    eventLog: eventLog.lines(),
  };
};

export const simulate = async (
  seed: number,
  subject: Subject,
  { planted, logEvents = false }: { planted?: PlantedFault | undefined; logEvents?: boolean } = {},
): Promise<Trace> => {
  const environment = createEnvironment(seed, { logEvents, isChanged: subject === 'refresh' });
  const drawn = { ...drawScenario(environment.prng, subject), ...chooseRevocation(seed, subject) };
  const scenario: Scenario = { ...drawn, ...planted?.narrows };
  const simulation: Simulation = {
    environment,
    scenario,
    knowledge: createKnowledge(signingIn(environment, scenario)),
    calls: [],
    planted,
  };
  environment.eventLog.append(() => `scenario ${JSON.stringify(scenario)}`);
  const prepared = client(simulation, scenario.preparations);
  await environment.scheduler.run();
  environment.faultProfile = scenario.faultProfile;
  if (isDisturbed(seed, subject === 'connect' || subject === 'link')) disturb(environment, seed);
  const clients = Array.from({ length: scenario.clients }, () => client(simulation, scenario.callsPerClient));
  await environment.scheduler.run();
  void Promise.all([prepared, ...clients]);
  return collectTrace(simulation);
};
