// The refresh storm: two hundred callers of one expired token whose provider takes 300 ms, over HTTP, at one server process and at
// two. The floor is the same number of callers of a token that is valid, at the same servers.
import type { Keyhold } from '../../../support/http/local-server.ts';
import { storm } from '../../../support/http/storm.ts';
import { makeHolder, startTogether } from '../../../support/providers/refresh-flow.ts';
import { type RefreshingProvider, startRefreshingProvider } from '../../../support/providers/refreshing-provider.ts';
import type { Effort, Figure, Findings } from '../measure/figure.ts';
import { makeFigure } from '../measure/statistics.ts';

const PROVIDER_MILLISECONDS = 300;
const WARM_ROUNDS = 3;
/** Longer rounds than other figures have, so fewer: seven suffice for a median. */
const ROUNDS = 7;
const HOUR = 3_600_000;
const GOALS: Record<number, number> = { 1: 1_000, 2: 1_200 };

interface Stage {
  servers: Keyhold[];
  provider: RefreshingProvider;
  callers: number;
}

/** When the last caller had its answer, in milliseconds. Throws when one was refused. */
const lastAnswer = async ({ servers, provider, callers }: Stage, livesMilliseconds: number): Promise<number> => {
  const holder = await makeHolder(servers[0] as Keyhold, provider, { livesMilliseconds });
  const answers = await storm(holder, servers, callers);
  const refused = answers.filter(({ status }) => status !== 200);
  if (refused.length > 0)
    throw new Error(`${refused.length} callers were refused: ${refused[0]?.status} ${refused[0]?.code}`);
  return Math.max(...answers.map(({ milliseconds }) => milliseconds));
};

const measureServers = async (count: number, { quick, rounds }: Effort): Promise<Figure[]> => {
  const provider = await startRefreshingProvider();
  const servers = await startTogether(count, { acme: provider.entry() }, { MAX_CALLS_PER_USER_PER_SECOND: '0' });
  const stage = { servers, provider, callers: quick ? 20 : 200 };
  // One caller a server first: it fetches what a cold process needs.
  await lastAnswer({ ...stage, callers: count }, HOUR);
  for (let round = 0; round < WARM_ROUNDS; round++) await lastAnswer(stage, -1_000);
  provider.delay(PROVIDER_MILLISECONDS);
  const [last, overhead, exchanges]: number[][] = [[], [], []];
  for (let round = 0; round < Math.min(rounds, ROUNDS); round++) {
    const floor = await lastAnswer(stage, HOUR);
    const before = provider.refreshes.length;
    const time = await lastAnswer(stage, -1_000);
    last?.push(time);
    overhead?.push(time - PROVIDER_MILLISECONDS - floor);
    exchanges?.push(provider.refreshes.length - before);
  }
  await Promise.all(servers.map((server) => server.stop()));
  provider.close();
  const at = `${stage.callers} callers, ${count} process${count > 1 ? 'es' : ''}`;
  const goal = { max: GOALS[count] ?? 0 };
  return [
    makeFigure({ name: `stormLastAnswerMs${count}`, compares: `last answer of ${at}`, unit: 'ms', goal }, last ?? []),
    makeFigure(
      { name: `stormOverheadMs${count}`, compares: 'last answer - 300 ms - last of as many valid tokens', unit: 'ms' },
      overhead ?? [],
    ),
    makeFigure(
      {
        name: `stormExchanges${count}`,
        compares: 'calls of the provider a storm',
        unit: 'calls',
        goal: { min: 1, max: 1 },
      },
      exchanges ?? [],
    ),
  ];
};

/** Measures the storm. */
export const measureStorm = async (effort: Effort): Promise<Findings> => ({
  figures: [...(await measureServers(1, effort)), ...(await measureServers(2, effort))],
  units: [],
});
