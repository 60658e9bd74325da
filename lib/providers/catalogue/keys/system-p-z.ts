// APIs of the system credentials, P to Z: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const systemPToZKeys: KeyProviders = {
  replicate: {
    displayName: 'Replicate',
    apiBaseUrl: 'https://api.replicate.com',
    verification: { method: 'GET', path: '/v1/account' },
  },
  revid: {
    displayName: 'Revid',
    apiBaseUrl: 'https://www.revid.ai/api',
    key: header('key'),
  },
  // The query parameter `access_key` works too, but URLs get logged.
  screenshotone: {
    displayName: 'ScreenshotOne',
    apiBaseUrl: 'https://api.screenshotone.com',
    key: header('x-access-key'),
    verification: { method: 'GET', path: '/usage' },
  },
  smartlead: {
    displayName: 'SmartLead',
    apiBaseUrl: 'https://server.smartlead.ai/api',
    key: { query: 'api_key' },
    verification: { method: 'GET', path: '/v1/client' },
  },
  // The version is part of the host.
  unreal_speech: {
    displayName: 'Unreal Speech',
    apiBaseUrl: 'https://api.v8.unrealspeech.com',
    apiHosts: ['api.v6.unrealspeech.com', 'api.v7.unrealspeech.com'],
  },
  v0: {
    displayName: 'v0 by Vercel',
    apiBaseUrl: 'https://api.v0.dev',
    verification: { method: 'GET', path: '/v1/user' },
  },
  // User name and password are those of the proxy; an http proxy is spoken to in plain text on the ports named here.
  webshare_proxy: {
    displayName: 'Webshare Proxy',
    type: 'user_password',
    apiBaseUrl: null,
    apiHosts: ['p.webshare.io', 'p.webshare.io:80', 'p.webshare.io:1080', 'p.webshare.io:3128'],
  },
  // Its POST calls expect the key in the body.
  zerobounce: {
    displayName: 'ZeroBounce',
    apiBaseUrl: 'https://api.zerobounce.net',
    apiHosts: ['api-eu.zerobounce.net', 'api-us.zerobounce.net', 'bulkapi.zerobounce.net'],
    key: { query: 'api_key' },
    verification: { method: 'GET', path: '/v2/getcredits', invalidWhen: [{ path: 'Credits', equals: '-1' }] },
  },
};
