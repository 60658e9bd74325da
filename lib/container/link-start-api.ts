// The dependencies of link-start-api: what starts connections, and links.

import { makeLinkCalls } from './shared/links.ts';
import { start } from './shared/start.ts';
import { makeStarting } from './shared/starting.ts';

/** Makes the dependencies of link-start-api. */
export const linkStartApiDeps = () => {
  const started = start('link-start-api');
  return { ...makeStarting(started), ...makeLinkCalls(started) };
};
