// Where providers send browsers back to: public, and able to touch state rows and nothing else.
import { oauthCallbackDeps } from '../lib/container.ts';
import { badCallback, callbackResult } from '../lib/http/callback-answer.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { receiveCallback } from '../lib/operations/connect/receive-callback.ts';

const deps = oauthCallbackDeps();

export const handler = httpFunction(
  'oauth-callback',
  {
    oauthCallback: async ({ query }) => {
      try {
        return callbackResult(await receiveCallback(deps, query), String(query.state));
      } catch (error) {
        return badCallback(error);
      }
    },
  },
  deps,
);
