// The checks that are listed: each makes a call at the API of its provider, and none for a secret that the call was not listed for.
import { describe, expect, it } from 'vitest';
import { providerProfile } from '../../../lib/domain/oauth/provider-profile.ts';
import type { ProviderRecord } from '../../../lib/domain/oauth/provider-record.ts';
import type { CredentialCheckRequest, ProviderDirectory } from '../../../lib/domain/ports/provider-directory.ts';
import { directoryApiAddresses } from '../../../lib/providers/api-addresses.ts';
import { credentialChecks } from '../../../lib/providers/credential-checks.ts';
import { keyProviders } from '../../../lib/providers/key-catalogue.ts';

const endpoints = { authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };

const findCheck = (
  request: Partial<CredentialCheckRequest> & { provider: string },
  record?: Partial<ProviderRecord>,
) => {
  const found = async (provider: string) =>
    record && { provider, profile: providerProfile(provider, { ...endpoints, ...record }), client: null };
  const providers: ProviderDirectory = { find: found, findPastCache: found, listConfigured: async () => [] };
  const checks = credentialChecks(providers, directoryApiAddresses(providers));
  return checks.findCheck({ type: 'api_key', data: {}, ...request });
};

/** A value for each variable without a default. */
const VARIABLES = { subdomain: 'acme', hostname: 'acme.api-us1.com' };

const checked = [...keyProviders].filter(([, { verification }]) => verification !== undefined);

describe('credentialChecks', () => {
  it.each(checked)('makes the listed call of %s at its API, over https', async (provider, known) => {
    const { type = 'api_key', verification } = known;
    const call = await findCheck({ provider, type, data: VARIABLES });
    expect(call).toMatchObject({
      method: verification?.method,
      headers: verification?.headers ?? {},
      invalidWhen: verification?.invalidWhen ?? [],
      account: null,
    });
    expect(call?.url).toMatch(/^https:\/\/[a-z\d.-]+\//);
    expect(call?.url).not.toMatch(/[{}]/);
    expect(call?.url.endsWith(verification?.path ?? '–')).toBe(true);
  });

  it.each(checked)('makes no call of %s with a secret of another type', async (provider, { type }) => {
    const other = type === undefined ? 'user_password' : 'api_key';
    expect(await findCheck({ provider, type: other, data: VARIABLES })).toBeNull();
    expect(await findCheck({ provider, type: 'oauth2', data: VARIABLES })).toBeNull();
  });

  it('fills the variables of the credential, and makes no call without a value that is allowed', async () => {
    const jira = { provider: 'jira', type: 'user_password' } as const;
    expect(await findCheck({ ...jira, data: { subdomain: 'acme' } })).toMatchObject({
      url: 'https://acme.atlassian.net/rest/api/3/myself',
    });
    expect(await findCheck(jira)).toBeNull();
    expect(await findCheck({ ...jira, data: { subdomain: 'evil.example/' } })).toBeNull();
    expect(await findCheck({ provider: 'mailgun', type: 'user_password', data: { region: 'api.eu' } })).toMatchObject({
      url: 'https://api.eu.mailgun.net/v3/domains?limit=1',
    });
  });

  it('makes no call of the vendor with a key for an entry that is another service', async () => {
    expect(await findCheck({ provider: 'gitlab' }, { tokenEndpoint: 'https://gitlab.acme.example/t' })).toBeNull();
    expect(await findCheck({ provider: 'gitlab' }, { tokenEndpoint: 'https://gitlab.com/t' })).toMatchObject({
      url: 'https://gitlab.com/api/v4/user',
    });
  });

  it('prefers the call of the record to the listed one', async () => {
    const verification = { method: 'HEAD' as const, path: '/ping' };
    expect(await findCheck({ provider: 'openai' }, { verification })).toMatchObject({
      method: 'HEAD',
      url: 'https://api.openai.com/ping',
    });
  });

  it.each(['acme', 'exa', 'ollama', '__proto__'])('knows no call of %s', async (provider) => {
    expect(await findCheck({ provider })).toBeNull();
  });

  it('tells the account where the listed call is the identity endpoint', async () => {
    const record = { tokenEndpoint: 'https://github.com/t', identityEndpoint: 'https://api.github.com/user' };
    expect(await findCheck({ provider: 'github' }, { ...record, identityIdPath: 'id' })).toMatchObject({
      account: { identityIdPath: 'id', identityNamePath: null },
    });
  });
});
