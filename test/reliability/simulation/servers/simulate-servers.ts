// Runs one seed of users who connect MCP servers by their URLs: starts, callbacks, completions, uses, sweeps and deletions at the same
// time, under the faults of the seed, while servers lose their registrations, refuse by mistake and move to other issuers. At the end
// the faults stop, and each server is connected once more.
import type { StoredCredential } from '../../../../lib/domain/credential/credential.ts';
import { OAuth2Secret } from '../../../../lib/domain/credential/credential.ts';
import type { GrantServer } from '../../../../lib/domain/mcp/grant-server.ts';
import type { Deps } from '../../../../lib/domain/ports/deps.ts';
import type { RegisteredClient } from '../../../../lib/domain/ports/issuer-store.ts';
import { completeConnection } from '../../../../lib/operations/connect/complete-connection.ts';
import { receiveCallback } from '../../../../lib/operations/connect/receive-callback.ts';
import { startServerConnection } from '../../../../lib/operations/connect/start-server-connection.ts';
import { deleteCredential } from '../../../../lib/operations/credential/delete-credential.ts';
import { refreshCredential } from '../../../../lib/operations/refresh/refresh-credential.ts';
import { resolveCredential } from '../../../../lib/operations/refresh/resolve-credential.ts';
import { sweepRenewals } from '../../../../lib/operations/refresh/sweep-renewals.ts';
import { openCredential } from '../../../../lib/steps/credential/open-credential.ts';
import {
  type MemoryIssuers,
  memoryIssuerStore,
  memoryIssuers,
} from '../../../support/memory/mcp/memory-issuer-store.ts';
import { memorySealer } from '../../../support/memory/memory-sealer.ts';
import { createEnvironment, type Environment } from '../environment/environment.ts';
import { drawFaultProfile, NO_FAULTS } from '../environment/faults.ts';
import { invocationDeps } from '../environment/invocation-deps.ts';
import type { Invocation } from '../environment/scheduler.ts';
import { CRASHED, failed, type Outcome, outcomeName, succeeded } from '../trace/call.ts';
import { withServers } from './server-ports.ts';
import { createServerWorld, type ServerWorld } from './server-world.ts';

export type ServerCallKind = 'start' | 'callback' | 'complete' | 'resolve' | 'refresh' | 'sweep' | 'delete';

export interface ServerCall {
  id: number;
  kind: ServerCallKind;
  outcome: Outcome;
  isLeftRunning: boolean;
}

/** A stored grant at the end of the run. */
export interface StoredGrant {
  credential: StoredCredential;
  server: GrantServer;
  clientId: string;
  accessToken: string;
}

/** The last connection to each resource, without faults; `before`: the client that was stored for its issuer before it. */
export interface LastConnection {
  resource: string;
  before: RegisteredClient | null;
  isConnected: boolean;
}

export interface ServerTrace {
  calls: readonly ServerCall[];
  world: ServerWorld;
  issuers: MemoryIssuers;
  /** Clients that were stored, in order, with what they replaced. */
  puts: readonly { client: RegisteredClient; replaces: RegisteredClient | null }[];
  /** Before the last connections. */
  grants: readonly StoredGrant[];
  last: readonly LastConnection[];
  outcomes: ReadonlyMap<string, number>;
  eventLog: readonly string[];
}

/** Replaces a port, to show that the rules detect it. */
export type PlantedServerFault = (deps: Deps, trace: Pick<ServerTrace, 'issuers' | 'world'>) => Partial<Deps>;

const RESOURCES = ['https://one.example/mcp', 'https://two.example/mcp', 'https://three.example/mcp'];
const ISSUERS = ['https://auth-a.example', 'https://auth-b.example'];
const USERS = ['ann', 'bob'];
const LIMITS = {
  ...{ maxCredentialsPerUser: 1_000, maxOpenStatesPerUser: 1_000, oauthStateTtlSeconds: 86_400 },
  ...{ refreshMinTtlSeconds: 300, refreshLeadSeconds: 900 },
};
const REDIRECT = { redirectUri: 'https://keyhold.example/v1/oauth/callback' };
const QUARTER_HOUR = 900_000;

const createRun = (seed: number, planted: PlantedServerFault | undefined, logEvents: boolean) => {
  const environment = createEnvironment(seed, { logEvents });
  const { scheduler, prng, instances, eventLog } = environment;
  const world = createServerWorld({
    now: scheduler.now,
    expiresInSeconds: prng.pick([30, 600, 3_600]),
    secretMilliseconds: prng.pick([null, null, 1_800_000, 7_200_000]),
  });
  const table = memoryIssuers();
  const outcomes = new Map<string, number>();
  const count = (name: string): void => void outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  const puts: { client: RegisteredClient; replaces: RegisteredClient | null }[] = [];
  const store = memoryIssuerStore(table);
  const issuers: typeof store = {
    ...store,
    putClient: async (client, replaces) => {
      const before = [...table.clients.values()].find(({ clientId }) => clientId === replaces?.clientId);
      const replaced = before ? { ...before } : null;
      const done = store.putClient(client, replaces);
      if (![...table.clients.values()].some(({ secretRev }) => secretRev === client.secretRev)) return done;
      puts.push({ client, replaces: replaced });
      if (replaced)
        count(`client: replaced because ${replaced.refusedAt === null ? 'its secret ends' : 'it was refused'}`);
      return done;
    },
  };
  const calls: ServerCall[] = [];
  const own: Invocation = { id: 0, instance: instances.take(), alive: true, excusedMilliseconds: 0, onCrash: () => {} };

  const call = async (kind: ServerCallKind, work: (deps: Deps) => Promise<unknown>): Promise<unknown> => {
    const id = calls.length + 1;
    const running: Invocation = { ...own, id, instance: instances.take() };
    const made: ServerCall = { id, kind, outcome: { kind: 'pending' }, isLeftRunning: false };
    calls.push(made);
    eventLog.append(() => `call ${id} ${kind} begins`);
    made.outcome = await new Promise<Outcome>((resolve) => {
      running.onCrash = () => resolve(CRASHED);
      const base = invocationDeps(environment, running, {
        ...{ limits: LIMITS, kind: 'strict', revocation: 'plain' },
        invoke: async ({ userId, credentialId, secretRev }) => {
          await call('refresh', (deps) => refreshCredential(deps, { userId, credentialId, secretRev }));
        },
      });
      const deps = withServers(base, { environment, invocation: running, world, issuers });
      const used = { ...deps, ...planted?.(deps, { issuers: table, world }) };
      work(used).then(
        (value) => resolve(succeeded(value)),
        (error) => resolve(failed(error)),
      );
    });
    made.isLeftRunning = scheduler.isWaiting(running);
    if (running.alive) instances.giveBack(running.instance);
    const { outcome } = made;
    const reason = outcome.kind === 'refused' ? (outcome.members.reason ?? '') : '';
    count(`${kind}: ${outcomeName(outcome)}${reason === '' ? '' : ` ${reason}`}`);
    eventLog.append(() => `call ${id} ends: ${outcomeName(outcome)} ${JSON.stringify(outcome).slice(0, 300)}`);
    return outcome.kind === 'ok' ? outcome.value : null;
  };

  return { environment, world, table, issuers, puts, calls, outcomes, own, call, count };
};

type Run = ReturnType<typeof createRun>;

const pause = ({ environment, own }: Run, longest: number): Promise<void> =>
  environment.scheduler.pause(own, environment.prng.below(longest + 1));

/** All steps of one user; the id of the credential, or null. */
const connect = async (run: Run, userId: string, resource: string, longest: number): Promise<string | null> => {
  const started = await run.call('start', (deps) => startServerConnection(deps, { userId, mcpServerUrl: resource }));
  if (started === null) return null;
  const { state } = started as { state: string };
  await pause(run, longest);
  const approved = run.world.approve(state);
  run.count(approved ? 'approval: ok' : 'approval: client not known');
  if (approved === null) return null;
  const received = await run.call('callback', (deps) => receiveCallback(deps, { state, ...approved }));
  const { receipt } = (received ?? {}) as { receipt?: string };
  if (receipt === undefined) return null;
  await pause(run, longest);
  const done = await run.call('complete', (deps) => completeConnection(deps, { userId, state, receipt }));
  return done === null ? null : (done as { credential: { id: string } }).credential.id;
};

/** A user: connects servers, and uses and deletes what is connected. */
const actAsUser = async (run: Run, userId: string, longest: number): Promise<void> => {
  const { prng } = run.environment;
  const ids: string[] = [];
  for (let turn = 2 + prng.below(5); turn > 0; turn--) {
    await pause(run, longest);
    const id = ids.length > 0 && prng.chance(0.6) ? prng.pick(ids) : null;
    if (id === null) {
      const made = await connect(run, userId, prng.pick(RESOURCES), Math.min(longest, 5_000));
      if (made !== null) ids.push(made);
    } else if (prng.chance(0.1)) {
      await run.call('delete', (deps) => deleteCredential(deps, { userId, id }));
    } else {
      const minTtlSeconds = prng.pick([0, 300, 86_400]);
      const use = () =>
        run.call('resolve', (deps) => resolveCredential(deps, { userId, credentialId: id, scopes: [], minTtlSeconds }));
      await (prng.chance(0.4) ? Promise.all([use(), use()]) : use());
    }
  }
};

/** A server leaves its issuer, which in most cases is then switched off: it knows no client any more. */
const moveServer = ({ world, environment: { prng } }: Run): void => {
  const resource = prng.pick(RESOURCES);
  const left = world.issuers.get(resource) ?? '';
  world.move(resource, prng.pick(ISSUERS.filter((issuer) => issuer !== left)));
  if (prng.chance(0.7)) world.forget(left);
};

/** What happens at the servers. */
const upset = async (run: Run, longest: number): Promise<void> => {
  const { prng, eventLog } = run.environment;
  for (let turn = prng.below(4); turn > 0; turn--) {
    await pause(run, 2 * longest);
    const what = prng.pick(['lost', 'mistake', 'moved'] as const);
    run.count(`server: ${what}`);
    eventLog.append(() => `SERVER ${what}`);
    if (what === 'lost') run.world.forget(prng.pick(ISSUERS));
    if (what === 'mistake') run.world.refuseNext();
    if (what === 'moved') moveServer(run);
  }
};

const sweep = async (run: Run, longest: number): Promise<void> => {
  for (let turn = run.environment.prng.below(4); turn > 0; turn--) {
    await pause(run, longest);
    await run.call('sweep', (deps) => sweepRenewals(deps));
  }
};

const readGrants = async ({ table, raw }: Environment): Promise<StoredGrant[]> => {
  const sealer = memorySealer();
  const found: StoredGrant[] = [];
  for (const userId of table.users.keys()) {
    for (const row of (await raw.users.readUser(userId)).rows) {
      if (!row.readable) continue;
      const {
        server,
        clientId = '',
        accessToken,
      } = OAuth2Secret.parse(await openCredential({ sealer }, row.credential));
      if (server) found.push({ credential: row.credential, server, clientId, accessToken });
    }
  }
  return found;
};

const connectLast = async (run: Run): Promise<LastConnection[]> => {
  const { environment, world, issuers, own } = run;
  environment.faultProfile = NO_FAULTS;
  environment.outageUntil = 0;
  world.settle();
  await environment.scheduler.pause(own, QUARTER_HOUR);
  const last: LastConnection[] = [];
  for (const resource of RESOURCES) {
    const issuer = world.issuers.get(resource) ?? '';
    const before = await issuers.readClient({ issuer, ...REDIRECT });
    const isConnected = (await connect(run, 'zoe', resource, 0)) !== null;
    last.push({ resource, before, isConnected });
  }
  return last;
};

/** Plays one seed. */
export const simulateServers = async (
  seed: number,
  { planted, logEvents = false }: { planted?: PlantedServerFault | undefined; logEvents?: boolean } = {},
): Promise<ServerTrace> => {
  const run = createRun(seed, planted, logEvents);
  const { environment, world, table, puts, calls, outcomes } = run;
  const { prng, scheduler } = environment;
  for (const resource of RESOURCES) world.move(resource, prng.pick(ISSUERS));
  environment.faultProfile = drawFaultProfile(prng);
  const longest = prng.pick([200, 20_000, QUARTER_HOUR, 4_000_000]);
  const users = Array.from({ length: 2 + prng.below(3) }, (_, index) =>
    actAsUser(run, USERS[index % USERS.length] ?? '', longest),
  );
  const others = [upset(run, longest), sweep(run, longest)];
  await scheduler.run();
  void Promise.all([...users, ...others]);
  const grants = await readGrants(environment);
  let last: LastConnection[] = [];
  const ending = connectLast(run).then((connections) => {
    last = connections;
  });
  await scheduler.run();
  await ending;
  return { calls, world, issuers: table, puts, grants, last, outcomes, eventLog: environment.eventLog.lines() };
};
