// Run before the server and the tests, in JavaScript that an older Node reads too. On a Node that cannot run the TypeScript
// of this repository, and for the tests on a platform without their table engine, it prints one line and exits with 1.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const NEEDED_MAJOR = 24;
const platform = `${process.platform}-${process.arch}`;

const findProblem = () => {
  if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
    const remedy =
      platform === 'linux-x64'
        ? 'run "npm ci" without --omit=optional, which installs Node 24 for the npm scripts'
        : 'install it from https://nodejs.org and try again';
    return `Node ${NEEDED_MAJOR} or newer is needed, this is ${process.version}: ${remedy}`;
  }
  if (!existsSync(new URL('../node_modules', import.meta.url))) return 'the dependencies are missing: run "npm ci"';
  return undefined;
};

const findTestProblem = () => {
  try {
    createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return undefined;
  } catch {
    return platform === 'linux-x64'
      ? 'the table engine is missing: run "npm ci" without --omit=optional'
      : `the tests need a table engine that exists for linux-x64 only, this is ${platform}: run them on Linux x64, for example in a container`;
  }
};

const problem = findProblem() ?? (process.argv.includes('--tests') ? findTestProblem() : undefined);
if (problem !== undefined) {
  console.error(`keyhold: ${problem}`);
  process.exit(1);
}
