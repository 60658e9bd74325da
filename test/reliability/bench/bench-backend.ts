// The backends of the runtime function in a benchmark: the table engine, the AWS stand-ins, and a stateless provider whose tokens
// are valid for a second. The function is imported into this process, as in a cold start.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpFunction } from '../../../lib/http/chain/http-function.ts';
import { startKms } from '../../../local/aws/kms-stand-in.ts';
import { startSecretsManager } from '../../../local/aws/secrets-manager-stand-in.ts';
import { listenOnLoopback } from '../../../local/http/loopback.ts';
import { enterEnvironment, makeEnvironment, TABLE_NAME } from '../../../local/lambda/function-environment.ts';
import { readSettings } from '../../../local/settings.ts';
import { ensureTable } from '../../../local/table/ensure-table.ts';
import { startEngine } from '../../support/table/test-engine.ts';

export const PROVIDER = 'bench';

const startProvider = async (): Promise<{ url: string; refreshes: () => number }> => {
  let refreshes = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      refreshes++;
      const tokens = { access_token: `access-${refreshes}`, refresh_token: `refresh-${refreshes}` };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...tokens, token_type: 'bearer', expires_in: 1 }));
    });
  });
  return { url: `http://127.0.0.1:${await listenOnLoopback(server)}`, refreshes: () => refreshes };
};

export interface BenchBackend {
  handler: HttpFunction;
  /** The number of refreshes at the provider. */
  refreshes: () => number;
}

/** The services that the functions call, without a function. */
export interface BenchServices {
  /** The address of the table engine. */
  dynamodb: string;
  /** The address of the KMS stand-in. */
  kms: string;
  /** The number of refreshes at the provider. */
  refreshes: () => number;
}

/** Starts the services and enters the environment of the functions; the folder is removed when the process ends. */
export const startServices = async (): Promise<BenchServices> => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhold-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const provider = await startProvider();
  const client = { clientId: 'bench', clientSecret: 'bench-secret' };
  const at = { authorizationEndpoint: `${provider.url}/authorize`, tokenEndpoint: `${provider.url}/token` };
  writeFileSync(join(folder, 'system-keys.json'), '{"groq_api_key": "gsk-system"}');
  writeFileSync(join(folder, 'oauth-clients.json'), JSON.stringify({ [PROVIDER]: { ...client, ...at } }));
  const kms = await startKms(folder);
  const secretsManager = (await startSecretsManager(folder)).endpoint;
  const dynamodb = await startEngine();
  await ensureTable(dynamodb, TABLE_NAME);
  const settings = { ...readSettings({}), secretsMaxAgeSeconds: 300 };
  // No event is published here, so any endpoint does.
  const endpoints = { dynamodb, kms: kms.endpoint, secretsManager, eventBridge: dynamodb };
  const parts = { url: 'http://127.0.0.1', endpoints, refreshInvokeUrl: 'http://127.0.0.1:1/invocations' };
  enterEnvironment(makeEnvironment(process.env, settings, { ...parts, keyArn: kms.keyArn }));
  return { dynamodb, kms: kms.endpoint, refreshes: provider.refreshes };
};

/** Starts everything. */
export const startBackend = async (): Promise<BenchBackend> => {
  const { refreshes } = await startServices();
  const { handler } = await import('../../../functions/runtime-api.ts');
  return { handler, refreshes };
};
