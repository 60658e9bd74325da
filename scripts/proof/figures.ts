// The figures that the service is to reach, each with the command that finds it out, the time it may take and what of the
// output decides. Nightly they are the same with more of everything.
import { existsSync, readFileSync } from 'node:fs';
import type { Command, Outcome, PrintedFigure } from './run-commands.ts';

/** One figure. */
export interface ProofFigure {
  name: string;
  goal: string;
  /** Run concurrently. */
  commands: readonly Command[];
  limitSeconds: number;
  /** Whether there is anything to run; true by default. */
  isAvailable?: () => boolean;
  /** The result and whether it meets the goal; called only when all commands were green. */
  judge: (figures: readonly PrintedFigure[], outcome: Outcome) => { result: string; isMet: boolean };
}

const vitest = (project: string, file: string, env: Record<string, string> = {}): Command => ({
  name: 'vitest',
  args: ['run', '--project', project, file],
  env,
});

const sum = (figures: readonly PrintedFigure[], value: string): number =>
  figures.reduce((total, { values }) => total + Number(values[value]), 0);

/** Met when the suites are green; the result lists the figures they printed. */
const green: ProofFigure['judge'] = (figures) => {
  const printed = figures.map(({ values }) =>
    Object.entries(values)
      .map(([name, value]) => `${value} ${name}`)
      .join(', '),
  );
  return { result: printed.join('; ') || 'green', isMet: true };
};

/** The share of the seeds that each subject plays. */
const SUBJECTS = { store: 0.35, refresh: 0.35, connect: 0.2, link: 0.1 };

/** One command per subject, so that each uses a core. */
const seedRanges = (seeds: number): Command[] =>
  Object.entries(SUBJECTS).map(([subject, share]) =>
    vitest('simulation', `test/reliability/simulation/${subject}.test.ts`, {
      SEEDS: String(Math.round(seeds * share)),
    }),
  );

const simulation = (seeds: number, limitSeconds: number): ProofFigure => ({
  name: 'simulation seeds',
  goal: `${seeds}, none bad`,
  commands: seedRanges(seeds),
  limitSeconds,
  judge: (figures) => {
    const [played, bad] = [sum(figures, 'seeds'), sum(figures, 'failing')];
    return { result: `${played}, ${bad} bad`, isMet: played === seeds && bad === 0 };
  },
});

/** Two commands, so that each uses a core. */
const serverSeeds = (seeds: number, limitSeconds: number): ProofFigure => ({
  name: 'MCP server seeds',
  goal: `${seeds}, none bad`,
  commands: [1, seeds / 2 + 1].map((first) =>
    vitest('simulation', 'test/reliability/simulation/servers.test.ts', {
      SEEDS: String(seeds / 2),
      FIRST_SEED: String(first),
    }),
  ),
  limitSeconds,
  judge: (figures) => {
    const [played, bad] = [sum(figures, 'seeds'), sum(figures, 'failing')];
    return { result: `${played}, ${bad} bad`, isMet: played === seeds && bad === 0 };
  },
});

const serverStorm = (expiries: number, limitSeconds: number): ProofFigure => ({
  name: 'MCP refresh storm',
  goal: `${expiries} expiries × 8 processes: one exchange each, no grant lost`,
  commands: [vitest('e2e', 'test/e2e/mcp/server-storm.test.ts', { EXPIRIES: String(expiries), PROCESSES: '8' })],
  limitSeconds,
  judge: (figures) => {
    const { expiries: played, processes, exchanges, familiesLost } = figures[0]?.values ?? {};
    const result = `${played} × ${processes}: ${exchanges} exchanges, ${familiesLost} lost`;
    return { result, isMet: played === expiries && exchanges === expiries && familiesLost === 0 };
  },
});

const PAIRS = 'test/reliability/simulation/pairs.test.ts';

const pairs = (limitSeconds: number): ProofFigure => ({
  name: 'crash point × fault point',
  goal: 'every pair',
  commands: [vitest('simulation', PAIRS, { PROOF: '1' })],
  limitSeconds,
  isAvailable: () => existsSync(PAIRS),
  judge: green,
});

const histories = (wanted: number, limitSeconds: number): ProofFigure => ({
  name: 'histories',
  goal: `${wanted} × 60, 0 violations`,
  commands: [vitest('histories', 'test/reliability/histories/histories.test.ts', { HISTORIES: String(wanted) })],
  limitSeconds,
  judge: (figures) => {
    const { histories: played, operations, violations } = figures[0]?.values ?? {};
    const result = `${played} × ${operations}, ${violations} violations`;
    return { result, isMet: played === wanted && Number(operations) >= 60 && violations === 0 };
  },
});

const malformed = (wanted: number, limitSeconds: number): ProofFigure => ({
  name: 'malformed requests',
  goal: `${wanted}, 0 × 5xx`,
  commands: [vitest('e2e', 'test/e2e/faults/malformed.test.ts', { MALFORMED: String(wanted), MALFORMED_SEED: '1' })],
  limitSeconds,
  judge: (figures) => {
    const { requests, faults, slowestMilliseconds } = figures[0]?.values ?? {};
    const result = `${requests}, ${faults} × 5xx, slowest ${slowestMilliseconds} ms`;
    return { result, isMet: requests === wanted && faults === 0 };
  },
});

const urlCorpus: ProofFigure = {
  name: 'URL corpus',
  goal: '≥ 500 refused, ≥ 50 accepted',
  commands: [vitest('unit', 'test/unit/domain/oauth/redirect-url.test.ts')],
  limitSeconds: 60,
  judge: (figures) => {
    const { refused, accepted } = figures[0]?.values ?? {};
    return {
      result: `${refused} refused, ${accepted} accepted`,
      isMet: Number(refused) >= 500 && Number(accepted) >= 50,
    };
  },
};

const PLANTED_REPORTER = '--reporter=./test/support/run/planted-table-reporter.ts';

const planted = (limitSeconds: number): ProofFigure => ({
  name: 'planted faults caught',
  goal: 'all',
  commands: [{ name: 'vitest', args: ['run', 'planted', PLANTED_REPORTER], env: { PROOF: '1' } }],
  limitSeconds,
  judge: (figures) => {
    const { planted: all, caught } = figures[0]?.values ?? {};
    return { result: `${caught} of ${all}`, isMet: Number(all) > 0 && caught === all };
  },
});

const memory = (limitSeconds: number): ProofFigure => ({
  name: 'memory slope',
  goal: '95 % bound < 50 B a call',
  commands: [{ name: 'node', args: ['--expose-gc', 'test/reliability/bench/memory-slope.ts'] }],
  limitSeconds,
  judge: (figures) => {
    const { calls, bytesPerCall, bound } = figures[0]?.values ?? {};
    return { result: `${bytesPerCall} B, bound ${bound} B, ${calls} calls`, isMet: Number(bound) < 50 };
  },
});

/** A suite of which `npm test` runs a share; it prints no figure. */
const whole = (name: string, goal: string, command: Command, limitSeconds: number): ProofFigure => ({
  ...{ name, goal, commands: [command], limitSeconds },
  judge: green,
});

const kills = whole(
  'kill -9 at every port call',
  'opens and resolves',
  vitest('crash', 'test/reliability/crash', { PROOF: '1' }),
  180,
);

const links = whole(
  'links over HTTP',
  'refused when expired',
  vitest('e2e', 'test/e2e/link/link-browsers.test.ts', { PROOF: '1' }),
  180,
);

const page = whole(
  'the page, every look',
  'no axe violation',
  vitest('browser', 'test/browser/accessibility.test.ts', { PROOF: '1' }),
  180,
);

const bench = whole('bench', 'finds every figure', vitest('unit', 'test/unit/scripts/bench', { PROOF: '1' }), 240);

const hasScript = (name: string): boolean => name in JSON.parse(readFileSync('package.json', 'utf8')).scripts;

const storm = (rounds: number, limitSeconds: number): ProofFigure => ({
  name: 'refresh storm',
  goal: `one token request, ${rounds} times of ${rounds}`,
  commands: [{ name: 'npm', args: ['run', '-s', 'proof:storm'], env: { STORM_ROUNDS: String(rounds) } }],
  limitSeconds,
  isAvailable: () => hasScript('proof:storm'),
  judge: (figures) => {
    const { rounds: played, callers, requests } = figures[0]?.values ?? {};
    const result = `${requests} in ${played} rounds of ${callers} callers`;
    return { result, isMet: played === rounds && requests === rounds };
  },
});

const outages: ProofFigure = {
  name: 'outages under load',
  goal: 'success or 503',
  commands: [vitest('e2e', 'test/e2e/faults/outages-under-load.test.ts', { OUTAGE_SECONDS: '30', PROOF: '1' })],
  limitSeconds: 900,
  judge: (figures) => {
    const [calls, refused] = [sum(figures, 'calls'), sum(figures, 'refused')];
    return { result: `${calls} calls, ${refused} × 503`, isMet: calls > 0 };
  },
};

/** Figures measured concurrently. */
export type ProofGroup = readonly ProofFigure[];

/** At most half an hour on two cores; two figures that need one core each are grouped. */
export const everydayFigures: readonly ProofGroup[] = [
  [simulation(100_000, 300)],
  [pairs(120), kills],
  [bench],
  [histories(2_000, 600), memory(600)],
  [malformed(100_000, 360)],
  [urlCorpus, links, page],
  [planted(180)],
  [storm(100, 400)],
  [serverSeeds(10_000, 400)],
  [serverStorm(2_000, 400)],
];

/** The same figures with larger numbers. */
export const nightlyFigures: readonly ProofGroup[] = [
  [simulation(1_000_000, 3_600)],
  [pairs(600), kills],
  [bench],
  [histories(10_000, 3_600)],
  [memory(600)],
  [malformed(500_000, 3_600)],
  [urlCorpus, links, page],
  [planted(600)],
  [storm(500, 2_400)],
  [serverSeeds(100_000, 3_600)],
  [serverStorm(10_000, 1_500)],
  [outages],
];
