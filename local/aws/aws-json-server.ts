// Serves AWS JSON 1.1, as far as the SDK needs it: a header names the operation, requests and answers are JSON, and errors
// carry their code in `__type`.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isFromLocalProgram, listenOnLoopback } from '../http/loopback.ts';
import { readBody } from '../http/read-body.ts';

/** Answers one call; throws `AwsError` for an error of the service. */
export type Operation = (input: Record<string, unknown>) => object | Promise<object>;

/** A running stand-in for an AWS service. */
export interface StandIn {
  endpoint: string;
  close(): void;
}

/** An error of the service, by its AWS code. */
export class AwsError extends Error {
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = code;
    this.status = status;
  }
}

const MAX_BODY_BYTES = 1024 * 1024;

const parseInput = (body: Buffer | undefined): Record<string, unknown> => {
  try {
    const input: unknown = JSON.parse(body?.toString('utf8') ?? '');
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // Reported below, without repeating what was sent.
  }
  throw new AwsError('SerializationException', 'the request is not a JSON object');
};

const answerCall = async (operations: ReadonlyMap<string, Operation>, request: IncomingMessage): Promise<object> => {
  if (!isFromLocalProgram(request)) throw new AwsError('AccessDeniedException', 'not from this machine', 403);
  const operation = operations.get(String(request.headers['x-amz-target']));
  if (request.method !== 'POST' || !operation) throw new AwsError('UnknownOperationException', 'unknown operation');
  return operation(parseInput(await readBody(request, MAX_BODY_BYTES)));
};

const write = (response: ServerResponse, status: number, output: object): void => {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(output));
};

const toAwsError = (error: unknown): AwsError =>
  error instanceof AwsError ? error : new AwsError('InternalServiceError', 'the stand-in failed', 500);

/** Starts on a free loopback port. `operations` by their target, such as `TrentService.Decrypt`. */
export const serveAwsJson = async (operations: Readonly<Record<string, Operation>>): Promise<StandIn> => {
  const byTarget = new Map(Object.entries(operations));
  const server = createServer((request, response) => {
    answerCall(byTarget, request).then(
      (output) => write(response, 200, output),
      (error) => {
        const { name, message, status } = toAwsError(error);
        write(response, status, { __type: name, message });
      },
    );
  });
  const port = await listenOnLoopback(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
