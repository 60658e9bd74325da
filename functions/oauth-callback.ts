// The function that receives the redirects of providers. Public, so it may touch state rows and nothing else.
import { oauthCallbackDeps } from '../lib/container/oauth-callback.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { callbackRoutes } from '../lib/http/routes/callback-routes.ts';
import { selectRoutes } from '../lib/http/routes/own-routes.ts';
import { callbackHandlers } from './handlers/callback.ts';
import { entryPoint } from './handlers/entry-point.ts';

/** The Lambda entry point: an API Gateway event (payload format 2.0) in, an HTTP response out. */
export const handler = entryPoint('oauth-callback', () => {
  const deps = oauthCallbackDeps();
  return {
    log: deps.log,
    handle: httpFunction(selectRoutes('oauth-callback', callbackRoutes), callbackHandlers(deps), deps),
  };
});
