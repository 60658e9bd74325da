// Marketing, sales, post, payment and support, A to L: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const businessAToLKeys: KeyProviders = {
  'active-campaign': {
    displayName: 'ActiveCampaign',
    apiBaseUrl: 'https://{hostname}/api',
    templateVariables: {
      hostname: { pattern: '[a-z0-9-]+\\.(?:activehosted|api-us1)\\.com', example: 'acme.api-us1.com' },
    },
    key: header('api-token'),
    verification: { method: 'GET', path: '/3/users/me' },
  },
  affinity: {
    displayName: 'Affinity',
    apiBaseUrl: 'https://api.affinity.co',
    verification: { method: 'GET', path: '/v2/auth/whoami' },
  },
  brevo: {
    displayName: 'Brevo',
    apiBaseUrl: 'https://api.brevo.com',
    key: header('api-key'),
    verification: { method: 'GET', path: '/v3/account' },
  },
  // The user name is the key; any password does.
  freshdesk: {
    displayName: 'Freshdesk',
    type: 'user_password',
    apiBaseUrl: 'https://{subdomain}.freshdesk.com',
    templateVariables: { subdomain: { pattern: '[a-z0-9][a-z0-9-]{0,62}', example: 'acme' } },
  },
  front: {
    displayName: 'Front',
    apiBaseUrl: 'https://api2.frontapp.com',
    apiHosts: ['*.api.frontapp.com'],
    verification: { method: 'GET', path: '/me' },
  },
  getresponse: {
    displayName: 'GetResponse',
    apiBaseUrl: 'https://api.getresponse.com',
    key: header('x-auth-token', 'api-key '),
  },
  hubspot: {
    displayName: 'HubSpot',
    apiBaseUrl: 'https://api.hubapi.com',
    verification: { method: 'GET', path: '/account-info/v3/details' },
  },
  intercom: {
    displayName: 'Intercom',
    apiBaseUrl: 'https://api.intercom.io',
    apiHosts: ['api.au.intercom.io', 'api.eu.intercom.io'],
    verification: { method: 'GET', path: '/me' },
  },
  klaviyo: {
    displayName: 'Klaviyo',
    apiBaseUrl: 'https://a.klaviyo.com',
    key: header('authorization', 'Klaviyo-API-Key '),
    verification: { method: 'GET', path: '/api/accounts', headers: { revision: '2025-01-15' } },
  },
  // The user name is the key; the password is empty.
  lob: {
    displayName: 'Lob',
    type: 'user_password',
    apiBaseUrl: 'https://api.lob.com',
    verification: { method: 'GET', path: '/v1/addresses?limit=1' },
  },
  loops: {
    displayName: 'Loops',
    apiBaseUrl: 'https://app.loops.so/api',
    verification: { method: 'GET', path: '/v1/api-key' },
  },
};
