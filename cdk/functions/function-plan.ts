// Which functions there are and what each may do: one per plane, with the capabilities of all its routes, and the two that
// no route reaches: the sweep, and the publisher of events.
import type { Capability } from '../../lib/http/routes/route.ts';
import { routes } from '../../lib/http/routes/routes.ts';

export interface FunctionPlan {
  /** Also the name of its file in `functions/`. */
  name: string;
  capabilities: readonly Capability[];
}

const capabilitiesOf = (name: string): Capability[] => {
  const own = routes.filter((route) => route.function === name).flatMap((route) => route.capabilities);
  return [...new Set(own)].sort();
};

export const httpFunctions: readonly FunctionPlan[] = [...new Set(routes.map((route) => route.function))].map(
  (name) => ({ name, capabilities: capabilitiesOf(name) }),
);

export const sweepFunction: FunctionPlan = {
  name: 'refresh-sweep',
  capabilities: [
    'read_system_keys',
    'read_oauth_clients',
    'read_configuration',
    'write_configuration',
    'read_due',
    'read_user',
    'refresh_credential',
    'open_secret',
  ],
};

/** It is handed the rows that changed, and may touch neither the table nor a key. */
export const publishFunction: FunctionPlan = {
  name: 'publish-events',
  capabilities: ['read_stream', 'write_dead_letters', 'publish_events'],
};
