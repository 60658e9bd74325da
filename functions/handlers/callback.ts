// Handler of the callback: answers browsers, with a redirect or a page.
import { badCallback, callbackResult } from '../../lib/http/callback-answer.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { type CallbackQuery, receiveCallback } from '../../lib/operations/connect/receive-callback.ts';

/** Keeps the code and gives the browser its receipt. */
export const callbackHandlers = (deps: Parameters<typeof receiveCallback>[0]) => ({
  receiveOAuthCallback: async ({ query }: { query: CallbackQuery }): Promise<HandlerResult> => {
    try {
      return callbackResult(await receiveCallback(deps, query), String(query.state));
    } catch (error) {
      return badCallback(error);
    }
  },
});
