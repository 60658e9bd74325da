// APIs of the system credentials, A to F: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const systemAToFKeys: KeyProviders = {
  aiml_api: {
    displayName: 'AI/ML API',
    apiBaseUrl: 'https://api.aimlapi.com',
  },
  anthropic: {
    displayName: 'Anthropic',
    apiBaseUrl: 'https://api.anthropic.com',
    key: header('x-api-key'),
    verification: { method: 'GET', path: '/v1/models', headers: { 'anthropic-version': '2023-06-01' } },
  },
  // Some clients still use the host of the application.
  apollo: {
    displayName: 'Apollo',
    apiBaseUrl: 'https://api.apollo.io/api',
    apiHosts: ['app.apollo.io'],
    key: header('x-api-key'),
    verification: { method: 'GET', path: '/v1/auth/health', invalidWhen: [{ path: 'is_logged_in', equals: 'false' }] },
  },
  // The key is `user:password`, sent without base64.
  d_id: {
    displayName: 'D-ID',
    apiBaseUrl: 'https://api.d-id.com',
    key: header('authorization', 'Basic '),
    verification: { method: 'GET', path: '/credits' },
  },
  e2b: {
    displayName: 'E2B',
    apiBaseUrl: 'https://api.e2b.app',
    key: header('x-api-key'),
    verification: { method: 'GET', path: '/v2/sandboxes' },
  },
  elevenlabs: {
    displayName: 'ElevenLabs',
    apiBaseUrl: 'https://api.elevenlabs.io',
    apiHosts: ['api.us.elevenlabs.io', '*.residency.elevenlabs.io'],
    key: header('xi-api-key'),
    verification: { method: 'GET', path: '/v1/user' },
  },
  enrichlayer: {
    displayName: 'Enrichlayer',
    apiBaseUrl: 'https://enrichlayer.com/api',
    apiHosts: ['api.enrichlayer.com'],
    verification: { method: 'GET', path: '/v2/credit-balance' },
  },
  // Its clients send this header; a bearer token works too.
  exa: {
    displayName: 'Exa search',
    apiBaseUrl: 'https://api.exa.ai',
    key: header('x-api-key'),
  },
  fal: {
    displayName: 'FAL',
    apiBaseUrl: 'https://queue.fal.run',
    apiHosts: ['fal.run', 'api.fal.ai', 'rest.fal.ai', 'rest.alpha.fal.ai'],
    key: header('authorization', 'Key '),
  },
};
