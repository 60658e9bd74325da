// Plays the authorization scenarios of the public MCP conformance suite against a running Keyhold, and prints a table. Names of scenarios
// play only those. `--without-challenge`: Keyhold finds out the challenge of an MCP server itself. `--revision 2025-11-25`: only the scenarios
// of that revision, on its wire. Exits with 1 when a scenario that some revision of MCP requires does not pass.
import { parseArgs } from 'node:util';
import { NotBuilt } from '../../test/interop/conformance/keyhold-user.ts';
import { listScenarios, runScenario, type Scenario, type Verdict } from '../../test/interop/conformance/scenarios.ts';
import { type Keyhold, startKeyhold } from '../../test/support/http/local-server.ts';
import { textTable } from '../text-table.ts';
import { endInTime } from './end-in-time.ts';
import { installPeers } from './install-peers.ts';

/** Where the suite expects the client's metadata document; nothing is served there, and it reads none. */
const DOCUMENT_ORIGIN = 'https://conformance-test.local';
const DOCUMENT_URL = `${DOCUMENT_ORIGIN}/client-metadata.json`;
const WITH_DOCUMENT = 'auth/basic-cimd';
const MOST_CHARACTERS = 200;
const MOST_MINUTES = 15;

/** A scenario as it is played; `variant`: where one is played in two ways. */
interface Play {
  scenario: Scenario;
  variant: string;
  keyhold: Keyhold;
  env: Record<string, string>;
}

/** The ids of the checks, and what the client said; a text that a server may have made is one line. */
const describe = ({ failures, warnings, clientError }: Verdict): string => {
  if (clientError.startsWith(NotBuilt.MARK)) return clientError.slice(NotBuilt.MARK.length);
  const checks = [...failures, ...warnings].map((text) => text.split(':')[0]);
  const client = failures.length > 0 && clientError ? [`client: ${clientError}`] : [];
  return [...new Set(checks), ...client].join(', ').slice(0, MOST_CHARACTERS);
};

const judge = ({ failures, warnings, passed, clientError }: Verdict, { isExtension }: Scenario): string => {
  if (isExtension && clientError.startsWith(NotBuilt.MARK)) return 'not built';
  if (failures.length > 0 || passed === 0) return 'FAILED';
  return warnings.length > 0 ? 'warning' : 'passes';
};

/** The servers of Keyhold: one with a loopback address, one whose public address is https. */
interface Keyholds {
  local: Keyhold;
  published: Keyhold;
}

/**
 * How a scenario is played. The one of the metadata document wants one fixed URL, which is not where Keyhold serves its own: it is played
 * with Keyhold's own document, which the suite warns of, and with the fixed URL as the operator's client.
 */
const planPlays = (scenario: Scenario, { local, published }: Keyholds): Play[] => {
  if (scenario.name !== WITH_DOCUMENT) return [{ scenario, variant: '', keyhold: local, env: {} }];
  const env = { CONFORMANCE_KEYHOLD_PUBLIC_URL: DOCUMENT_ORIGIN };
  return [
    { scenario, variant: ' (own document)', keyhold: published, env },
    { scenario, variant: " (operator's entry)", keyhold: local, env: { CONFORMANCE_DOCUMENT_URL: DOCUMENT_URL } },
  ];
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'without-challenge': { type: 'boolean', default: false }, revision: { type: 'string' } },
});

const play = ({ scenario, keyhold, env }: Play): Promise<Verdict> =>
  runScenario(scenario, {
    CONFORMANCE_KEYHOLD_URL: keyhold.url,
    CONFORMANCE_KEYHOLD_PUBLIC_URL: keyhold.url,
    CONFORMANCE_KEYHOLD_HOME: keyhold.home,
    CONFORMANCE_WITHOUT_CHALLENGE: values['without-challenge'] ? '1' : '',
    ...env,
  });

endInTime(MOST_MINUTES);
installPeers();
const env = { SECRETS_MAX_AGE_SECONDS: '0' };
const local = await startKeyhold({ env });
const published = await startKeyhold({ env: { ...env, PUBLIC_BASE_URL: DOCUMENT_ORIGIN } });
const rows: string[][] = [];
/** What each required scenario came to, in all the ways it was played. */
const required = new Map<string, string[]>();
try {
  const listed = await listScenarios(values.revision);
  const wanted = listed.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const planned of wanted.flatMap((scenario) => planPlays(scenario, { local, published }))) {
    const { scenario, variant } = planned;
    const verdict = await play(planned);
    const word = judge(verdict, scenario);
    const name = scenario.name + variant;
    if (!scenario.isExtension) required.set(scenario.name, [...(required.get(scenario.name) ?? []), word]);
    console.log(`${word}  ${name}`);
    rows.push([name, scenario.revision ?? 'extension', word, String(verdict.passed), describe(verdict)]);
  }
} finally {
  await local.stop();
  await published.stop();
}
console.log(`\n${textTable(['scenario', 'revision', 'verdict', 'checks', 'why not'], rows)}`);
const passed = [...required.values()].filter((words) => words.includes('passes') && !words.includes('FAILED'));
console.log(`\n${passed.length} of ${required.size} scenarios that a revision of MCP requires pass`);
process.exitCode = passed.length === required.size ? 0 : 1;
