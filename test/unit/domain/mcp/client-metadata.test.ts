// This deployment as an OAuth client: the same description for the metadata document and for registrations.
import { describe, expect, it } from 'vitest';
import { describeClient, metadataDocument, ownRedirectUri } from '../../../../lib/domain/mcp/client-metadata.ts';

const BASE = 'https://keys.example.com';

describe('the description of the client', () => {
  it.each([
    ['https://keys.example.com/v1/oauth/callback', 'web'],
    ['https://localhost.example.com/cb', 'web'],
    ['http://localhost:3000/cb', 'native'],
    ['http://127.0.0.1/cb', 'native'],
    ['http://[::1]:8080/cb', 'native'],
  ])('with the redirect URI %s is of a %s application', (redirectUri, type) => {
    expect(describeClient({ name: 'Acme', redirectUri })).toEqual({
      client_name: 'Acme',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: type,
    });
  });

  it('in the document adds its own URL and a method without a secret', () => {
    expect(metadataDocument(BASE, 'Acme')).toEqual({
      client_id: `${BASE}/v1/oauth/client-metadata.json`,
      ...describeClient({ name: 'Acme', redirectUri: ownRedirectUri(BASE) }),
      token_endpoint_auth_method: 'none',
    });
  });
});
