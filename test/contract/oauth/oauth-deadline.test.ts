// The deadline of a function also ends its provider calls (D10).
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { Deps } from '../../../lib/domain/ports/deps.ts';
import type { OAuthClient } from '../../../lib/domain/ports/oauth-protocol.ts';
import type { Deadline } from '../../../lib/domain/ports/runtime.ts';
import { startProviderStub } from '../../support/providers/provider-stub.ts';

const stub = await startProviderStub();
beforeAll(() => {
  vi.stubEnv('TABLE_NAME', 'table');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('KMS_KEY_ID', 'key');
  vi.stubEnv('USER_LOG_KEY', 'the-key-of-the-log');
  vi.stubEnv('OAUTH_CLIENTS_SECRET', 'clients');
  vi.stubEnv('SYSTEM_KEYS_SECRET', 'keys');
  vi.stubEnv('PUBLIC_BASE_URL', 'https://keyhold.example');
  vi.stubEnv('LOOPBACK_PROVIDERS', 'true');
  vi.stubEnv('PROVIDER_TIMEOUT_MS', '15000');
  vi.stubEnv('REFRESH_INVOKE_URL', 'http://127.0.0.1:1/2015-03-31/functions/refresh/invocations');
});
afterAll(() => {
  vi.unstubAllEnvs();
  stub.close();
});

const client = (): OAuthClient => ({
  provider: 'acme',
  clientId: 'client-1',
  clientSecret: null,
  profile: providerProfile('acme', {
    displayName: 'Acme',
    authorizationEndpoint: `${stub.url}/authorize`,
    tokenEndpoint: `${stub.url}/token`,
    deviceAuthorizationEndpoint: `${stub.url}/device`,
  }),
});

const refreshBy = ({ deadline, oauth }: Pick<Deps, 'oauth'> & { deadline: Deadline }) => ({
  deadline,
  call: (): Promise<unknown> => oauth.refresh(client(), 'refresh-1', []),
});

const startBy = ({ deadline, oauthStarts }: Pick<Deps, 'oauthStarts'> & { deadline: Deadline }) => ({
  deadline,
  call: (): Promise<unknown> => oauthStarts.startDevice(client(), []),
});

/** Imported only after the settings are in the environment. */
const makers = {
  'start-api': async () => startBy((await import('../../../lib/container/start-api.ts')).startApiDeps()),
  'connect-api': async () => refreshBy((await import('../../../lib/container/connect-api.ts')).connectApiDeps()),
  'runtime-api': async () => refreshBy((await import('../../../lib/container/runtime-api.ts')).runtimeApiDeps()),
};

describe.each(Object.entries(makers))('the deadline of a call of %s', (_name, make) => {
  // The provider itself would be given fifteen seconds.
  it('ends a provider call in progress', { timeout: 10_000 }, async () => {
    const { deadline, call } = await make();
    stub.plan({ fault: 'silent' });
    const calling = deadline.during({ signal: AbortSignal.timeout(100), milliseconds: 60_000 }, call);
    await expect(calling).rejects.toMatchObject({ kind: 'transient' });
  });
});
