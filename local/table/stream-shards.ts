// Reads the shards of a stream from their oldest record, a child shard only after its parent has ended. The position is kept
// as a sequence number, so an expired iterator loses nothing.
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
  /** The sequence number of the last record that was taken. */
  after: string | undefined;
  ended: boolean;
}

/** Processes records; a rejection means that they are read again. */
export type Take = (records: EngineRecord[]) => Promise<void>;

/** The shards of one stream, with the position in each. */
export interface Shards {
  /** Reads once from every open shard; resolves to whether there were records. Throws the engine's errors. */
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
  if (!ShardIterator) throw new Error('the engine returned no shard iterator');
  return ShardIterator;
};

/** Resolves to whether there were records. The position moves only past records that were taken. */
const readShard = async (stream: TableStream, shard: Shard, take: Take): Promise<boolean> => {
  try {
    shard.iterator ??= await findIterator(stream, shard);
    const command = new GetRecordsCommand({ ShardIterator: shard.iterator });
    const { Records = [], NextShardIterator } = await stream.client.send(command, { abortSignal: stream.signal });
    await take(Records);
    shard.after = Records.at(-1)?.dynamodb?.SequenceNumber ?? shard.after;
    shard.iterator = NextShardIterator ?? undefined;
    // Only a missing next iterator means the end: some engines give open shards an ending sequence number.
    shard.ended = shard.iterator === undefined;
    return Records.length > 0;
  } catch (error) {
    shard.iterator = undefined;
    // The position is older than the stream: what is left starts later.
    if ((error as Error).name === 'TrimmedDataAccessException') shard.after = undefined;
    throw error;
  }
};

/** Starts at the oldest record of each shard. */
export const followShards = (stream: TableStream): Shards => {
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
        // A shard that ended may have children.
        isListOld ||= shard.ended;
      }
      return isAny;
    },
  };
};
