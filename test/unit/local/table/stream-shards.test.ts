// The order in which shards are read, and their positions after errors of the engine.
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  type _Record as EngineRecord,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
} from '@aws-sdk/client-dynamodb-streams';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { followShards } from '../../../../local/table/stream-shards.ts';

const engine = mockClient(DynamoDBStreamsClient);
afterAll(() => engine.restore());
beforeEach(() => {
  engine.reset();
});

interface Shard {
  parent?: string;
  records: string[];
  ended?: boolean;
}

/** The error of the next read. */
const faults: Error[] = [];
const named = (name: string) => Object.assign(new Error(name), { name });

/** An engine whose iterators are `<shard>/<how many records before it>`, and which gives two records at a time. */
const serve = (shards: Record<string, Shard>) => {
  engine.on(DescribeStreamCommand).callsFake(({ ExclusiveStartShardId: from }) => {
    const names = Object.keys(shards);
    const next = names[names.indexOf(from) + 1] ?? '';
    // One a page, and with an ending number on an open shard, as some engines have it.
    return {
      StreamDescription: {
        Shards: [
          {
            ShardId: next,
            ParentShardId: shards[next]?.parent,
            SequenceNumberRange: { StartingSequenceNumber: '1', EndingSequenceNumber: '9' },
          },
        ],
        LastEvaluatedShardId: next === names.at(-1) ? undefined : next,
      },
    };
  });
  engine.on(GetShardIteratorCommand).callsFake(({ ShardId = '', SequenceNumber }: GetShardIteratorCommandInput) => {
    const place = shards[ShardId]?.records.indexOf(SequenceNumber ?? '') ?? -1;
    if (SequenceNumber !== undefined && place < 0) throw named('TrimmedDataAccessException');
    return { ShardIterator: `${ShardId}/${place + 1}` };
  });
  engine.on(GetRecordsCommand).callsFake(({ ShardIterator }) => {
    const fault = faults.shift();
    if (fault) throw fault;
    const [name = '', from = ''] = String(ShardIterator).split('/');
    const { records = [], ended = false } = shards[name] ?? {};
    const page = records.slice(Number(from), Number(from) + 2);
    const next = Number(from) + page.length;
    return {
      Records: page.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })),
      NextShardIterator: ended && next === records.length ? null : `${name}/${next}`,
    };
  });
};

const reading = () => {
  const client = new DynamoDBStreamsClient({ region: 'us-east-1' });
  const shards = followShards({ arn: 'arn', client, signal: new AbortController().signal });
  const taken: string[] = [];
  const take = async (records: EngineRecord[]): Promise<void> => {
    taken.push(...records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? ''));
  };
  return {
    taken,
    shards,
    once: () => shards.readOnce(take),
    all: async () => {
      for (let quiet = 0; quiet < 2; ) quiet = (await shards.readOnce(take)) ? 0 : quiet + 1;
      return taken;
    },
  };
};

describe('followShards', () => {
  it('reads a shard from its oldest record, page by page', async () => {
    serve({ a: { records: ['1', '2', '3', '4', '5'] } });
    expect(await reading().all()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('reads later records without listing the shards again', async () => {
    const a = { records: ['1'] };
    serve({ a });
    const { all, taken } = reading();
    await all();
    a.records.push('2');
    await all();
    expect(taken).toEqual(['1', '2']);
    expect(engine.commandCalls(DescribeStreamCommand)).toHaveLength(1);
  });

  it('reads a child after its parent has ended, whichever is listed first', async () => {
    serve({
      child: { parent: 'parent', records: ['4', '5'] },
      parent: { parent: 'trimmed long ago', records: ['1', '2', '3'], ended: true },
    });
    expect(await reading().all()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('finds the children of a shard that ended', async () => {
    const shards: Record<string, Shard> = { a: { records: ['1'] }, other: { records: [] } };
    serve(shards);
    const { all, taken } = reading();
    await all();
    Object.assign(shards.a as Shard, { records: ['1', '2'], ended: true });
    shards.b = { parent: 'a', records: ['3'] };
    await all();
    expect(taken).toEqual(['1', '2', '3']);
  });

  it('lists the shards again while an ended shard has no children', async () => {
    const shards: Record<string, Shard> = { a: { records: ['1'], ended: true } };
    serve(shards);
    const { all, taken } = reading();
    await all();
    shards.b = { parent: 'a', records: ['2'] };
    await all();
    expect(taken).toEqual(['1', '2']);
  });

  it('continues after the last record taken, after an error or an expired iterator', async () => {
    serve({ a: { records: ['1', '2', '3'] } });
    const { once, all, taken } = reading();
    await once();
    faults.push(named('ExpiredIteratorException'));
    await expect(once()).rejects.toThrow('ExpiredIteratorException');
    await all();
    expect(taken).toEqual(['1', '2', '3']);
    const places = engine.commandCalls(GetShardIteratorCommand).map(({ args: [{ input }] }) => input.SequenceNumber);
    expect(places).toEqual([undefined, '2']);
  });

  it('continues at the oldest record when its position was trimmed', async () => {
    const a = { records: ['1', '2', '3'] };
    serve({ a });
    const { once, all, taken } = reading();
    await once();
    a.records = ['8', '9'];
    faults.push(named('ExpiredIteratorException'));
    await expect(once()).rejects.toThrow('ExpiredIteratorException');
    await expect(once()).rejects.toThrow('TrimmedDataAccessException');
    await all();
    expect(taken).toEqual(['1', '2', '8', '9']);
  });

  it('reads again the records that were not taken', async () => {
    serve({ a: { records: ['1', '2'] } });
    const { shards, all } = reading();
    const failing = shards.readOnce(() => Promise.reject(new Error('failed')));
    await expect(failing).rejects.toThrow('failed');
    expect(await all()).toEqual(['1', '2']);
  });
});
