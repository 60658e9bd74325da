// Example bodies of connections and OAuth states.

/** By the id of the schema. */
export const connectionExamples = {
  NewConnection: [
    { provider: 'github', scopes: ['repo'], returnUrl: 'https://app.example.com/connected' },
    { mcpServerUrl: 'https://mcp.example.com/mcp' },
  ],
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
  CallbackForm: [{ state: 'zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT', code: '4f7c2a9be1' }],
  CallbackPage: ['<!doctype html><title>Almost done</title><code id="receipt">p4Vn1x0Gk7s</code>'],
  ClientMetadataDocument: [
    {
      client_id: 'https://keys.example.com/v1/oauth/client-metadata.json',
      client_name: 'Acme',
      redirect_uris: ['https://keys.example.com/v1/oauth/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'web',
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
};
