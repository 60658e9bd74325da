// Reads the time from every answer of the table, errors too: right around the request, before the SDK parses or retries anything.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { TableClock } from './table-clock.ts';

interface Answer {
  headers?: Readonly<Record<string, string | undefined>>;
  body?: { destroy?: () => void };
}

/** The date of an answer that DynamoDB itself wrote just now: not one of a proxy, nor from a cache. */
const readDate = ({ headers = {} }: Answer): string | undefined =>
  headers['x-amzn-requestid'] !== undefined && headers.age === undefined ? headers.date : undefined;

/** An answer after which the time is not known counts as timed out: the call is repeated, and its answer has the time. */
const timedOut = (): Error => Object.assign(new Error('the answer came too late'), { name: 'TimeoutError' });

/** Adds the middleware that corrects the clock. */
export const learnTime = (client: DynamoDBDocumentClient, clock: TableClock): void =>
  client.middlewareStack.add(
    (next) => async (args) => {
      const sent = clock.read();
      const result = await next(args);
      const answer = result.response as Answer;
      if (clock.noteAnswer(sent, readDate(answer))) return result;
      answer.body?.destroy?.();
      throw timedOut();
    },
    { step: 'deserialize', priority: 'low', name: 'learnTime' },
  );
