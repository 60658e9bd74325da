// Runs on a schedule: publishes the configuration that the user plane reads, and refreshes the tokens that are due. A failure of
// one does not stop the other.
import { refreshSweepDeps } from '../lib/container/refresh-sweep.ts';
import { publishConfiguration } from '../lib/operations/operator/publish-configuration.ts';
import { sweepUntilDone } from '../lib/operations/refresh/sweep-renewals.ts';
import { entryPoint } from './handlers/entry-point.ts';

type SweepDeps = ReturnType<typeof refreshSweepDeps>;

const publish = async ({ publishing, log }: SweepDeps): Promise<void> => {
  const { changed } = await publishConfiguration(publishing);
  if (changed) log.info('configuration published', {});
};

const sweep = async ({ sweeping, log }: SweepDeps): Promise<void> => {
  const result = await sweepUntilDone(sweeping);
  const { refreshed, postponed, unusable } = result;
  if (refreshed + postponed + unusable > 0) log.info('sweep ended', { ...result });
};

/** Both parts end before it throws the error of the first that failed. */
const run = async (deps: SweepDeps): Promise<void> => {
  const done = await Promise.allSettled([publish(deps), sweep(deps)]);
  for (const part of done) if (part.status === 'rejected') throw part.reason;
};

/** The Lambda entry point of the schedule. */
export const handler = entryPoint('refresh-sweep', () => {
  const deps = refreshSweepDeps();
  return { log: deps.log, meter: deps.meter, handle: () => run(deps) };
});
