// Invokes the function that refreshes, asynchronously: Lambda queues the event and answers 202 before it runs. One signed request;
// the SDK's client for it would be a seventh of the bundle.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { SignatureV4 } from '@smithy/signature-v4';
import type { RefreshDispatcher } from '../../domain/ports/refresh-dispatcher.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';
import { SDK_TIMEOUTS } from '../../platform.ts';
import { NodeSha256 } from '../signing/node-sha256.ts';

/** Where the function is invoked. */
export interface RefreshFunction {
  /** `https://lambda.<region>.amazonaws.com/2015-03-31/functions/<name>/invocations`. */
  url: string;
  region: string;
}

/** A connection that Lambda froze with the process may be dead, so a lost attempt is repeated once. */
const ATTEMPTS = 2;
const ACCEPTED = 202;

const sign = async ({ url, region }: RefreshFunction, clock: Clock, body: string): Promise<Record<string, string>> => {
  const { protocol, host, hostname, pathname } = new URL(url);
  const signer = new SignatureV4({ service: 'lambda', region, credentials: fromEnv(), sha256: NodeSha256 });
  const headers = { host, 'x-amz-invocation-type': 'Event' };
  const request = { method: 'POST', protocol, hostname, path: pathname, headers, query: {}, body };
  const signed = await signer.sign(request, { signingDate: new Date(clock.now()) });
  return signed.headers;
};

/** The status of the answer, or without one the name of the error. Its message may hold parts of the request. */
const invoke = async (target: RefreshFunction, clock: Clock, body: string): Promise<number | string> => {
  try {
    const { host: _, ...headers } = await sign(target, clock, body);
    const signal = AbortSignal.timeout(SDK_TIMEOUTS.requestTimeout);
    const response = await fetch(target.url, { method: 'POST', headers, body, redirect: 'error', signal });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    return (error as Error).name;
  }
};

/** Implements `RefreshDispatcher`. A failure is logged, without what was sent. */
export const lambdaRefreshDispatcher = (
  target: RefreshFunction,
  { clock, log }: { clock: Clock; log: Log },
): RefreshDispatcher => ({
  async dispatch({ userId, credentialId, secretRev }) {
    const body = JSON.stringify({ userId, credentialId, secretRev });
    for (let left = ATTEMPTS; ; left--) {
      const outcome = await invoke(target, clock, body);
      if (outcome === ACCEPTED) return true;
      if (left > 1) continue;
      log.warn('refresh not sent', { outcome });
      return false;
    }
  },
});
