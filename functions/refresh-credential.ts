// Refreshes one credential whose caller was answered with a token that is still valid. runtime-api invokes it asynchronously, and
// Lambda may deliver an event twice or late: both are safe. Lambda repeats nothing; the next caller orders the refresh again.
import type { Context } from 'aws-lambda';
import { refreshCredentialDeps } from '../lib/container/refresh-credential.ts';
import { readRefreshOrder, refreshCredential } from '../lib/operations/refresh/refresh-credential.ts';
import { entryPoint } from './handlers/entry-point.ts';

type RefreshDeps = ReturnType<typeof refreshCredentialDeps>;

const refresh = async (deps: RefreshDeps, event: unknown, context: Context): Promise<void> => {
  const order = readRefreshOrder(event);
  const milliseconds = context.getRemainingTimeInMillis();
  const end = { signal: AbortSignal.timeout(milliseconds), milliseconds };
  const outcome = await deps.deadline.during(end, () => refreshCredential(deps, order));
  if (outcome !== 'refreshed' && outcome !== 'notDue') deps.log.info('credential not refreshed', { outcome });
};

/** The Lambda entry point of the refresh of one credential. */
export const handler = entryPoint('refresh-credential', () => {
  const deps = refreshCredentialDeps();
  return {
    log: deps.log,
    meter: deps.meter,
    handle: (event: unknown, context: Context) => refresh(deps, event, context),
  };
});
