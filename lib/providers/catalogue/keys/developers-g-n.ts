// Code, hosting, data and security, G to N: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const developersGToNKeys: KeyProviders = {
  github: {
    displayName: 'GitHub',
    apiBaseUrl: 'https://api.github.com',
    apiHosts: ['uploads.github.com'],
    verification: { method: 'GET', path: '/user', headers: { accept: 'application/vnd.github+json' } },
  },
  // gitlab.com only: the key of another host is never sent there.
  gitlab: {
    displayName: 'GitLab',
    apiBaseUrl: 'https://gitlab.com/api',
    key: header('private-token'),
    verification: { method: 'GET', path: '/v4/user' },
  },
  // The query parameter `key` works too, but URLs get logged.
  'google-gemini': {
    displayName: 'Google Gemini',
    apiBaseUrl: 'https://generativelanguage.googleapis.com',
    key: header('x-goog-api-key'),
    verification: { method: 'GET', path: '/v1/models', invalidWhen: [{ status: 400 }] },
  },
  heroku: {
    displayName: 'Heroku',
    apiBaseUrl: 'https://api.heroku.com',
    verification: { method: 'GET', path: '/account', headers: { accept: 'application/vnd.heroku+json; version=3' } },
  },
  'incident-io': {
    displayName: 'incident.io',
    apiBaseUrl: 'https://api.incident.io',
    verification: { method: 'GET', path: '/v1/identity' },
  },
  jumpcloud: {
    displayName: 'JumpCloud',
    apiBaseUrl: 'https://console.jumpcloud.com/api',
    key: header('x-api-key'),
  },
  neon: {
    displayName: 'Neon',
    apiBaseUrl: 'https://console.neon.tech/api',
    verification: { method: 'GET', path: '/v2/users/me' },
  },
  netlify: {
    displayName: 'Netlify',
    apiBaseUrl: 'https://api.netlify.com',
    verification: { method: 'GET', path: '/api/v1/sites?per_page=1' },
  },
  npm: {
    displayName: 'npm',
    apiBaseUrl: 'https://registry.npmjs.org',
    verification: { method: 'GET', path: '/-/whoami' },
  },
};
