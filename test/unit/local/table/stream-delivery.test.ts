// Delivery of stream records to a function, with repeats after failures.
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LambdaFunction } from '../../../../local/lambda/invoke.ts';
import { deliver } from '../../../../local/table/stream-delivery.ts';

const records = (count: number): DynamoDBRecord[] =>
  Array.from({ length: count }, (_, index) => ({ eventID: `e${index}`, dynamodb: { SequenceNumber: String(index) } }));

const failing = (...places: (number | string)[]) => ({
  batchItemFailures: places.map((place) => ({ itemIdentifier: String(place) })),
});

/** A function that returns the given answers, then success, and records which records each call got. */
const answering = (...answers: (() => unknown)[]) => {
  const calls: (string | undefined)[][] = [];
  const run: LambdaFunction = async (event) => {
    calls.push((event as { Records: DynamoDBRecord[] }).Records.map(({ eventID }) => eventID));
    return (answers.shift() ?? (() => failing()))();
  };
  return { calls, run };
};

const silently = () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => said.mockRestore());
  return said;
};

const handOver = (run: LambdaFunction, count: number, signal = new AbortController().signal) =>
  deliver({ name: 'publish-events', run }, records(count), signal);

describe('deliver', () => {
  it('delivers batches of a hundred, in order', async () => {
    const { calls, run } = answering();
    await handOver(run, 250);
    expect(calls.map((ids) => [ids[0], ids.length])).toEqual([
      ['e0', 100],
      ['e100', 100],
      ['e200', 50],
    ]);
  });

  it('does not call the function without records', async () => {
    const { calls, run } = answering();
    await handOver(run, 0);
    expect(calls).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['the failed record', failing(2), ['e2', 'e3']],
    ['the first of several failed records', failing(3, 1), ['e1', 'e2', 'e3']],
    ['the beginning when its first record failed', failing(0), ['e0', 'e1', 'e2', 'e3']],
    ['the beginning when the failed record is unknown', failing('x'), ['e0', 'e1', 'e2', 'e3']],
  ])('repeats from %s', async (_, answer, again) => {
    const { calls, run } = answering(() => answer);
    await handOver(run, 4);
    expect(calls).toEqual([['e0', 'e1', 'e2', 'e3'], again]);
  });

  it('repeats the batch after a throw or a malformed answer, and reports it without its message', async () => {
    const said = silently();
    const crash = () => {
      throw new TypeError('a secret');
    };
    const { calls, run } = answering(crash, () => undefined);
    await handOver(run, 2);
    expect(calls).toEqual([
      ['e0', 'e1'],
      ['e0', 'e1'],
      ['e0', 'e1'],
    ]);
    expect(said.mock.calls.join()).toContain('publish-events failed: TypeError');
    expect(said.mock.calls.join()).not.toContain('a secret');
  });

  it('stops at the signal, at once', async () => {
    const stopped = new AbortController();
    const run: LambdaFunction = async () => {
      stopped.abort();
      return failing(0);
    };
    await handOver(run, 1, stopped.signal);
  });
});
