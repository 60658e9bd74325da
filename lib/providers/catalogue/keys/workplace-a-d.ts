// Documents, tasks, calendars and chat, A to D: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const workplaceAToDKeys: KeyProviders = {
  airtable: {
    displayName: 'Airtable',
    apiBaseUrl: 'https://api.airtable.com',
    apiHosts: ['content.airtable.com'],
    verification: { method: 'GET', path: '/v0/meta/whoami' },
  },
  asana: {
    displayName: 'Asana',
    apiBaseUrl: 'https://app.asana.com/api',
    verification: { method: 'GET', path: '/1.0/users/me' },
  },
  'cal-com': {
    displayName: 'Cal.com',
    apiBaseUrl: 'https://api.cal.com',
    verification: { method: 'GET', path: '/v2/me' },
  },
  calendly: {
    displayName: 'Calendly',
    apiBaseUrl: 'https://api.calendly.com',
    verification: { method: 'GET', path: '/users/me' },
  },
  clickup: {
    displayName: 'ClickUp',
    apiBaseUrl: 'https://api.clickup.com/api',
    key: header('authorization'),
    verification: { method: 'GET', path: '/v2/user' },
  },
  clockify: {
    displayName: 'Clockify',
    apiBaseUrl: 'https://api.clockify.me/api',
    apiHosts: ['reports.api.clockify.me'],
    key: header('x-api-key'),
    verification: { method: 'GET', path: '/v1/workspaces' },
  },
  coda: {
    displayName: 'Coda',
    apiBaseUrl: 'https://coda.io/apis',
    verification: { method: 'GET', path: '/v1/whoami' },
  },
  discord: {
    displayName: 'Discord',
    apiBaseUrl: 'https://discord.com/api',
    key: header('authorization', 'Bot '),
    verification: { method: 'GET', path: '/users/@me' },
  },
  dropbox: {
    displayName: 'Dropbox',
    apiBaseUrl: 'https://api.dropboxapi.com',
    apiHosts: ['content.dropboxapi.com'],
    verification: { method: 'POST', path: '/2/users/get_current_account' },
  },
};
