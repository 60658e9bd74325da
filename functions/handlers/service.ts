// Handlers of the routes that concern no credential.
import type { Deps } from '../../lib/domain/ports/deps.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { listProviders } from '../../lib/operations/operator/list-providers.ts';

/** Health and the list of providers. */
export const serviceHandlers = (deps: Pick<Deps, 'systemDirectory' | 'publishedProviders'>) => ({
  getHealth: async (): Promise<HandlerResult> => ({ status: 200, body: { status: 'ok' } }),
  listProviders: async (): Promise<HandlerResult> => ({
    status: 200,
    body: { providers: await listProviders(deps) },
  }),
});
