// The process that is killed: it resolves a credential with real adapters and a shifted clock, and sends itself SIGKILL at the
// planned port call. Without a kill point it prints the port calls it made.
import { runtimeApiDeps } from '../../../lib/container.ts';
import { resolveCredential } from '../../../lib/operations/refresh/resolve-credential.ts';
import { dyingPorts } from '../../support/dying-ports.ts';
import { type CrashPlan, PORTS, shiftedClock } from './crash-plan.ts';

const NEVER = { nth: 0, when: 'before' } as const;

const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
};

const { userId, provider, now, death } = JSON.parse(process.argv[2] ?? '') as CrashPlan;
const deps = { ...runtimeApiDeps(), clock: shiftedClock(now) };
const dying = dyingPorts(deps, PORTS, { ...(death ?? NEVER), die });
await resolveCredential(dying.deps, { userId, provider, scopes: [] });
console.log(JSON.stringify(dying.calls));
