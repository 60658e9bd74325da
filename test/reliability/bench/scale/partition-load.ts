// The load of the table's partitions when some users call far more than others. Users fall on partitions at random, as a hash does; the
// rate of the user of rank r is proportional to r^-skew. The heaviest users are placed one by one, the others evenly.
import { FLEET, PARTITION, peakResolves, seededRandom } from './fleet.ts';

/** The load at one skew. */
export interface PartitionLoad {
  skew: number;
  partitions: number;
  /** Resolves a second of the heaviest user. */
  heaviestUser: number;
  /** Read units a second of the busiest partition over what one can bear. */
  busiestShare: number;
  /** Partitions above what one can bear. */
  overloaded: number;
}

const PLACED_USERS = 200_000;
const SEED = 1;
/** On-demand tables keep twice their former peak. */
const HEADROOM = 2;

/** The sum of r^-skew up to `count`, by its integral beyond the first ranks. */
const sumRanks = (count: number, skew: number): number => {
  const exact = Math.min(count, 10_000);
  let sum = 0;
  for (let rank = 1; rank <= exact; rank++) sum += rank ** -skew;
  const tail = skew === 1 ? Math.log(count / exact) : (count ** (1 - skew) - exact ** (1 - skew)) / (1 - skew);
  return sum + (count > exact ? tail : 0);
};

/** The partitions that size and throughput make DynamoDB keep. */
export const countPartitions = (): number => {
  const bySize = (FLEET.users * FLEET.credentials * FLEET.storedBytes) / PARTITION.bytes;
  const byReads = (peakResolves * FLEET.readUnits * HEADROOM) / PARTITION.readUnits;
  return Math.ceil(Math.max(bySize, byReads));
};

/** Places the users and measures the partitions. */
export const simulatePartitions = (skew: number): PartitionLoad => {
  const partitions = countPartitions();
  const random = seededRandom(SEED);
  const scale = peakResolves / sumRanks(FLEET.users, skew);
  const load = new Float64Array(partitions);
  let placed = 0;
  for (let rank = 1; rank <= PLACED_USERS; rank++) {
    const rate = scale * rank ** -skew;
    const partition = Math.floor(random() * partitions);
    load[partition] = (load[partition] ?? 0) + rate;
    placed += rate;
  }
  const even = (peakResolves - placed) / partitions;
  const units = [...load].map((rate) => (rate + even) * FLEET.readUnits);
  return {
    skew,
    partitions,
    heaviestUser: scale,
    busiestShare: Math.max(...units) / PARTITION.readUnits,
    overloaded: units.filter((value) => value > PARTITION.readUnits).length,
  };
};
