// Example bodies of what the operator configured: providers and system credentials.

/** By the id of the schema. */
export const operatorExamples = {
  Health: [{ status: 'ok' }],
  ProviderList: [
    {
      providers: [
        {
          provider: 'github',
          displayName: 'GitHub',
          authTypes: ['oauth2', 'api_key'],
          oauth: { configured: true, defaultScopes: ['repo'], device: true },
          fields: { api_key: [{ name: 'apiKey', label: 'API key', secret: true, required: true }] },
          variables: [],
          verifiable: true,
          system: false,
        },
      ],
    },
  ],
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
          resource: null,
          data: null,
          expiresAt: null,
          version: null,
          createdAt: null,
          updatedAt: null,
        },
      ],
    },
  ],
};
