// The schemas of a provider record and of an operator's entry: what they accept and refuse.
import { describe, expect, it } from 'vitest';
import { OperatorProvider, ProviderRecord } from '../../../../lib/domain/oauth/provider-record.ts';

const plain = {
  authorizationEndpoint: 'https://a.example/authorize',
  tokenEndpoint: 'https://a.example/token',
};

const CHOICES: Record<string, readonly string[]> = {
  revocationStyle: [
    ...['rfc7009', 'delete_basic', 'post_bearer', 'delete_bearer', 'json_basic', 'post_access_token'],
    ...['json_access_token', 'json_refresh_token', 'json_client_header', 'none'],
  ],
  clientAuth: ['client_secret_post', 'client_secret_basic', 'client_secret_basic_raw', 'none'],
  identityMethod: ['GET', 'POST'],
  tokenRequestFormat: ['form', 'json'],
};

describe('ProviderRecord', () => {
  it('requires only authorization and token endpoint', () => {
    expect(ProviderRecord.parse(plain)).toEqual(plain);
    for (const field of Object.keys(plain)) {
      expect(ProviderRecord.safeParse({ ...plain, [field]: undefined }).success).toBe(false);
      expect(ProviderRecord.safeParse({ ...plain, [field]: '' }).success).toBe(false);
    }
  });

  it.each(Object.entries(CHOICES).flatMap(([field, words]) => words.map((word) => [field, word] as const)))(
    'accepts as %s: %s',
    (field, word) => {
      expect(ProviderRecord.parse({ ...plain, [field]: word })).toMatchObject({ [field]: word });
      expect(ProviderRecord.safeParse({ ...plain, [field]: '' }).success).toBe(false);
    },
  );

  it.each([
    [{ pattern: 'com|eu', default: 'com', oneOf: ['com', 'eu'], example: 'eu' }, true],
    [{ pattern: 'com|eu', default: 'in' }, false],
    [{ pattern: 'com|eu', example: 'in' }, false],
    [{ pattern: 'com|eu', oneOf: ['com', 'in'] }, false],
    [{ pattern: 'com|eu', oneOf: [] }, false],
    [{ pattern: '(', default: 'com' }, false],
  ])('takes the variable %j: %s', (variable, isTaken) => {
    expect(ProviderRecord.safeParse({ ...plain, templateVariables: { domain: variable } }).success).toBe(isTaken);
  });

  it('defaults the prefix of a key header to none', () => {
    const { apiKeyHeader } = ProviderRecord.parse({ ...plain, apiKeyHeader: { name: 'x-api-key' } });
    expect(apiKeyHeader).toEqual({ name: 'x-api-key', prefix: '' });
  });

  it.each([{ accessTokenLifetimeSeconds: 0 }, { tokenEndpoint: 'x'.repeat(2049) }, { another: 'field' }])(
    'refuses %j',
    (given) => {
      expect(ProviderRecord.safeParse({ ...plain, ...given }).success).toBe(false);
    },
  );
});

describe('OperatorProvider', () => {
  it('accepts a client and any fields of a record', () => {
    expect(OperatorProvider.parse({ clientId: 'client-1' })).toEqual({ clientId: 'client-1' });
    const whole = { clientId: 'client-1', clientSecret: 'secret-1', tokenEndpoint: 'https://a.example/token' };
    expect(OperatorProvider.parse(whole)).toEqual(whole);
  });

  it.each([{}, { clientId: '' }, { clientId: 'client-1', clientSecret: '' }, { clientId: 'client-1', secret: 'x' }])(
    'refuses %j',
    (given) => {
      expect(OperatorProvider.safeParse(given).success).toBe(false);
    },
  );
});
