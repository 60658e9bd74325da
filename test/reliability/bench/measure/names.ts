// The groups of figures, each measured in a process of its own, and the names of the figures each must print.

const SIZES = [1, 10, 100, 350];
const ORIGINAL = ['originalGet', 'originalList', 'originalUpdate', 'originalAdd'];

/** The functions whose start is measured are those of `functions/`, so their figures are named when they are found. */
export const GROUPS = {
  ports: ['getVsRawGet', 'refreshVsRawUpdate', 'addVsRawPut', 'consumeVsRawUpdate'],
  calls: [
    'resolveByIdVsRawGet',
    ...[...SIZES, 1_000, 10_000].map((size) => `resolveByProviderVsRawGet@${size}`),
    'resolveByUrlVsRawGet',
    ...['resolveFlat350', 'resolveFlat1000', 'resolveFlat10000'],
    ...['listVsBareQuery100', 'refreshFlat350', 'addFlat350'],
  ],
  original: ORIGINAL.flatMap((name) => SIZES.map((size) => `${name}@${size}`)),
  units: [],
  storm: [
    'stormLastAnswerMs1',
    'stormOverheadMs1',
    'stormExchanges1',
    'stormLastAnswerMs2',
    'stormOverheadMs2',
    'stormExchanges2',
  ],
  cold: ['bundleBytes', 'coldCpu', 'coldWall'],
  throughput: ['requestsPerSecond', 'requestsPerSecondVsRaw', 'latencyP50Ms', 'latencyP99Ms'],
  memory: ['memoryPer10000Calls'],
} as const satisfies Record<string, readonly string[]>;

/** The name of a group. */
export type GroupName = keyof typeof GROUPS;

/** All groups, in the order in which they run. */
export const groupNames = Object.keys(GROUPS) as GroupName[];

/** The groups that hold a figure or have the name; all for no name. */
export const selectGroups = (only: readonly string[]): GroupName[] =>
  only.length === 0
    ? groupNames
    : groupNames.filter((group) =>
        only.some((name) => name === group || GROUPS[group].some((figure) => figure.startsWith(name))),
      );
