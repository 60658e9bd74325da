// Code, hosting, data and security, A to F: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const developersAToFKeys: KeyProviders = {
  apify: {
    displayName: 'Apify',
    apiBaseUrl: 'https://api.apify.com',
    verification: { method: 'GET', path: '/v2/users/me' },
  },
  bitbucket: {
    displayName: 'Bitbucket',
    apiBaseUrl: 'https://api.bitbucket.org',
    verification: { method: 'GET', path: '/2.0/user' },
  },
  cloudflare: {
    displayName: 'Cloudflare',
    apiBaseUrl: 'https://api.cloudflare.com/client',
    verification: { method: 'GET', path: '/v4/user/tokens/verify' },
  },
  codeclimate: {
    displayName: 'Code Climate',
    apiBaseUrl: 'https://api.codeclimate.com',
    key: header('authorization', 'Token token='),
    verification: { method: 'GET', path: '/v1/user', headers: { accept: 'application/vnd.api+json' } },
  },
  datadog: {
    displayName: 'Datadog',
    apiBaseUrl: 'https://api.{siteParameter}',
    templateVariables: {
      siteParameter: {
        pattern: '(?:[a-z0-9]+\\.)?(?:datadoghq\\.(?:com|eu)|ddog-gov\\.com)',
        default: 'datadoghq.com',
      },
    },
    key: header('dd-api-key'),
    verification: { method: 'GET', path: '/api/v1/validate', invalidWhen: [{ status: 403 }] },
  },
  // Keys of the free plan, which end in `:fx`, need the host api-free.deepl.com.
  deepl: {
    displayName: 'DeepL',
    apiBaseUrl: 'https://{host}',
    templateVariables: {
      host: {
        pattern: 'api(?:-free)?\\.deepl\\.com',
        default: 'api.deepl.com',
        oneOf: ['api.deepl.com', 'api-free.deepl.com'],
      },
    },
    key: header('authorization', 'DeepL-Auth-Key '),
    verification: { method: 'GET', path: '/v2/usage' },
  },
  diffbot: {
    displayName: 'Diffbot',
    apiBaseUrl: 'https://api.diffbot.com',
    apiHosts: ['kg.diffbot.com', 'nl.diffbot.com'],
    key: { query: 'token' },
    verification: { method: 'GET', path: '/v4/account' },
  },
  digitalocean: {
    displayName: 'DigitalOcean',
    apiBaseUrl: 'https://api.digitalocean.com',
    verification: { method: 'GET', path: '/v2/account' },
  },
};
