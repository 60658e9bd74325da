// Providers and accounts for a link plane without a server: made up, except for well-known names.
import type { Account, Provider } from '../../../web/app/logic/contract.ts';

const KEY = { name: 'apiKey', label: 'API key', secret: true, required: true };
const PASSWORD = [
  { name: 'username', label: 'User name', secret: false, required: true },
  { name: 'password', label: 'Password', secret: true, required: true },
];

const provider = (name: string, displayName: string, given: Partial<Provider> = {}): Provider => ({
  provider: name,
  displayName,
  authTypes: ['oauth2'],
  oauth: { configured: true, device: false },
  fields: {},
  variables: [],
  verifiable: false,
  ...given,
});

const keyProvider = (name: string, displayName: string, given: Partial<Provider> = {}): Provider =>
  provider(name, displayName, {
    ...{ authTypes: ['api_key'], oauth: null, fields: { api_key: [KEY] }, verifiable: true },
    ...given,
  });

/** Thirteen providers, with every way to connect. */
export const fakeProviders: readonly Provider[] = [
  keyProvider('anthropic', 'Anthropic'),
  provider('asana', 'Asana'),
  provider('dropbox', 'Dropbox'),
  provider('github', 'GitHub', {
    ...{ authTypes: ['oauth2', 'api_key'], oauth: { configured: true, device: true }, fields: { api_key: [KEY] } },
    verifiable: true,
  }),
  provider('google', 'Google'),
  provider('linear', 'Linear'),
  provider('mcp', 'MCP server'),
  provider('notion', 'Notion'),
  keyProvider('openai', 'OpenAI'),
  provider('shopify', 'Shopify', { variables: [{ name: 'shop', label: 'Shop', required: true, example: 'my-shop' }] }),
  provider('slack', 'Slack'),
  keyProvider('smtp', 'SMTP', { authTypes: ['user_password'], fields: { user_password: PASSWORD }, verifiable: false }),
  keyProvider('zendesk', 'Zendesk', {
    variables: [{ name: 'region', label: 'Region', required: false, oneOf: ['eu', 'us'], default: 'eu' }],
  }),
];

/** An account, by default one that works. */
export const fakeAccount = (given: Partial<Account> = {}): Account => ({
  id: 'github-1',
  provider: 'github',
  type: 'oauth2',
  title: null,
  source: 'user',
  status: 'active',
  reason: null,
  username: 'ada-lovelace',
  scopes: ['repo'],
  resource: null,
  ...given,
});

/** One that works, one that must be reconnected, and a key. */
export const fakeAccounts: readonly Account[] = [
  fakeAccount({ title: 'Work' }),
  fakeAccount({
    ...{ id: 'slack-1', provider: 'slack', username: 'Analytical Engines', scopes: ['chat:write'] },
    ...{ status: 'reconnect_required', reason: 'invalid_grant' },
  }),
  fakeAccount({
    id: 'openai-1',
    provider: 'openai',
    type: 'api_key',
    title: 'OpenAI key',
    username: null,
    scopes: null,
  }),
];

/** MCP servers, which have no names. */
export const fakeServers: readonly Account[] = ['https://mcp.notes.example/mcp', 'https://tools.example/mail/mcp'].map(
  (resource, place) => fakeAccount({ id: `mcp-${place}`, provider: 'mcp', username: null, scopes: ['read'], resource }),
);
