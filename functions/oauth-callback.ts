// Where providers send browsers back to: public, and able to touch state rows and nothing else.
import { oauthCallbackDeps } from '../lib/container.ts';
import { badCallback, parkedAnswer } from '../lib/http/callback-answer.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { parkCode } from '../lib/operations/connect/park-code.ts';

const deps = oauthCallbackDeps();

export const handler = httpFunction(
  'oauth-callback',
  {
    oauthCallback: async ({ query }) => {
      try {
        return parkedAnswer(await parkCode(deps, query), String(query.state));
      } catch (error) {
        return badCallback(error);
      }
    },
  },
  deps,
);
