// Runs scenarios of the public suite, one at a time, and reads its verdicts. Each runs the suite's own command with the client here.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PEERS } from '../matrix/peer-process.ts';

const SUITE = join(PEERS, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const CLIENT = join(import.meta.dirname, 'client.ts');

/** A scenario and the revision on whose wire it runs, null for an extension, which the suite scores in no revision. */
export interface Scenario {
  name: string;
  revision: string | null;
  isExtension: boolean;
}

/** What the suite found: the checks that passed, and the texts of those that did not. */
export interface Verdict {
  passed: number;
  failures: string[];
  warnings: string[];
  /** The last line that the client wrote to its error output. */
  clientError: string;
}

interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  description: string;
  errorMessage?: string;
}

/** The suite ends a client after 30 seconds; this is for a suite that hangs. */
const MOST_MILLISECONDS = 90_000;

const run = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: unknown; text: string }> => {
  const child = spawn(process.execPath, [SUITE, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MOST_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => output.push(text));
  const [code] = await once(child, 'close');
  return { code, text: output.join('') };
};

/** The scenarios of authorization that the suite lists: those of one revision, or all, each at the latest revision it belongs to. */
export const listScenarios = async (revision?: string): Promise<Scenario[]> => {
  const { text } = await run(['list', '--client'], process.env);
  const lines = text.matchAll(/^ +- (auth\/\S+) \[(.*)\]$/gm);
  const all = [...lines].map(([, name = '', belongs = '']) => ({ name, revisions: belongs.split(',') }));
  const wanted = all.filter(({ revisions }) => revision === undefined || revisions.includes(revision));
  return wanted.map(({ name, revisions }) => {
    const isExtension = revisions.includes('extension');
    return { name, revision: isExtension ? null : (revision ?? revisions.at(-1) ?? null), isExtension };
  });
};

const readVerdict = (folder: string): Verdict => {
  const found = readdirSync(folder, { recursive: true }).find((path) => String(path).endsWith('checks.json'));
  if (found === undefined) return { passed: 0, failures: ['the suite wrote no checks'], warnings: [], clientError: '' };
  const name = (file: string) => join(folder, dirname(String(found)), file);
  const checks: Check[] = JSON.parse(readFileSync(name('checks.json'), 'utf8'));
  const texts = (status: Check['status']) =>
    checks.filter((check) => check.status === status).map(({ id, description }) => `${id}: ${description}`);
  return {
    passed: checks.filter(({ status }) => status === 'SUCCESS').length,
    failures: texts('FAILURE'),
    warnings: texts('WARNING'),
    clientError: readFileSync(name('stderr.txt'), 'utf8').trim().split('\n').at(-1) ?? '',
  };
};

/** Runs one scenario; `env` says where Keyhold is. */
export const runScenario = async (scenario: Scenario, env: Record<string, string>): Promise<Verdict> => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-conformance-'));
  const revision = scenario.revision === null ? [] : ['--spec-version', scenario.revision];
  const command = `${process.execPath} ${CLIENT}`;
  try {
    const args = ['client', '--command', command, '--scenario', scenario.name, '-o', folder, ...revision];
    const { code } = await run(args, { ...process.env, ...env });
    const verdict = readVerdict(folder);
    const isExplained = code === 0 || verdict.failures.length + verdict.warnings.length > 0;
    return isExplained ? verdict : { ...verdict, failures: ['client: ended with an error'] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
