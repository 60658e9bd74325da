// Example bodies of import and export.

/** By the id of the schema. */
export const movingExamples = {
  ImportRequest: [
    {
      format: 'autogpt',
      document: {
        credentials: [
          {
            id: '0f8b9f6e-2b7d-4a63-9c39-5a1a3f0f7c11',
            provider: 'github',
            type: 'oauth2',
            title: 'Work',
            username: 'alice',
            access_token: 'gho_example',
            access_token_expires_at: 1893484800,
            refresh_token: 'ghr_example',
            scopes: ['repo'],
            metadata: {},
          },
        ],
        managed_credentials: { ayrshare_profile_key: 'example-profile-key' },
        oauth_states: [],
      },
    },
    {
      format: 'keyhold',
      document: {
        credentials: [{ type: 'api_key', provider: 'openai', id: 'openai-work', apiKey: 'sk-example' }],
        managed: [{ provider: 'ayrshare', secret: 'example-profile-key' }],
      },
    },
  ],
  ImportReport: [
    {
      imported: ['0f8b9f6e-2b7d-4a63-9c39-5a1a3f0f7c11', 'managed/ayrshare'],
      skipped: [
        { id: '53c25cb8-e3ee-465c-a4d1-e75a4c899c2a', reason: 'system_credential' },
        { id: 'state/0', reason: 'expired_state' },
      ],
    },
  ],
  ExportedUser: [
    {
      format: 'keyhold',
      credentials: [
        {
          id: 'github-work',
          provider: 'github',
          type: 'oauth2',
          title: 'Work',
          host: null,
          resource: null,
          username: 'alice',
          accountId: '583231',
          scopes: ['repo'],
          data: null,
          expiresAt: '2030-01-01T08:00:00.000Z',
          refreshTokenExpiresAt: null,
          secretStoredAt: '2030-01-01T00:00:00.000Z',
          reason: null,
          createdAt: '2030-01-01T00:00:00.000Z',
          ordinal: 0,
          updatedAt: '2030-01-01T00:00:00.000Z',
          secret: { accessToken: 'gho_example', refreshToken: 'ghr_example' },
        },
      ],
      managed: [{ provider: 'ayrshare', secret: 'example-profile-key', reason: null }],
      next: null,
    },
  ],
};
