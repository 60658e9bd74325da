// Shows on a terminal what the suites prove. First two server processes and two hundred callers of one expired token make one
// call to the provider. Then the provider fails and recovers while valid tokens are served. Ends within a minute.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Keyhold } from '../test/support/http/local-server.ts';
import { storm } from '../test/support/http/storm.ts';
import { type Holder, makeHolder, makeNearlyExpired, startTogether } from '../test/support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../test/support/providers/refreshing-provider.ts';
import { histogram } from '../test/support/run/histogram.ts';
import testHomes from '../test/support/run/test-homes.ts';

const LIMIT_MILLISECONDS = 60_000;
const CALLERS = 200;
const WARM_ROUNDS = 5;
const WARM_CALLERS = 40;
const PROVIDER_MILLISECONDS = 300;
const CREDENTIALS = 20;
const OUTAGE_SECONDS = 10;
const RECOVERY_SECONDS = 15;
/** Between two calls for one credential. */
const PAUSE_MILLISECONDS = 150;

interface Stage {
  provider: RefreshingProvider;
  servers: Keyhold[];
}

const say = (...lines: string[]): void => console.log(lines.join('\n'));
const right = (value: string | number, width: number): string => String(value).padStart(width);
const isSame = <T>(values: readonly T[]): boolean => new Set(values).size <= 1;

const at = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** The first calls of a process are slower for other reasons: module loading, connections, compilation. */
const warmUp = async ({ provider, servers }: Stage): Promise<void> => {
  const holder = await makeHolder(servers[0] as Keyhold, provider);
  for (let round = 0; round < WARM_ROUNDS; round++) await storm(holder, servers, WARM_CALLERS);
  provider.reset();
};

const showStorm = async ({ provider, servers }: Stage): Promise<void> => {
  const holder = await makeHolder(servers[0] as Keyhold, provider);
  provider.delay(PROVIDER_MILLISECONDS);
  say(
    `${CALLERS} callers ask ${servers.length} server processes for one token, which has expired.`,
    `The provider takes ${PROVIDER_MILLISECONDS} ms to answer, and revokes the grant if a refresh token is used twice.`,
    '',
    '  answered after   callers',
  );
  const answers = await storm(holder, servers, CALLERS);
  const times = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  const served = answers.filter(({ status }) => status === 200);
  const tokens = served.map(({ token }) => token);
  say(
    ...histogram(times),
    '',
    `  half answered after    ${right(at(times, 0.5), 6)} ms, the last after ${at(times, 1)} ms`,
    `  got the new token      ${right(served.length, 6)}${isSame(tokens) ? ', all the same one' : ', NOT all the same one'}`,
    `  told to retry later    ${right(answers.length - served.length, 6)}`,
    `  calls to the provider  ${right(provider.refreshes.length, 6)}`,
    '',
  );
  provider.reset();
};

type Count = 'fresh' | 'stale' | 'refused';

/** Resolves one credential again and again, at the servers in turn, and counts the answers. */
const keepResolving = async (
  holder: Holder,
  servers: readonly Keyhold[],
  counts: Record<Count, number>,
  end: AbortSignal,
) => {
  for (let turn = 0; !end.aborted; turn++) {
    const { status, json } = await holder.resolve({}, servers[turn % servers.length]);
    counts[status !== 200 ? 'refused' : json.stale ? 'stale' : 'fresh']++;
    await sleep(PAUSE_MILLISECONDS);
  }
};

const showSecond = async (second: number, { provider }: Stage, counts: Record<Count, number>): Promise<void> => {
  const [before, callsBefore] = [{ ...counts }, provider.refreshes.length];
  await sleep(1_000);
  const isDown = second <= OUTAGE_SECONDS;
  const increases = (['fresh', 'stale', 'refused'] as const).map((name) => right(counts[name] - before[name], 9));
  const calls = right(provider.refreshes.length - callsBefore, 9);
  say(`  ${right(second, 6)}  ${(isDown ? '503' : 'works').padEnd(8)}${increases.join('')}${calls}`);
};

const showOutage = async (stage: Stage): Promise<void> => {
  const { provider, servers } = stage;
  const [first] = servers as [Keyhold];
  const holders = await Promise.all(Array.from({ length: CREDENTIALS }, () => makeNearlyExpired(first, provider)));
  say(
    `The tokens of ${CREDENTIALS} users are still valid, and due for a refresh. The provider fails for ${OUTAGE_SECONDS} s.`,
    '',
    `  second  provider${['fresh', 'stale', 'refused', 'calls'].map((word) => right(word, 9)).join('')}`,
  );
  provider.answer({ status: 503 });
  const [counts, end] = [{ fresh: 0, stale: 0, refused: 0 }, new AbortController()];
  const resolving = holders.map((holder) => keepResolving(holder, servers, counts, end.signal));
  const renewed = () => provider.tokens.exchanges.filter(({ granted }) => granted).length;
  const before = renewed();
  for (let second = 1; second <= OUTAGE_SECONDS + RECOVERY_SECONDS && renewed() - before < CREDENTIALS; second++) {
    if (second === OUTAGE_SECONDS + 1) provider.answer(null);
    await showSecond(second, stage, counts);
  }
  end.abort();
  await Promise.all(resolving);
  const views = await Promise.all(holders.map((holder) => holder.view()));
  say(
    '',
    `  refused                     ${right(counts.refused, 6)}`,
    `  marked for reconnection     ${right(views.filter(({ status }) => status !== 'active').length, 6)}`,
    `  renewed after the outage    ${right(renewed() - before, 6)} of ${CREDENTIALS}`,
    `  calls to the provider       ${right(provider.refreshes.length, 6)} for ${counts.stale + counts.fresh} answers`,
    '',
  );
};

const cleanUp = testHomes();
process.on('exit', cleanUp);
process.once('SIGINT', () => process.exit(130));
setTimeout(() => {
  console.error(`stopped after ${LIMIT_MILLISECONDS / 1000} s`);
  process.exit(1);
}, LIMIT_MILLISECONDS).unref();

const provider = await startRefreshingProvider();
const servers = await startTogether(2, { acme: provider.entry() });
await warmUp({ provider, servers });
await showStorm({ provider, servers });
await showOutage({ provider, servers });
await Promise.all(servers.map((server) => server.stop()));
process.exit(0);
