// Builders of AutoGPT's decrypted documents: one user's credentials of all four types, managed keys and open flows.

type Fields = Record<string, unknown>;

/** Seconds of a time far ahead of every test's clock. */
export const LATER_SECONDS = Date.UTC(2040, 0, 1) / 1000;

/** An API key as AutoGPT stores it. */
export const autogptApiKey = (given: Fields = {}): Fields => ({
  id: '3e1d2a54-0b3e-4c0f-a1c6-9f0b7a6f0001',
  provider: 'openai',
  type: 'api_key',
  title: 'My key',
  api_key: 'sk-alice',
  expires_at: null,
  ...given,
});

/** A grant as AutoGPT stores it. */
export const autogptGrant = (given: Fields = {}): Fields => ({
  id: '3e1d2a54-0b3e-4c0f-a1c6-9f0b7a6f0002',
  provider: 'github',
  type: 'oauth2',
  title: null,
  username: 'alice-at-github',
  access_token: 'gho_alice',
  access_token_expires_at: LATER_SECONDS,
  refresh_token: 'ghr_alice',
  refresh_token_expires_at: LATER_SECONDS + 3600,
  scopes: ['repo', 'user:email'],
  metadata: { team: 7 },
  ...given,
});

/** A user name with its password as AutoGPT stores it. */
export const autogptPassword = (given: Fields = {}): Fields => ({
  id: '3e1d2a54-0b3e-4c0f-a1c6-9f0b7a6f0003',
  provider: 'smtp',
  type: 'user_password',
  title: 'Mail',
  username: 'alice@mail.example',
  password: 'pass word',
  ...given,
});

/** Header fields for a host as AutoGPT stores them. */
export const autogptHost = (given: Fields = {}): Fields => ({
  id: '3e1d2a54-0b3e-4c0f-a1c6-9f0b7a6f0004',
  provider: 'http',
  type: 'host_scoped',
  title: 'Internal',
  host: '*.Internal.example:8443',
  headers: { 'X-Api-Key': 'header-alice' },
  ...given,
});

/** An open OAuth flow as AutoGPT stores it. */
export const autogptState = (given: Fields = {}): Fields => ({
  token: 'A'.repeat(43),
  provider: 'github',
  expires_at: LATER_SECONDS,
  code_verifier: 'v'.repeat(128),
  scopes: ['repo'],
  callback_url: null,
  state_metadata: {},
  initiated_by_api_key_id: null,
  ...given,
});

/** The four credentials in one document. */
export const autogptDocument = (given: Fields = {}): Fields => ({
  credentials: [autogptApiKey(), autogptGrant(), autogptPassword(), autogptHost()],
  managed_credentials: { ayrshare_profile_key: 'profile-alice' },
  oauth_states: [],
  ...given,
});

/** The ids of that document's credentials, in its order. */
export const AUTOGPT_IDS = autogptDocument().credentials as { id: string }[];
