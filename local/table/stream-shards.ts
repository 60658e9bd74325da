// The shards of a stream, each read from its oldest record on, a child only when its parent has been read to the end. A
// place is kept by sequence number, so that an iterator that expired costs nothing.
import {
  DescribeStreamCommand,
  type _Record as EngineRecord,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { TableStream } from './table-stream.ts';

interface Shard {
  id: string;
  parentId: string | undefined;
  iterator: string | undefined;
  /** The last record that was taken. */
  after: string | undefined;
  ended: boolean;
}

export type Take = (records: EngineRecord[]) => Promise<void>;

export interface Shards {
  /** One look at every shard whose turn it is; says whether there was anything. Throws what the engine's failing throws. */
  readOnce(take: Take): Promise<boolean>;
}

const findShards = async ({ arn, client, signal }: TableStream, shards: Map<string, Shard>): Promise<void> => {
  let from: string | undefined;
  do {
    const command = new DescribeStreamCommand({ StreamArn: arn, ExclusiveStartShardId: from });
    const { StreamDescription: page } = await client.send(command, { abortSignal: signal });
    for (const { ShardId: id = '', ParentShardId: parentId } of page?.Shards ?? []) {
      if (!shards.has(id)) shards.set(id, { id, parentId, iterator: undefined, after: undefined, ended: false });
    }
    from = page?.LastEvaluatedShardId;
  } while (from);
};

const findIterator = async ({ arn, client, signal }: TableStream, { id, after }: Shard): Promise<string> => {
  const command = new GetShardIteratorCommand({
    StreamArn: arn,
    ShardId: id,
    ShardIteratorType: after === undefined ? 'TRIM_HORIZON' : 'AFTER_SEQUENCE_NUMBER',
    SequenceNumber: after,
  });
  const { ShardIterator } = await client.send(command, { abortSignal: signal });
  if (!ShardIterator) throw new Error('the engine gives no place in its stream');
  return ShardIterator;
};

/** Says whether there was anything. The place moves on only past what was taken. */
const readShard = async (stream: TableStream, shard: Shard, take: Take): Promise<boolean> => {
  try {
    shard.iterator ??= await findIterator(stream, shard);
    const command = new GetRecordsCommand({ ShardIterator: shard.iterator });
    const { Records = [], NextShardIterator } = await stream.client.send(command, { abortSignal: stream.signal });
    await take(Records);
    shard.after = Records.at(-1)?.dynamodb?.SequenceNumber ?? shard.after;
    shard.iterator = NextShardIterator ?? undefined;
    // Only here does a shard say that it has ended: some engines give an open one an ending number.
    shard.ended = shard.iterator === undefined;
    return Records.length > 0;
  } catch (error) {
    shard.iterator = undefined;
    // The place has left the stream: what is left begins later.
    if ((error as Error).name === 'TrimmedDataAccessException') shard.after = undefined;
    throw error;
  }
};

export const shardsOf = (stream: TableStream): Shards => {
  const shards = new Map<string, Shard>();
  let isListOld = true;
  const isOpen = (id: string | undefined) => id !== undefined && shards.get(id)?.ended === false;
  const open = () => [...shards.values()].filter(({ ended }) => !ended);
  return {
    readOnce: async (take) => {
      if (isListOld || open().length === 0) await findShards(stream, shards);
      isListOld = false;
      let isAny = false;
      for (const shard of open().filter(({ parentId }) => !isOpen(parentId))) {
        isAny = (await readShard(stream, shard, take)) || isAny;
        // One that ended has children.
        isListOld ||= shard.ended;
      }
      return isAny;
    },
  };
};
