// The process that is killed: it refreshes a credential as the function does that refreshes, with real adapters and a shifted clock, and sends itself SIGKILL at the
// planned port call. Without a kill point it prints the port calls it made.
import { runtimeApiDeps } from '../../../lib/container/runtime-api.ts';
import { refreshCredential } from '../../../lib/operations/refresh/refresh-credential.ts';
import { dyingPorts } from '../../support/process/dying-ports.ts';
import { type CrashPlan, PORTS, shiftedClock } from './crash-plan.ts';

const NEVER = { nth: 0, when: 'before' } as const;

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
};

const { userId, now, death } = JSON.parse(process.argv[2] ?? '') as CrashPlan;
const deps = { ...runtimeApiDeps(), clock: shiftedClock(now) };
const dying = dyingPorts(deps, PORTS, { ...(death ?? NEVER), die });
const row = await deps.users.readCredential(userId, 'g');
if (!row?.readable) throw new Error('not readable');
await refreshCredential(dying.deps, { userId, credentialId: 'g', secretRev: row.credential.secretRev });
console.log(JSON.stringify(dying.calls));
