// The dependencies of refresh-credential: to refresh one credential, and no more.

import { callDeadline } from '../adapters/runtime/call-deadline.ts';
import { makeOAuth, makeRefreshing } from './shared/oauth.ts';
import { makeSealer } from './shared/sealer.ts';
import { start, timing } from './shared/start.ts';
import { makeUsers } from './shared/stores.ts';

/** Makes the dependencies of refresh-credential. */
export const refreshCredentialDeps = () => {
  const started = start('refresh-credential');
  return {
    ...timing,
    deadline: callDeadline,
    ...makeOAuth(started),
    ...makeRefreshing(started),
    limits: started.limits,
    users: makeUsers(started),
    sealer: makeSealer(started),
  };
};
