// Whole calls of the runtime function, warm, beside bare calls of the SDK: resolving by id, provider and URL, listing, refreshing and
// adding, for users with one credential and with many.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { adding, deleting, listing, replacing, resolving } from '../backend/calls.ts';
import { openRawClient, rawGet, rawQuery } from '../backend/raw-client.ts';
import { type Runtime, startRuntime } from '../backend/runtime.ts';
import {
  expiredGrant,
  GRANT,
  makeUser,
  makeUserWith,
  newKey,
  OWN_KEY,
  OWN_PROVIDER,
  OWN_URL,
} from '../backend/users.ts';
import { type Effort, type Figure, type Findings, scaleSize } from '../measure/figure.ts';
import { interleave, type Subject } from '../measure/interleave.ts';
import { makeRatio } from '../measure/statistics.ts';

const SIZES = [1, 10, 100, 350, 1_000, 10_000] as const;
type Size = (typeof SIZES)[number];
type Users = Record<Size, string>;

const FLAT_GOALS: Partial<Record<Size, number>> = { 350: 1.3, 1000: 1.3, 10000: 1.5 };

const makeUsers = async ({ call }: Runtime, effort: Effort): Promise<Users> => {
  const made = new Map<number, string>();
  for (const size of SIZES) {
    const scaled = scaleSize(size, effort);
    if (!made.has(scaled)) made.set(scaled, await makeUser(call, scaled));
  }
  return Object.fromEntries(SIZES.map((size) => [size, made.get(scaleSize(size, effort))])) as Users;
};

/** The parts of the same run that its figures share. */
interface Stage {
  runtime: Runtime;
  raw: DynamoDBClient;
  users: Users;
  effort: Effort;
}

const measureResolve = async ({ runtime: { call }, raw, users, effort }: Stage): Promise<Figure[]> => {
  const byProvider = (size: Size): Subject => ({
    call: () => call(resolving(users[size], { provider: OWN_PROVIDER })),
  });
  const own = Object.fromEntries(SIZES.map((size) => [`provider${size}`, byProvider(size)])) as Record<
    `provider${Size}`,
    Subject
  >;
  const times = await interleave(
    {
      floor: { call: rawGet(raw, users[10], OWN_KEY) },
      id: { call: () => call(resolving(users[10], { credentialId: OWN_KEY })) },
      url: { call: () => call(resolving(users[350], { url: OWN_URL })) },
      ...own,
    },
    effort,
  );
  const ratio = (name: string, ours: number[], max: number) =>
    makeRatio({ name, compares: 'whole call / bare GetItem', goal: { max } }, { ours, floor: times.floor });
  const atSizes = SIZES.map((size) => ratio(`resolveByProviderVsRawGet@${size}`, times[`provider${size}`], 1.7));
  const flat = SIZES.filter((size) => size in FLAT_GOALS).map((size) =>
    makeRatio(
      { name: `resolveFlat${size}`, compares: `by provider at ${size} / at 1`, goal: { max: FLAT_GOALS[size] ?? 0 } },
      { ours: times[`provider${size}`], floor: times.provider1 },
    ),
  );
  return [
    ratio('resolveByIdVsRawGet', times.id, 1.4),
    ...atSizes,
    ratio('resolveByUrlVsRawGet', times.url, 1.7),
    ...flat,
  ];
};

/** The query that the list itself sends, without the function around it. */
const measureList = async ({ runtime, raw, users, effort }: Stage): Promise<Figure[]> => {
  runtime.table.take();
  await runtime.recordedCall(listing(users[100]));
  const queries = runtime.table
    .take()
    .filter(({ operation, input }) => operation === 'Query' && !input.ExclusiveStartKey);
  const sends = queries.map(({ input }) => rawQuery(raw, input));
  const floor = async () => {
    for (const send of sends) await send();
  };
  const times = await interleave(
    { floor: { call: floor }, list: { call: () => runtime.call(listing(users[100])) } },
    effort,
  );
  const labels = { name: 'listVsBareQuery100', compares: 'list of 100 / the same Query bare', goal: { max: 1.3 } };
  return [makeRatio(labels, { ours: times.list, floor: times.floor })];
};

const measureWrites = async ({ runtime: { call }, users, effort }: Stage): Promise<Figure[]> => {
  const alone = await makeUserWith(call, 'grant');
  const refresh = (userId: string): Subject => ({
    prepare: () => call(replacing(userId, GRANT, expiredGrant())),
    call: () => call(resolving(userId, { credentialId: GRANT })),
  });
  const add = (userId: string): Subject => ({
    call: () => call(adding(userId, newKey('passing'))),
    clean: () => call(deleting(userId, 'passing')),
  });
  const times = await interleave(
    { refresh1: refresh(alone), refresh350: refresh(users[350]), add1: add(users[1]), add350: add(users[350]) },
    effort,
  );
  const flat = (name: string, ours: number[], floor: number[]) =>
    makeRatio({ name, compares: 'whole call at 350 / at 1', goal: { max: 1.3 } }, { ours, floor });
  return [flat('refreshFlat350', times.refresh350, times.refresh1), flat('addFlat350', times.add350, times.add1)];
};

/** Measures the figures of whole calls. */
export const measureCalls = async (bundle: string, effort: Effort): Promise<Findings> => {
  const runtime = await startRuntime(bundle);
  const stage = { runtime, raw: openRawClient(), users: await makeUsers(runtime, effort), effort };
  const figures = [await measureResolve(stage), await measureList(stage), await measureWrites(stage)].flat();
  return { figures, units: [] };
};
