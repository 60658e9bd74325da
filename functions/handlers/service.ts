// Handler of the route that concerns no credential.
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { listProviders } from '../../lib/operations/operator/list-providers.ts';

/** The list of providers. */
export const serviceHandlers = (deps: Pick<Deps, 'systemDirectory' | 'publishedProviders'>) => ({
  listProviders: async (): Promise<HandlerResult> => ({
    status: 200,
    body: { providers: await listProviders(deps) },
  }),
});
