// The server that the guides are tried on: the operator knows GitHub, and every address of it is a stub's. Secrets are read anew with each call.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiStub, startApiStub } from '../client/api-stub.ts';
import type { Keyhold } from '../http/local-server.ts';
import { startConnecting } from '../providers/connect-flow.ts';

/** The server and the stub of GitHub and of other providers. */
export interface GuideServer {
  keyhold: Keyhold;
  api: ApiStub;
  /** GitHub's entry with every address at the stub. */
  github(entry: object): object;
  /** Erases the users of the guides, and restores the operator's clients. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const SETTINGS = { SECRETS_MAX_AGE_SECONDS: '0', ALLOWED_RETURN_URLS: 'https://app.example.com/settings' };

const ROUTES = {
  'GET /user': { body: { id: 1, login: 'ada' } },
  'GET /user/repos': { body: [{ name: 'engine' }] },
  'POST /token': { body: { access_token: 'token-of-ada', token_type: 'bearer', refresh_token: 'r' } },
  'GET /userinfo': { body: { sub: '7', name: 'Ada' } },
  'DELETE /revoke': {},
  'POST /revoke': {},
};

/** Writes a secret of the operator, as a guide shows it. */
export const writeOperatorSecret = ({ home }: Keyhold, name: 'oauth-clients' | 'system-keys', value: object): void =>
  writeFileSync(join(home, 'secrets', `${name}.json`), JSON.stringify(value));

/** Starts both. */
export const startGuideServer = async (): Promise<GuideServer> => {
  const [api, keyhold] = await Promise.all([startApiStub(ROUTES), startConnecting({}, SETTINGS)]);
  const github = (entry: object): object => ({
    ...entry,
    authorizationEndpoint: `${api.url}/authorize`,
    tokenEndpoint: `${api.url}/token`,
    revocationEndpoint: `${api.url}/revoke`,
    identityEndpoint: `${api.url}/user`,
    apiBaseUrl: api.url,
    apiHosts: [new URL(api.url).host],
  });
  const erase = async (user: string): Promise<void> => {
    const { status, text } = await keyhold.worker.call('DELETE', `/v1/users/${user}`);
    if (status !== 200) throw new Error(`${user} cannot be erased: ${text}`);
  };
  return {
    api,
    keyhold,
    github,
    reset: async () => {
      writeOperatorSecret(keyhold, 'oauth-clients', { github: github({ clientId: 'c', clientSecret: 's' }) });
      await erase('alice');
      await erase('bob');
    },
    stop: async () => {
      await keyhold.stop();
      api.close();
    },
  };
};
