// The answer to a browser that comes back from a provider: a redirect to the application with state and receipt, or a plain page. The
// page shows nothing of the request and loads nothing from other origins.
import { sha256 } from '../domain/values/digest.ts';
import { ServiceError } from '../domain/values/service-error.ts';
import type { HandlerResult } from './routes/route.ts';

type ReceivedCallback =
  | { kind: 'received'; returnUrl: string | null; receipt: string }
  | { kind: 'denied'; returnUrl: string | null; error: string };

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem;color:#1b1f24}' +
  'code{display:block;padding:.75rem 1rem;background:#f2f4f7;border-radius:.5rem;overflow-wrap:anywhere}';

const POLICY = `default-src 'none'; style-src 'sha256-${sha256(STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const page = (status: number, title: string, body: string): HandlerResult => ({
  status,
  page: {
    html: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1>${body}</body></html>\n`,
    policy: POLICY,
  },
});

const BAD = page(400, 'This link no longer works', '<p>Go back to the application and start connecting again.</p>');

// RFC 6749 §4.1.2.1: access_denied is the answer when the user presses Deny, and where a provider's own rule denies it.
const DENIED_BY_USER = '<p>You or the provider did not allow the connection. Nothing was stored.</p>';
const REFUSED_BY_PROVIDER = '<p>The provider answered with an error. Nothing was stored.</p>';

const redirect = (returnUrl: string, parameters: Record<string, string>): HandlerResult => {
  const location = new URL(returnUrl);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return { status: 303, headers: { location: location.href } };
};

/** `state` goes only to the return URL the flow was started with. A receipt is base64url, so the page needs no escaping. */
export const callbackResult = (received: ReceivedCallback, state: string): HandlerResult => {
  if (received.kind === 'denied') {
    if (received.returnUrl !== null) return redirect(received.returnUrl, { state, error: received.error });
    return page(200, 'Not connected', received.error === 'access_denied' ? DENIED_BY_USER : REFUSED_BY_PROVIDER);
  }
  if (received.returnUrl !== null) return redirect(received.returnUrl, { state, receipt: received.receipt });
  const receipt = `<p>Give this receipt to the application you came from:</p><code id="receipt">${received.receipt}</code>`;
  return page(200, 'Almost done', receipt);
};

/** One page for every `state_invalid`; rethrows any other error, which the chain answers. */
export const badCallback = (error: unknown): HandlerResult => {
  if (error instanceof ServiceError && error.code === 'state_invalid') return { ...BAD, logReason: error.logReason };
  throw error;
};
