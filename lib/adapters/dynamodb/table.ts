// The table as the stores see it: one client, whose every call is one bounded attempt and whose every failure is
// translated here, once, into a PortFault or left as the answer of a condition.
import { type CancellationReason, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, NumberValue } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../../domain/credential/rows.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';

export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/** A number no JavaScript number can hold must spoil its own row only, not the whole answer. */
const readNumber = (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : NumberValue.from(text));

const CONNECT_MILLISECONDS = 500;
/** A healthy call takes a few milliseconds; four attempts fit a request's budget. */
const ATTEMPT_MILLISECONDS = 1000;

export const openTable = (name: string): Table => ({
  name,
  client: DynamoDBDocumentClient.from(
    new DynamoDBClient({
      // Retries are ours (retrying-port.ts), with the operation's own token.
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: CONNECT_MILLISECONDS,
        requestTimeout: ATTEMPT_MILLISECONDS,
        throwOnRequestTimeout: true,
      },
    }),
    { marshallOptions: { removeUndefinedValues: true }, unmarshallOptions: { wrapNumbers: readNumber } },
  ),
});

const BUSY = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
]);

/** Trying again can't help: the deployment is broken, or its permissions are. */
const FINAL = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'KMSAccessDeniedException',
  'MissingAuthenticationTokenException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'CredentialsProviderError',
]);

/** Our own mistakes, which must not pass for an outage. */
const BUGS = new Set([
  'ValidationException',
  'ValidationError',
  'IdempotentParameterMismatchException',
  'SerializationException',
]);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** A mistake of our own code, which must not pass for an outage either. */
const isBug = (error: unknown, name: string): boolean =>
  BUGS.has(name) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

const translate = (error: unknown, name = nameOf(error)): unknown => {
  if (isBug(error, name)) return error;
  if (BUSY.has(name)) return new PortFault('busy', { retryable: true, cause: error });
  return new PortFault('unavailable', { retryable: !FINAL.has(name), cause: error });
};

/** Runs one call. Throws a PortFault when the service failed. */
export const attempt = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
};

export const unmarshallItem = (item: unknown): Item | null =>
  item === undefined ? null : unmarshall(item as Parameters<typeof unmarshall>[0], { wrapNumbers: readNumber });

/** One refusal of a condition: what stood there instead, where that was asked for. */
export interface Refusal {
  refused: true;
  item: Item | null;
}

/** Runs a conditional write of one item; a condition that did not hold is an answer, not an error. */
export const attemptConditional = async <T>(call: () => Promise<T>): Promise<T | Refusal> => {
  try {
    return await call();
  } catch (error) {
    if (nameOf(error) === 'ConditionalCheckFailedException') {
      return { refused: true, item: unmarshallItem((error as { Item?: unknown }).Item) };
    }
    throw translate(error);
  }
};

export const isRefusal = (result: unknown): result is Refusal =>
  typeof result === 'object' && result !== null && 'refused' in result;

/** Runs a transaction; null when it went through, else each item's refusal (or null where its condition held). */
export const attemptTransaction = async (call: () => Promise<unknown>): Promise<null | (Refusal | null)[]> => {
  try {
    await call();
    return null;
  } catch (error) {
    if (nameOf(error) !== 'TransactionCanceledException') throw translate(error);
    const reasons = (error as { CancellationReasons?: CancellationReason[] }).CancellationReasons ?? [];
    const other = reasons.find(({ Code: code }) => code && code !== 'None' && code !== 'ConditionalCheckFailed');
    // A rival or a throttle beside a refusal: try again, and believe the conditions only when nothing else is wrong.
    if (other || reasons.length === 0) throw translate(error, other?.Code ?? 'ThrottlingException');
    return reasons.map(({ Code: code, Item: item }) =>
      code === 'ConditionalCheckFailed' ? { refused: true, item: unmarshallItem(item) } : null,
    );
  }
};
