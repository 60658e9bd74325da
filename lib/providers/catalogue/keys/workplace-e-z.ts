// Documents, tasks, calendars and chat, E to Z: where keys are sent, and the call that checks one. Their sources are in `key-sources`.
import { header, type KeyProviders } from '../key-provider.ts';

/** By provider. */
export const workplaceEToZKeys: KeyProviders = {
  figma: {
    displayName: 'Figma',
    apiBaseUrl: 'https://api.figma.com',
    key: header('x-figma-token'),
    verification: { method: 'GET', path: '/v1/me' },
  },
  guru: {
    displayName: 'Guru',
    type: 'user_password',
    apiBaseUrl: 'https://api.getguru.com/api',
    verification: { method: 'GET', path: '/v1/whoami' },
  },
  // The user name is the e-mail address.
  jira: {
    displayName: 'Jira',
    type: 'user_password',
    apiBaseUrl: 'https://{subdomain}.atlassian.net',
    templateVariables: { subdomain: { pattern: '[a-z0-9][a-z0-9-]{0,62}', example: 'acme' } },
    verification: { method: 'GET', path: '/rest/api/3/myself' },
  },
  jotform: {
    displayName: 'Jotform',
    apiBaseUrl: 'https://api.jotform.com',
    apiHosts: ['eu-api.jotform.com'],
    key: header('apikey'),
    verification: { method: 'GET', path: '/user' },
  },
  linear: {
    displayName: 'Linear',
    apiBaseUrl: 'https://api.linear.app',
    key: header('authorization'),
  },
  notion: {
    displayName: 'Notion',
    apiBaseUrl: 'https://api.notion.com',
    verification: { method: 'GET', path: '/v1/users/me', headers: { 'notion-version': '2022-06-28' } },
  },
  shortcut: {
    displayName: 'Shortcut',
    apiBaseUrl: 'https://api.app.shortcut.com',
    key: header('shortcut-token'),
    verification: { method: 'GET', path: '/api/v3/member' },
  },
  slack: {
    displayName: 'Slack',
    apiBaseUrl: 'https://slack.com/api',
    apiHosts: ['files.slack.com'],
    verification: {
      method: 'GET',
      path: '/auth.test',
      invalidWhen: [
        { path: 'error', equals: 'invalid_auth' },
        { path: 'error', equals: 'account_inactive' },
        { path: 'error', equals: 'token_revoked' },
      ],
    },
  },
  todoist: {
    displayName: 'Todoist',
    apiBaseUrl: 'https://api.todoist.com',
    verification: { method: 'GET', path: '/api/v1/user' },
  },
  typeform: {
    displayName: 'Typeform',
    apiBaseUrl: 'https://api.typeform.com',
    apiHosts: ['api.eu.typeform.com'],
    verification: { method: 'GET', path: '/me' },
  },
  webflow: {
    displayName: 'Webflow',
    apiBaseUrl: 'https://api.webflow.com',
    verification: { method: 'GET', path: '/v2/sites' },
  },
};
