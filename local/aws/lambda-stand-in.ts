// Stands in for Lambda: invokes the one function that others may, asynchronously. It answers 202 at once and runs the function
// after that; an invocation that fails is reported in one line and not repeated, as the function is deployed.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { isFromLocalProgram, listenOnLoopback } from '../http/loopback.ts';
import { readBody } from '../http/read-body.ts';
import type { LambdaFunction } from '../lambda/invoke.ts';
import { makeContext } from '../lambda/lambda-context.ts';
import { reportFault } from '../report-fault.ts';
import type { StandIn } from './aws-json-server.ts';

/** Lambda's stand-in. */
export interface LambdaStandIn extends StandIn {
  /** The address at which the function is invoked. */
  invokeUrl: string;
  /** Runs the function from now on, and what was ordered before. */
  runWith(run: LambdaFunction): void;
  /** Resolves once no invocation is running. */
  settled(): Promise<void>;
}

const NAME = 'refresh-credential';
const PATH = `/2015-03-31/functions/keyhold-${NAME}/invocations`;
/** Lambda's limit for an asynchronous call is 1 MB; an order is small. */
const MAX_BODY_BYTES = 64 * 1024;

const isInvocation = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' && url === PATH && headers['x-amz-invocation-type'] === 'Event';

const parseEvent = (body: Buffer | undefined): object | undefined => {
  try {
    const event: unknown = JSON.parse(body?.toString('utf8') ?? '');
    return typeof event === 'object' && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
};

/** Starts it on a free loopback port. */
export const startLambda = async (): Promise<LambdaStandIn> => {
  const { promise: function_, resolve: runWith } = Promise.withResolvers<LambdaFunction>();
  const running = new Set<Promise<void>>();

  const run = async (event: object): Promise<void> => {
    try {
      await (await function_)(event, makeContext(NAME, randomUUID()));
    } catch (error) {
      reportFault(NAME, error);
    }
  };

  const accept = async (request: IncomingMessage): Promise<number> => {
    if (!isFromLocalProgram(request)) return 403;
    if (!isInvocation(request)) return 404;
    const event = parseEvent(await readBody(request, MAX_BODY_BYTES));
    if (event === undefined) return 400;
    const invocation = run(event).finally(() => running.delete(invocation));
    running.add(invocation);
    return 202;
  };

  const server = createServer((request, response) => {
    accept(request)
      .catch(() => 500)
      .then((status) => response.writeHead(status).end());
  });
  const endpoint = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    endpoint,
    invokeUrl: endpoint + PATH,
    runWith,
    settled: async () => {
      await Promise.all(running);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
