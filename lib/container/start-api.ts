// The dependencies of start-api: what starts connections.

import { limitUsers, start } from './shared/start.ts';
import { makeStarting } from './shared/starting.ts';

/** Makes the dependencies of start-api. */
export const startApiDeps = () => {
  const started = start('start-api');
  return { ...makeStarting(started), callLimit: limitUsers(started) };
};
