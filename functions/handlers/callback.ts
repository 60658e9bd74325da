// Handler of the callback: answers browsers, with a redirect or a page.
import { badCallback, callbackResult } from '../../lib/http/callback-answer.ts';
import type { HandlerResult } from '../../lib/http/routes/route.ts';
import { type CallbackQuery, receiveCallback } from '../../lib/operations/connect/receive-callback.ts';

type CallbackDeps = Parameters<typeof receiveCallback>[0];

interface Arrival {
  isPrefetch: boolean;
}

/** A prefetch takes nothing: the person's own request follows. */
const receive = async (
  deps: CallbackDeps,
  response: CallbackQuery,
  { isPrefetch }: Arrival,
): Promise<HandlerResult> => {
  if (isPrefetch) return { status: 204 };
  try {
    return callbackResult(await receiveCallback(deps, response), String(response.state));
  } catch (error) {
    return badCallback(error);
  }
};

/** Keeps the code and gives the browser its receipt. */
export const callbackHandlers = (deps: CallbackDeps) => ({
  receiveOAuthCallback: ({ query, ...arrival }: Arrival & { query: CallbackQuery }) => receive(deps, query, arrival),
  receiveOAuthFormPost: ({ body, ...arrival }: Arrival & { body: CallbackQuery }) => receive(deps, body, arrival),
});
