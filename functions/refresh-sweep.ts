// Runs by the schedule: keeps the published configuration current, and renews the grants that are due. Neither keeps the other
// from being done.
import { refreshSweepDeps } from '../lib/container.ts';
import { publishConfiguration } from '../lib/operations/operator/publish-configuration.ts';
import { sweepDueGrants } from '../lib/operations/refresh/sweep-due-grants.ts';

const deps = refreshSweepDeps();

const publish = async (): Promise<void> => {
  const { changed } = await publishConfiguration(deps.publishing);
  if (changed) deps.log.info('configuration published', {});
};

const sweep = async (): Promise<void> => {
  const swept = await sweepDueGrants(deps.sweeping);
  const { refreshed, postponed, broken } = swept;
  if (refreshed + postponed + broken > 0) deps.log.info('grants swept', { ...swept });
};

export const handler = async (): Promise<void> => {
  const done = await Promise.allSettled([publish(), sweep()]);
  for (const part of done) if (part.status === 'rejected') throw part.reason;
};
