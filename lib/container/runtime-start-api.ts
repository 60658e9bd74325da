// The dependencies of runtime-start-api: what starts connections.

import { limitUsers, start } from './shared/start.ts';
import { makeStarting } from './shared/starting.ts';

/** Makes the dependencies of runtime-start-api. */
export const runtimeStartApiDeps = () => {
  const started = start('runtime-start-api');
  return { ...makeStarting(started), callLimit: limitUsers(started) };
};
