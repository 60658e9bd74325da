// Which module measures which group. Each is imported only when it is measured: what it loads must not slow the others.
import type { Findings } from './figure.ts';
import type { GroupOrder } from './group-order.ts';
import type { GroupName } from './names.ts';

type Measure = (order: GroupOrder) => Promise<Findings>;

const runtimeBundle = ({ deployed }: GroupOrder): string => deployed['runtime-api'] ?? '';

const GROUP_MODULES: Readonly<Record<GroupName, Measure>> = {
  ports: async ({ effort }) => (await import('../figures/ports.ts')).measurePorts(effort),
  calls: async (order) => (await import('../figures/resolve.ts')).measureCalls(runtimeBundle(order), order.effort),
  original: async (order) =>
    (await import('../figures/original.ts')).measureOriginal(runtimeBundle(order), order.effort),
  units: async (order) => (await import('../figures/units.ts')).countUnits(runtimeBundle(order), order.effort),
  storm: async ({ effort }) => (await import('../figures/storm.ts')).measureStorm(effort),
  cold: async (order) => (await import('../figures/cold.ts')).measureCold(order),
  throughput: async ({ effort }) => (await import('../figures/throughput.ts')).measureThroughput(effort),
  memory: async ({ effort }) => (await import('../figures/memory.ts')).measureMemory(effort),
};

/** Measures one group. */
export const measureGroup = (order: GroupOrder): Promise<Findings> => GROUP_MODULES[order.group](order);
