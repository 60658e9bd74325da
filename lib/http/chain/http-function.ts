// The handler chain of a function: finds the route by its key, reads the request, calls the handler, writes the answer or the
// problem. Each request leaves one log line: it says who asked, and contains nothing the caller
// sent but the user's id, hashed.
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { CallLimit } from '../../domain/ports/call-limit.ts';
import type { Clock, Deadline } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import type { FunctionRoutes, OwnRoutes } from '../routes/own-routes.ts';
import type { FunctionName, HandlerResult, RouteRequest } from '../routes/route.ts';
import type { RouteTable } from '../routes/routes.ts';
import { describeRequester } from './caller.ts';
import { describeFault, findProviderError } from './describe-fault.ts';
import { GatewayRefusal } from './gateway-refusal.ts';
import { limitCalls } from './limit-calls.ts';
import { lowerNames } from './lower-names.ts';
import { readRequest } from './read-request.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { errorCode, type Result, writeAnswer, writeError } from './write-response.ts';

/** A handler for each route of a function, by operation id. */
export type Handlers<F extends FunctionName> = {
  [K in FunctionRoutes<F>]: (request: RouteRequest<RouteTable[K]>) => Promise<HandlerResult>;
};

/** Handlers of routes the function does not have: no value fits. */
type NoOthers<H, F extends FunctionName> = { [K in Exclude<keyof H, FunctionRoutes<F>>]: never };

/** The handler that Lambda calls with an event of an HTTP API (payload format 2.0). */
export type HttpFunction = (event: APIGatewayProxyEventV2, context: Context) => Promise<Result>;

/** What the chain needs from outside. */
export interface ChainDeps {
  log: Log;
  clock: Clock;
  deadline: Deadline;
  /** Of each user; in oauth-callback, of each network. */
  callLimit: CallLimit;
  /** The key of the hash of a user's id in the log. */
  userLogKey: string;
}

/** Time kept back to answer before Lambda stops the function. */
const ANSWER_MILLISECONDS = 500;

/** Statuses that any caller can cause, by an unconfigured provider or a junk code: no fault of the service. */
const ANSWERS_NOT_FAULTS: ReadonlySet<number> = new Set([501, 502]);

type Middleware = middy.MiddlewareObj<APIGatewayProxyEventV2, Result>;

const addSecurityHeaders = (request: { response?: Result | undefined | null }): void => {
  if (request.response) request.response = withSecurityHeaders(request.response);
};

const securityHeaders: Middleware = { after: addSecurityHeaders, onError: addSecurityHeaders };

const normalizeHeaders: Middleware = {
  // The event stays the same object: the log finds what belongs to it by the object.
  before: ({ event }) => {
    event.headers = lowerNames(event.headers) as APIGatewayProxyEventV2['headers'];
  },
};

/** Why a request was refused whose answer is a page, not an error; by its event. */
type Refusals = WeakMap<object, string>;

const dispatch = (
  own: OwnRoutes,
  handlers: Record<string, (request: never) => Promise<HandlerResult>>,
  { deadline, callLimit, refusals }: Pick<ChainDeps, 'deadline' | 'callLimit'> & { refusals: Refusals },
) => {
  return async (
    event: APIGatewayProxyEventV2,
    context: Context,
    { signal }: { signal: AbortSignal },
  ): Promise<Result> => {
    const route = own.byKey.get(event.routeKey);
    const handle = route && handlers[route.id];
    if (!route || !handle) throw new GatewayRefusal(404, 'Not Found');
    const end = { signal, milliseconds: context.getRemainingTimeInMillis() - ANSWER_MILLISECONDS };
    const work = () => deadline.during(end, async () => handle(readRequest(route, event) as never));
    const result = await limitCalls(callLimit, { route, event, work });
    if (result.logReason !== undefined) refusals.set(event, result.logReason);
    return writeAnswer(result);
  };
};

/** What the log line of a request is made with. */
interface Logging extends Pick<ChainDeps, 'log' | 'clock' | 'userLogKey'> {
  own: OwnRoutes;
}

const describe = ({ own, userLogKey }: Logging, event: APIGatewayProxyEventV2) => {
  const route = own.byKey.get(event.routeKey);
  return route && describeRequester(route, event, userLogKey);
};

const isForWorkers = ({ own }: Logging, { routeKey }: APIGatewayProxyEventV2): boolean =>
  own.byKey.get(routeKey)?.plane === 'runtime';

const logLine = (logging: Logging, event: APIGatewayProxyEventV2, { statusCode }: Result) => {
  const { log } = logging;
  const { routeKey: route, requestContext } = event;
  const line = { route, status: statusCode, requestId: requestContext.requestId, ...describe(logging, event) };
  return (milliseconds: number, error?: unknown, refusal?: string): void => {
    const reason = error instanceof ServiceError ? error.logReason : refusal;
    const code = error !== undefined && { code: errorCode(error) };
    const providerError = findProviderError(error);
    const told = { ...(reason !== undefined && { reason }), ...(providerError !== undefined && { providerError }) };
    const fields = { ...line, milliseconds, ...code, ...told };
    const described = { ...fields, fault: describeFault(error) };
    if (ANSWERS_NOT_FAULTS.has(statusCode)) log.info('request', described);
    else if (statusCode >= 500) log.error('request failed', described);
    else log.info('request', fields);
  };
};

const logging = (parts: Logging, refusals: Refusals): Middleware => {
  const started = new WeakMap<object, number>();
  const { clock } = parts;
  const since = (event: object) => Math.round(clock.elapsed() - (started.get(event) ?? clock.elapsed()));
  return {
    before: ({ event }) => {
      started.set(event, clock.elapsed());
    },
    after: ({ event, response }) => {
      if (response) logLine(parts, event, response)(since(event), undefined, refusals.get(event));
    },
    onError: (request) => {
      // An end user learns no more than the code: the provider's word may tell of the operator's client.
      const providerError = isForWorkers(parts, request.event) ? findProviderError(request.error) : undefined;
      const response = writeError(request.error, request.event.requestContext.requestId, providerError);
      logLine(parts, request.event, response)(since(request.event), request.error);
      request.response = response;
    },
  };
};

/**
 * The Lambda handler of a function, from the handlers of its routes. It compiles only with a handler for each route and no other. Answers
 * `timed_out` shortly before Lambda would stop it.
 */
export const httpFunction = <F extends FunctionName, H>(
  own: OwnRoutes<F>,
  handlers: H & Handlers<F> & NoOthers<H, F>,
  { log, clock, deadline, callLimit, userLogKey }: ChainDeps,
): HttpFunction => {
  const refusals: Refusals = new WeakMap();
  return middy<APIGatewayProxyEventV2, Result>({
    timeoutEarlyInMillis: ANSWER_MILLISECONDS,
    timeoutEarlyResponse: () => {
      throw new ServiceError('timed_out');
    },
  })
    .use(securityHeaders)
    .use(logging({ log, clock, userLogKey, own }, refusals))
    .use(normalizeHeaders)
    .handler(dispatch(own, handlers, { deadline, callLimit, refusals })) as unknown as HttpFunction;
};
