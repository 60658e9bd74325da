// Runs by the schedule: keeps the published configuration current.
import { refreshSweepDeps } from '../lib/container.ts';
import { publishConfiguration } from '../lib/operations/publish-configuration.ts';

const deps = refreshSweepDeps();

export const handler = async (): Promise<void> => {
  const { changed } = await publishConfiguration(deps);
  if (changed) deps.log.info('configuration published', {});
};
