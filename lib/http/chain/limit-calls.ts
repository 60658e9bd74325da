// Bounds the calls of one caller before anything is read for them: of one user on the user and runtime planes, of one network on the
// public and link planes. There only refused calls count, so that many people behind one address can connect while one of them is
// at fault.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { CallLimit } from '../../domain/ports/call-limit.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { HandlerResult, Route } from '../routes/route.ts';
import { identifyUser } from './caller.ts';
import { GatewayRefusal } from './gateway-refusal.ts';
import { sourceNetwork } from './source-network.ts';

const isOfNetwork = ({ plane }: Pick<Route, 'plane'>): boolean => plane === 'public' || plane === 'link';

const isLinkRefusal = (error: unknown): boolean => error instanceof ServiceError && error.code === 'link_invalid';

const findKey = (route: Pick<Route, 'plane'>, event: APIGatewayProxyEventV2): string =>
  isOfNetwork(route) ? sourceNetwork(event.requestContext.http.sourceIp) : identifyUser(route, event);

/** A call to limit. */
export interface LimitedCall {
  route: Pick<Route, 'plane'>;
  event: APIGatewayProxyEventV2;
  work: () => Promise<HandlerResult>;
}

/**
 * Does the work unless the caller has made too many calls; a route that concerns no user has no limit here. Throws `GatewayRefusal`
 * with 429 and the seconds to wait, and what `identifyUser` throws.
 */
export const limitCalls = async (limit: CallLimit, { route, event, work }: LimitedCall): Promise<HandlerResult> => {
  const key = findKey(route, event);
  if (key === '') return work();
  const seconds = limit.take(key);
  if (seconds > 0) throw new GatewayRefusal(429, 'Too Many Requests', seconds);
  if (!isOfNetwork(route)) return work();
  let refused = false;
  try {
    const result = await work();
    refused = result.logReason !== undefined;
    return result;
  } catch (error) {
    refused = isLinkRefusal(error);
    throw error;
  } finally {
    if (!refused) limit.giveBack(key);
  }
};
