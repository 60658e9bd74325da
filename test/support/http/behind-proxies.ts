// A server whose table, KMS and Secrets Manager each sit behind a proxy, so that a test can cut any of them off.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms } from '../../../local/aws/kms-stand-in.ts';
import { startSecretsManager } from '../../../local/aws/secrets-manager-stand-in.ts';
import { startEngine } from '../table/test-engine.ts';
import { type Keyhold, startKeyhold } from './local-server.ts';
import { startProxy, type TcpProxy } from './tcp-proxy.ts';

export type Service = 'table' | 'kms' | 'secrets';

export interface BehindProxies {
  keyhold: Keyhold;
  proxies: Record<Service, TcpProxy>;
  /** The options for another server on the same services. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** The operator has a key for groq; the cache age is one second. */
export const startBehindProxies = async (settings: Record<string, string> = {}): Promise<BehindProxies> => {
  const home = mkdtempSync(join(process.env.KEYHOLD_TEST_HOMES ?? tmpdir(), 'keyhold-outages-'));
  writeFileSync(join(home, 'system-keys.json'), '{"groq_api_key": "gsk-system"}');
  writeFileSync(join(home, 'oauth-clients.json'), '{}');
  const kms = await startKms(home);
  const proxies = {
    table: await startProxy(await startEngine()),
    kms: await startProxy(kms.endpoint),
    secrets: await startProxy((await startSecretsManager(home)).endpoint),
  };
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: proxies.table.url,
    AWS_ENDPOINT_URL_KMS: proxies.kms.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: proxies.secrets.url,
    KMS_KEY_ID: kms.keyArn,
    SECRETS_MAX_AGE_SECONDS: '1',
    ...settings,
  };
  const keyhold = await startKeyhold({ env });
  const stop = async () => {
    await keyhold.stop();
    for (const proxy of Object.values(proxies)) proxy.close();
  };
  return { keyhold, proxies, env, stop };
};
