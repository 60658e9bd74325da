// Code, hosting, data and security, O to Z: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const developersOToZKeys: KeyProviders = {
  okta: {
    displayName: 'Okta',
    apiBaseUrl: 'https://{subdomain}.okta.com',
    templateVariables: { subdomain: { pattern: '[a-z0-9][a-z0-9-]{0,62}', example: 'acme' } },
    key: header('authorization', 'SSWS '),
    verification: { method: 'GET', path: '/api/v1/users/me' },
  },
  pipedream: {
    displayName: 'Pipedream',
    apiBaseUrl: 'https://api.pipedream.com',
    verification: { method: 'GET', path: '/v1/users/me' },
  },
  rootly: {
    displayName: 'Rootly',
    apiBaseUrl: 'https://api.rootly.com',
  },
  sentry: {
    displayName: 'Sentry',
    apiBaseUrl: 'https://sentry.io',
    apiHosts: ['*.sentry.io'],
    verification: { method: 'GET', path: '/api/0/organizations/' },
  },
  supabase: {
    displayName: 'Supabase',
    apiBaseUrl: 'https://api.supabase.com',
    verification: { method: 'GET', path: '/v1/projects' },
  },
  terraform: {
    displayName: 'HCP Terraform',
    apiBaseUrl: 'https://app.terraform.io',
    verification: { method: 'GET', path: '/api/v2/account/details' },
  },
  urlscan: {
    displayName: 'urlscan.io',
    apiBaseUrl: 'https://urlscan.io',
    key: header('api-key'),
    verification: { method: 'GET', path: '/user/quotas' },
  },
  vercel: {
    displayName: 'Vercel',
    apiBaseUrl: 'https://api.vercel.com',
    verification: { method: 'GET', path: '/v2/user' },
  },
  virustotal: {
    displayName: 'VirusTotal',
    apiBaseUrl: 'https://www.virustotal.com/api',
    key: header('x-apikey'),
    verification: { method: 'GET', path: '/v3/popular_threat_categories' },
  },
  xai: {
    displayName: 'xAI',
    apiBaseUrl: 'https://api.x.ai',
    verification: { method: 'GET', path: '/v1/api-key', invalidWhen: [{ status: 400 }] },
  },
};
