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
import type { FindLink } from './link-caller.ts';
import { lowerNames } from './lower-names.ts';
import { completeAnswer, type NotesByEvent, note } from './notes.ts';
import { openLink } from './open-link.ts';
import { readRequest } from './read-request.ts';
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
  /** Of each user; of refused calls of each network in oauth-callback and the functions of the link plane. */
  callLimit: CallLimit;
  /** The key of the hash of a user's id in the log. */
  userLogKey: string;
  /** Finds the caller of the link plane; only its functions have one. */
  findLink?: FindLink;
}

/** Time kept back to answer before Lambda stops the function. */
const ANSWER_MILLISECONDS = 500;

/** Statuses that any caller can cause, by an unconfigured provider or a junk code: no fault of the service. */
const ANSWERS_NOT_FAULTS: ReadonlySet<number> = new Set([501, 502]);

type Middleware = middy.MiddlewareObj<APIGatewayProxyEventV2, Result>;

const normalizeHeaders: Middleware = {
  // The event stays the same object: the log finds what belongs to it by the object.
  before: ({ event }) => {
    event.headers = lowerNames(event.headers) as APIGatewayProxyEventV2['headers'];
  },
};

type Dispatching = Pick<ChainDeps, 'deadline' | 'callLimit' | 'findLink'> & { notes: NotesByEvent };

const dispatch = (
  own: OwnRoutes,
  handlers: Record<string, (request: never) => Promise<HandlerResult>>,
  dispatching: Dispatching,
) => {
  const { deadline, callLimit, notes } = dispatching;
  return async (
    event: APIGatewayProxyEventV2,
    context: Context,
    { signal }: { signal: AbortSignal },
  ): Promise<Result> => {
    const route = own.byKey.get(event.routeKey);
    const handle = route && handlers[route.id];
    if (!route || !handle) throw new GatewayRefusal(404, 'Not Found');
    const end = { signal, milliseconds: context.getRemainingTimeInMillis() - ANSWER_MILLISECONDS };
    const work = () =>
      deadline.during(end, async () =>
        handle(readRequest(route, event, await openLink({ ...dispatching, route }, event)) as never),
      );
    const result = await limitCalls(callLimit, { route, event, work });
    if (result.logReason !== undefined) note(notes, event, { refusal: result.logReason });
    return writeAnswer(result);
  };
};

/** What the log line of a request is made with. */
interface Logging extends Pick<ChainDeps, 'log' | 'clock' | 'userLogKey'> {
  own: OwnRoutes;
  notes: NotesByEvent;
}

const describe = ({ own, notes, userLogKey }: Logging, event: APIGatewayProxyEventV2) => {
  const route = own.byKey.get(event.routeKey);
  return route && describeRequester(route, event, { userLogKey, userOfLink: notes.get(event)?.userId });
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

const logging = (parts: Logging): Middleware => {
  const started = new WeakMap<object, number>();
  const { clock, notes } = parts;
  const since = (event: object) => Math.round(clock.elapsed() - (started.get(event) ?? clock.elapsed()));
  return {
    before: ({ event }) => {
      started.set(event, clock.elapsed());
    },
    after: ({ event, response }) => {
      if (response) logLine(parts, event, response)(since(event), undefined, notes.get(event)?.refusal);
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
  { log, clock, userLogKey, ...serving }: ChainDeps,
): HttpFunction => {
  const notes: NotesByEvent = new WeakMap();
  return middy<APIGatewayProxyEventV2, Result>({
    timeoutEarlyInMillis: ANSWER_MILLISECONDS,
    timeoutEarlyResponse: () => {
      throw new ServiceError('timed_out');
    },
  })
    .use({ after: completeAnswer(notes), onError: completeAnswer(notes) })
    .use(logging({ log, clock, userLogKey, own, notes }))
    .use(normalizeHeaders)
    .handler(dispatch(own, handlers, { ...serving, notes })) as unknown as HttpFunction;
};
