// The environment of the crash suite: one table engine, the local stand-ins, a provider of every kind, and the service's own
// dependencies, in this process and in the one that is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { runtimeApiDeps } from '../../../lib/container/runtime-api.ts';
import { startKms } from '../../../local/aws/kms-stand-in.ts';
import { startSecretsManager } from '../../../local/aws/secrets-manager-stand-in.ts';
import { findProgram } from '../../support/process/find-program.ts';
import { startRefreshingProvider } from '../../support/providers/refreshing-provider.ts';
import { openTestTable } from '../../support/table/test-engine.ts';
import type { CrashPlan } from './crash-plan.ts';

const writeSecrets = (entries: object): string => {
  const folder = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'keyhold-crash-'));
  writeFileSync(join(folder, 'system-keys.json'), '{}');
  writeFileSync(join(folder, 'oauth-clients.json'), JSON.stringify(entries));
  return folder;
};

/** Starts the table engine and the local stand-ins; the settings that lead to them. */
export const startStandIns = async (entries: object): Promise<Record<string, string>> => {
  const folder = writeSecrets(entries);
  const [kms, secrets, table] = [await startKms(folder), await startSecretsManager(folder), await openTestTable()];
  return {
    TABLE_NAME: table.name,
    KMS_KEY_ID: kms.keyArn,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    SYSTEM_KEYS_SECRET: 'system-keys',
    OAUTH_CLIENTS_SECRET: 'oauth-clients',
    PUBLIC_BASE_URL: 'http://127.0.0.1',
    REFRESH_INVOKE_URL: 'http://127.0.0.1:1/2015-03-31/functions/refresh/invocations',
    AWS_REGION: 'us-east-1',
    LOOPBACK_PROVIDERS: 'true',
    USER_LOG_KEY: 'local-user-log-key',
  };
};

/** The compile cache of the children: most of the cost of a process is its imports. */
const COMPILED = resolve(import.meta.dirname, '../../../node_modules/.cache/keyhold');

/** The environment of a child process of the service. */
export const childEnvironment = (): NodeJS.ProcessEnv => {
  const given = Object.entries(process.env).filter(([name]) => !/^(?:NODE_|VITEST)/.test(name));
  return { ...Object.fromEntries(given), NODE_COMPILE_CACHE: COMPILED };
};

/** Runs the child; resolves to its exit code, signal and output. */
export const runChild = async (plan: CrashPlan) => {
  const child = spawn(
    process.execPath,
    [findProgram('test/reliability/crash/refresh-child.ts'), JSON.stringify(plan)],
    { env: childEnvironment() },
  );
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  const [stdout, stderr] = await output;
  return { code, signal, stdout, stderr };
};

/** Starts everything. The provider has two records: `rotating`, and `still`, whose refresh tokens do not rotate. */
export const openCrashEnvironment = async () => {
  const provider = await startRefreshingProvider();
  const entries = { rotating: provider.entry(), still: provider.entry({ rotatesRefreshTokens: false }) };
  Object.assign(process.env, await startStandIns(entries));
  return { provider, deps: runtimeApiDeps() };
};
