// The table: one client that makes one time-limited attempt per call. Its errors are translated here and nowhere else, into a
// PortFault or into the refusal of a condition.
import { type CancellationReason, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../domain/credential/rows.ts';
import { PortFault } from '../../domain/ports/port-fault.ts';
import { SDK_TIMEOUTS } from '../../platform.ts';
import { NodeSha256 } from '../signing/node-sha256.ts';
import { learnTime } from './learn-time.ts';
import type { TableClock } from './table-clock.ts';
import { readNumber, unmarshallItem } from './unmarshall-item.ts';

/** The client and the name of the table. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/**
 * Steps of the SDK that the table does without, a tenth of the CPU of a call: a copy of each request and row for a logger that is
 * not set, the name of the SDK in a header, and a mark against Lambda functions that call each other through queues.
 */
const UNUSED_STEPS = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

const openClient = (): DynamoDBDocumentClient => {
  const client = new DynamoDBClient({
    // retrying-port.ts repeats calls, with the same idempotency token.
    maxAttempts: 1,
    requestHandler: SDK_TIMEOUTS,
    sha256: NodeSha256,
  });
  for (const step of UNUSED_STEPS) client.middlewareStack.remove(step);
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: readNumber },
  });
};

/** Opens the table of that name, in the region and with the credentials of the environment. Its answers set the clock. */
export const openTable = (name: string, clock?: TableClock): Table => {
  const client = openClient();
  if (clock) learnTime(client, clock);
  return { name, client };
};

/** Throttling and contention (DynamoDB Developer Guide, "Error handling with DynamoDB"): another attempt can succeed. */
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

/** Another attempt fails too: the deployment or its permissions are wrong. */
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

/** Invalid requests. They come from a bug in this code, which must not be reported as an outage. */
const BUGS = new Set([
  'ValidationException',
  'ValidationError',
  'IdempotentParameterMismatchException',
  'SerializationException',
]);

const errorName = (error: unknown): string => (error instanceof Error ? error.name : '');

/** JavaScript errors are bugs too. */
const isBug = (error: unknown, name: string): boolean =>
  BUGS.has(name) || error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

/** DynamoDB refused the time of the signature, and the SDK has corrected it for the next request (@aws-sdk/core, SigV4). */
const isSkewCorrected = (error: unknown): boolean =>
  (error as { $metadata?: { clockSkewCorrected?: boolean } }).$metadata?.clockSkewCorrected === true;

const translate = (error: unknown, name = errorName(error)): unknown => {
  if (isBug(error, name)) return error;
  if (BUSY.has(name)) return new PortFault('busy', { retryable: true, cause: error });
  return new PortFault('unavailable', { retryable: !FINAL.has(name) || isSkewCorrected(error), cause: error });
};

/** Runs one call. Throws a PortFault if the service fails. */
export const attempt = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
};

/** A write refused by its condition. `item` is the stored item if the statement returns it (ALL_OLD), else null. */
export interface Refusal {
  kind: 'refused';
  item: Item | null;
}

/** Runs a conditional write of one item. A failed condition gives a Refusal; throws a PortFault if the service fails. */
export const attemptConditional = async <T>(call: () => Promise<T>): Promise<T | Refusal> => {
  try {
    return await call();
  } catch (error) {
    if (errorName(error) === 'ConditionalCheckFailedException') {
      return { kind: 'refused', item: unmarshallItem((error as { Item?: unknown }).Item) };
    }
    throw translate(error);
  }
};

/** Whether a conditional write was refused. */
export const isRefusal = (result: unknown): result is Refusal =>
  typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'refused';

/**
 * Runs a transaction. null: it succeeded; else one entry per item, its Refusal or null where its condition held. Throws a
 * PortFault if the service fails.
 */
export const attemptTransaction = async (call: () => Promise<unknown>): Promise<null | (Refusal | null)[]> => {
  try {
    await call();
    return null;
  } catch (error) {
    if (errorName(error) !== 'TransactionCanceledException') throw translate(error);
    const reasons = (error as { CancellationReasons?: CancellationReason[] }).CancellationReasons ?? [];
    const other = reasons.find(({ Code: code }) => code && code !== 'None' && code !== 'ConditionalCheckFailed');
    // With a conflict or throttling among the reasons the other conditions may not have been checked: repeat the call.
    if (other || reasons.length === 0) throw translate(error, other?.Code ?? 'ThrottlingException');
    return reasons.map(({ Code: code, Item: item }) =>
      code === 'ConditionalCheckFailed' ? { kind: 'refused', item: unmarshallItem(item) } : null,
    );
  }
};
