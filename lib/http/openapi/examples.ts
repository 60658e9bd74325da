// Examples of requests and answers, by the id of their schema. Apart from the schemas, which are part of every function's bundle.
import type { Schema } from '../routes/route.ts';

const examples: Readonly<Record<string, readonly unknown[]>> = {
  Health: [{ status: 'ok' }],
  ProviderList: [
    {
      providers: [
        {
          provider: 'github',
          displayName: 'GitHub',
          authTypes: ['oauth2', 'api_key'],
          oauth: { configured: true, defaultScopes: ['repo'] },
          system: false,
        },
      ],
    },
  ],
  CredentialList: [
    {
      version: 1,
      credentials: [
        {
          id: 'openai-work',
          provider: 'openai',
          type: 'api_key',
          title: 'Work',
          source: 'user',
          status: 'active',
          reason: null,
          username: null,
          scopes: null,
          host: null,
          expiresAt: null,
          version: 1,
          createdAt: '2030-01-01T00:00:00.000Z',
          updatedAt: '2030-01-01T00:00:00.000Z',
        },
      ],
      providers: ['openai'],
    },
  ],
  NewStaticCredential: [
    { type: 'api_key', provider: 'openai', id: 'openai-work', title: 'Work', apiKey: 'sk-example' },
    { type: 'user_password', provider: 'smtp', username: 'alice', password: 'example-password' },
    { type: 'host_scoped', provider: 'internal-api', host: 'api.example.com', headers: { 'x-api-key': 'example-key' } },
  ],
  CredentialView: [
    {
      id: 'openai-work',
      provider: 'openai',
      type: 'api_key',
      title: 'Work',
      source: 'user',
      status: 'active',
      reason: null,
      username: null,
      scopes: null,
      host: null,
      expiresAt: null,
      version: 1,
      createdAt: '2030-01-01T00:00:00.000Z',
      updatedAt: '2030-01-01T00:00:00.000Z',
    },
  ],
  CredentialTitle: [{ title: 'Private' }],
  DeletedCredential: [{ deleted: true, revoked: true, revokedTokens: ['refresh_token', 'access_token'] }],
  NewConnection: [{ provider: 'github', scopes: ['repo'], returnUrl: 'https://app.example.com/connected' }],
  StartedConnection: [
    {
      state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT',
      authorizationUrl:
        'https://github.com/login/oauth/authorize?client_id=abc&state=zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT',
      expiresAt: '2030-01-01T00:10:00.000Z',
    },
  ],
  ConnectionCompletion: [
    { state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT', receipt: 'p4Vn1x0Gk7sQy2LhZ8cRbT5wEuJdMfA3iOoX9KvSrPq' },
    { state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT', code: '4f7c2a9be1' },
  ],
  NewDeviceConnection: [{ provider: 'github' }],
  StartedDeviceConnection: [
    {
      state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT',
      userCode: 'WDJB-MJHT',
      verificationUri: 'https://github.com/login/device',
      interval: 5,
      expiresAt: '2030-01-01T00:15:00.000Z',
    },
  ],
  DeviceConnectionPoll: [{ state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT' }],
  DeviceConnectionStatus: [{ status: 'pending', credential: null }],
  CallbackPage: ['<!doctype html><title>Almost done</title><code id="receipt">p4Vn1x0Gk7s</code>'],
  NewCredential: [
    { type: 'api_key', provider: 'openai', id: 'openai-work', title: 'Work', apiKey: 'sk-example' },
    { type: 'user_password', provider: 'smtp', username: 'alice', password: 'example-password' },
    { type: 'host_scoped', provider: 'internal-api', host: 'api.example.com', headers: { 'x-api-key': 'example-key' } },
    {
      type: 'oauth2',
      provider: 'github',
      accessToken: 'gho_example',
      refreshToken: 'ghr_example',
      accessTokenExpiresAt: '2030-01-01T08:00:00.000Z',
      scopes: ['repo'],
    },
  ],
  Credential: [
    {
      id: 'openai-work',
      provider: 'openai',
      type: 'api_key',
      title: 'Work',
      source: 'user',
      status: 'active',
      reason: null,
      username: null,
      scopes: null,
      host: null,
      expiresAt: null,
      version: 1,
      createdAt: '2030-01-01T00:00:00.000Z',
      updatedAt: '2030-01-01T00:00:00.000Z',
      secret: { apiKey: 'sk-example' },
    },
  ],
  ResolveRequest: [{ provider: 'openai' }],
  ResolvedCredential: [
    {
      credential: {
        id: 'openai-work',
        provider: 'openai',
        type: 'api_key',
        title: 'Work',
        source: 'user',
        status: 'active',
        reason: null,
        username: null,
        scopes: null,
        host: null,
        expiresAt: null,
        version: 1,
        createdAt: '2030-01-01T00:00:00.000Z',
        updatedAt: '2030-01-01T00:00:00.000Z',
        secret: { apiKey: 'sk-example' },
      },
      headers: { authorization: 'Bearer sk-example' },
      query: {},
      baseUrl: 'https://api.openai.com',
      expiresAt: null,
      stale: false,
    },
  ],
  CredentialEdit: [
    { put: [{ type: 'api_key', provider: 'openai', id: 'new', apiKey: 'sk-example' }], delete: ['old'] },
  ],
  EditedUser: [{ version: 4 }],
  ErasedUser: [{ credentials: 3, managed: 1, revoked: 2 }],
  SystemCredentialList: [
    {
      credentials: [
        {
          id: '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a',
          provider: 'openai',
          type: 'api_key',
          title: 'Use Credits for OpenAI',
          source: 'system',
          status: 'active',
          reason: null,
          username: null,
          scopes: null,
          host: null,
          expiresAt: null,
          version: null,
          createdAt: null,
          updatedAt: null,
        },
      ],
    },
  ],
  NewOAuthState: [{ provider: 'github', scopes: ['repo'], callbackUrl: 'https://app.example.com/callback' }],
  CreatedOAuthState: [
    {
      token: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT',
      codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      codeChallengeMethod: 'S256',
      expiresAt: '2030-01-01T00:10:00.000Z',
    },
  ],
  OAuthStateToken: [{ token: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT', provider: 'github' }],
  ConsumedOAuthState: [
    {
      provider: 'github',
      scopes: ['repo'],
      codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      callbackUrl: 'https://app.example.com/callback',
      metadata: null,
      initiatedByApiKeyId: null,
      expiresAt: '2030-01-01T00:10:00.000Z',
    },
  ],
  ManagedSecret: [{ secret: 'example-profile-key' }],
  ManagedCredential: [{ secret: 'example-profile-key' }],
};

/** The examples of a schema; empty for one without an id. */
export const findExamples = (schema: Schema): readonly unknown[] => examples[schema.meta()?.id ?? ''] ?? [];
