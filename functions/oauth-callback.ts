// The function that receives the redirects of providers. Public, so it may touch state rows and nothing else.
import { oauthCallbackDeps } from '../lib/container.ts';
import { httpFunction } from '../lib/http/chain/http-function.ts';
import { callbackHandlers } from './handlers/callback.ts';

const deps = oauthCallbackDeps();

export const handler = httpFunction('oauth-callback', callbackHandlers(deps), deps);
