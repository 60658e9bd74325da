// Example bodies of connect links and their page.

/** By the id of the schema. */
export const linkExamples = {
  NewConnectLink: [{ provider: 'github', scopes: ['repo'], returnUrl: 'https://app.example.com/connected' }],
  ConnectLink: [
    {
      url: 'https://keyhold.example.com/connect#zW8c0bEwU5Zk3o0lD1r6eXv4mJt9QaYhN2sKfPgRiuT',
      expiresAt: '2030-01-01T00:30:00.000Z',
    },
  ],
  LinkView: [
    {
      manage: false,
      providers: [
        {
          provider: 'github',
          displayName: 'GitHub',
          authTypes: ['oauth2'],
          oauth: { configured: true, defaultScopes: ['repo'], device: true },
          fields: {},
          variables: [],
          verifiable: true,
          system: false,
        },
      ],
      preset: { provider: 'github', mcpServerUrl: null, credentialId: null, scopes: ['repo'], variables: null },
      credentials: null,
      returnUrl: 'https://app.example.com/connected',
      expiresAt: '2030-01-01T00:30:00.000Z',
    },
  ],
  ConnectPage: ['<!doctype html><title>Connect an account · Acme</title><div id="page"></div>'],
};
