// Runs on a schedule: publishes the configuration that the user plane reads, and refreshes the tokens that are due. A failure of
// one does not stop the other.
import { refreshSweepDeps } from '../lib/container.ts';
import { publishConfiguration } from '../lib/operations/operator/publish-configuration.ts';
import { sweepUntilDone } from '../lib/operations/refresh/sweep-renewals.ts';

const deps = refreshSweepDeps();

const publish = async (): Promise<void> => {
  const { changed } = await publishConfiguration(deps.publishing);
  if (changed) deps.log.info('configuration published', {});
};

const sweep = async (): Promise<void> => {
  const result = await sweepUntilDone(deps.sweeping);
  const { refreshed, postponed, unusable } = result;
  if (refreshed + postponed + unusable > 0) deps.log.info('sweep ended', { ...result });
};

/** The Lambda entry point of the schedule. Both parts end before it throws the error of the first that failed. */
export const handler = async (): Promise<void> => {
  const done = await Promise.allSettled([publish(), sweep()]);
  for (const part of done) if (part.status === 'rejected') throw part.reason;
};
