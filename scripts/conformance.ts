// Plays the authorization scenarios of the public MCP conformance suite against a running Keyhold, and prints a table. Names of scenarios
// play only those. `--without-challenge`: Keyhold finds out the challenge of an MCP server itself. Exits with 1 when a scenario that some
// revision of MCP requires does not pass.
import { parseArgs } from 'node:util';
import { listScenarios, runScenario, type Scenario, type Verdict } from '../test/interop/conformance/scenarios.ts';
import { type Keyhold, startKeyhold } from '../test/support/http/local-server.ts';
import { installPeers } from './peers/install-peers.ts';
import { textTable } from './text-table.ts';

/** The public address at which the suite expects the client's metadata document. */
const DOCUMENT_URL = 'https://conformance-test.local';
const WITH_DOCUMENT = 'auth/basic-cimd';
const MOST_CHARACTERS = 400;

/** The ids of the checks, and what the client said; a text that a server may have made is one line. */
const describe = ({ failures, warnings, clientError }: Verdict): string => {
  const checks = [...failures, ...warnings].map((text) => text.split(':')[0]);
  const client = failures.length > 0 && clientError ? [`client: ${clientError}`] : [];
  return [...new Set(checks), ...client].join(', ').slice(0, MOST_CHARACTERS);
};

const judge = ({ failures, warnings, passed }: Verdict): string => {
  if (failures.length > 0 || passed === 0) return 'FAILED';
  return warnings.length > 0 ? 'warning' : 'passes';
};

const environment = (keyhold: Keyhold, publicUrl: string, withoutChallenge: boolean): Record<string, string> => ({
  CONFORMANCE_KEYHOLD_URL: keyhold.url,
  CONFORMANCE_KEYHOLD_PUBLIC_URL: publicUrl,
  CONFORMANCE_KEYHOLD_HOME: keyhold.home,
  CONFORMANCE_WITHOUT_CHALLENGE: withoutChallenge ? '1' : '',
});

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'without-challenge': { type: 'boolean', default: false } },
});

/** Plays a scenario; the one of the metadata document needs a Keyhold with a public https address. */
const playScenario = async (scenario: Scenario, local: Keyhold, published: Keyhold): Promise<Verdict> => {
  const [keyhold, publicUrl] = scenario.name === WITH_DOCUMENT ? [published, DOCUMENT_URL] : [local, local.url];
  return runScenario(scenario, environment(keyhold, publicUrl, values['without-challenge']));
};

installPeers();
const env = { SECRETS_MAX_AGE_SECONDS: '0' };
const local = await startKeyhold({ env });
const published = await startKeyhold({ env: { ...env, PUBLIC_BASE_URL: DOCUMENT_URL } });
const rows: string[][] = [];
let missed = 0;
try {
  const wanted = (await listScenarios()).filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  for (const scenario of wanted) {
    const verdict = await playScenario(scenario, local, published);
    const word = judge(verdict);
    if (word === 'FAILED' && !scenario.isExtension) missed += 1;
    console.log(`${word}  ${scenario.name}`);
    rows.push([scenario.name, scenario.revision ?? 'extension', word, String(verdict.passed), describe(verdict)]);
  }
} finally {
  await local.stop();
  await published.stop();
}
console.log(`\n${textTable(['scenario', 'revision', 'verdict', 'passed', 'why not'], rows)}`);
console.log(`\n${missed} of the scenarios that a revision requires failed`);
process.exitCode = missed > 0 ? 1 : 0;
