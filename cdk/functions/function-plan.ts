// The functions and their capabilities: those that serve routes, with the capabilities of their routes, and three without routes: the
// sweep, the refresh of one credential and the event publisher.
import type { Capability } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { SWEEP_FUNCTION_MILLISECONDS } from '../../lib/platform.ts';

/** One function. */
export interface FunctionPlan {
  /** Also its file name in `functions/`. */
  name: string;
  capabilities: readonly Capability[];
  /** Its time limit; FUNCTION_MILLISECONDS where none is given. */
  milliseconds?: number;
}

const collectCapabilities = (name: string): Capability[] => {
  const own = routes.filter((route) => route.function === name).flatMap((route) => route.capabilities);
  return [...new Set(own)].sort();
};

/** The functions that serve routes. */
export const httpFunctions: readonly FunctionPlan[] = [...new Set(routes.map((route) => route.function))].map(
  (name) => ({ name, capabilities: collectCapabilities(name) }),
);

/** The scheduled sweep. */
export const sweepFunction: FunctionPlan = {
  name: 'refresh-sweep',
  milliseconds: SWEEP_FUNCTION_MILLISECONDS,
  capabilities: [
    'read_system_keys',
    'read_oauth_clients',
    'read_client',
    'note_refused_client',
    'read_configuration',
    'write_configuration',
    'read_due',
    'read_credential',
    'create_lease',
    'refresh_credential',
    'open_secret',
  ],
};

/** Refreshes one credential, invoked by the functions that resolve. No caller waits for it. */
export const refreshFunction: FunctionPlan = {
  name: 'refresh-credential',
  capabilities: [
    'read_credential',
    'refresh_credential',
    'open_secret',
    'read_oauth_clients',
    'read_client',
    'note_refused_client',
  ],
};

/** Records arrive in the stream event, so it has no access to the table or a key. */
export const publishFunction: FunctionPlan = {
  name: 'publish-events',
  capabilities: ['read_stream', 'write_dead_letters', 'publish_events'],
};
