// The settings in the environment: their defaults and bounds, and errors that name a setting without its value.
import { describe, expect, it } from 'vitest';
import { readConfig, requireSetting } from '../../../lib/config.ts';

const TABLE = { TABLE_NAME: 'table' };

const read = (environment: Record<string, string | undefined>) => readConfig({ ...TABLE, ...environment });

const complaint = (environment: Record<string, string | undefined>): string => {
  try {
    readConfig(environment);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
};

const numbers = [
  'SECRETS_MAX_AGE_SECONDS',
  'OAUTH_STATE_TTL_SECONDS',
  'MAX_OPEN_STATES_PER_USER',
  'MAX_CREDENTIALS_PER_USER',
  'REFRESH_MIN_TTL_SECONDS',
  'REFRESH_LEASE_SECONDS',
  'SWEEP_SECONDS',
] as const;

describe('readConfig', () => {
  it('fills in the documented defaults', () => {
    expect(read({})).toEqual({
      TABLE_NAME: 'table',
      SECRETS_MAX_AGE_SECONDS: 300,
      OAUTH_STATE_TTL_SECONDS: 600,
      MAX_OPEN_STATES_PER_USER: 100,
      MAX_CREDENTIALS_PER_USER: 1000,
      MAX_CALLS_PER_USER_PER_SECOND: 50,
      MAX_BAD_CALLBACKS_PER_SECOND: 5,
      REFRESH_MIN_TTL_SECONDS: 300,
      REFRESH_LEASE_SECONDS: 0,
      SWEEP_SECONDS: 300,
      PROVIDER_TIMEOUT_MS: 5000,
      EXCHANGE_TIMEOUT_MS: 20_000,
      ALLOWED_RETURN_URLS: [],
      ALLOWED_CALLBACK_URLS: [],
      LOOPBACK_PROVIDERS: false,
    });
  });

  it('reads settings and ignores unknown variables', () => {
    const set = { KMS_KEY_ID: 'key', SYSTEM_KEYS_SECRET: 'secret', MAX_CREDENTIALS_PER_USER: '7', PATH: '/bin' };
    expect(read(set)).toMatchObject({ KMS_KEY_ID: 'key', SYSTEM_KEYS_SECRET: 'secret', MAX_CREDENTIALS_PER_USER: 7 });
    expect(read(set)).not.toHaveProperty('PATH');
  });

  it.each(numbers)('treats an empty %s as not set', (name) => {
    expect(read({ [name]: '' })).toEqual(read({}));
  });

  it.each([{}, { TABLE_NAME: '' }, { TABLE_NAME: undefined }])('names the missing setting: %j', (environment) => {
    expect(complaint(environment)).toContain('TABLE_NAME');
  });

  it.each(
    numbers.flatMap((name) => ['canary', '-1', '1.5', 'NaN', 'Infinity', '1e9', ' '].map((value) => [name, value])),
  )('names %s when it is %j, and never says its value', (name = '', value = '') => {
    const said = complaint({ ...TABLE, [name]: value });
    expect(said).toContain(name);
    expect(said.replaceAll(/[A-Z_]+/g, '')).not.toContain(value.trim() || '\0');
  });

  it('names every malformed setting once', () => {
    const said = complaint({ MAX_CREDENTIALS_PER_USER: 'x', REFRESH_MIN_TTL_SECONDS: 'y' });
    for (const name of ['TABLE_NAME', 'MAX_CREDENTIALS_PER_USER', 'REFRESH_MIN_TTL_SECONDS']) {
      expect(said.split(name)).toHaveLength(2);
    }
  });

  it.each(['OAUTH_STATE_TTL_SECONDS', 'MAX_OPEN_STATES_PER_USER', 'MAX_CREDENTIALS_PER_USER'])(
    'refuses a %s of 0',
    (name) => {
      expect(complaint({ ...TABLE, [name]: '0' })).toContain(name);
    },
  );

  it.each(['SECRETS_MAX_AGE_SECONDS', 'REFRESH_MIN_TTL_SECONDS'])('accepts a %s of 0', (name) => {
    expect(read({ [name]: '0' })).toMatchObject({ [name]: 0 });
  });
});

describe('the maximum age of secrets', () => {
  it.each([
    [{ SECRETS_MAX_AGE_SECONDS: '7' }, 7],
    [{ SYSTEM_KEYS_MAX_AGE_SECONDS: '8' }, 8],
    [{ SECRETS_MAX_AGE_SECONDS: '7', SYSTEM_KEYS_MAX_AGE_SECONDS: '8' }, 7],
    [{ SECRETS_MAX_AGE_SECONDS: '', SYSTEM_KEYS_MAX_AGE_SECONDS: '8' }, 8],
    [{ SYSTEM_KEYS_MAX_AGE_SECONDS: '0' }, 0],
  ])('is read from its present or former name: %j', (environment, seconds) => {
    expect(read(environment).SECRETS_MAX_AGE_SECONDS).toBe(seconds);
  });

  it('is reported under the name that was set when it is malformed', () => {
    expect(complaint({ ...TABLE, SYSTEM_KEYS_MAX_AGE_SECONDS: 'x' })).toContain('SYSTEM_KEYS_MAX_AGE_SECONDS');
  });
});

describe('the time given to providers', () => {
  it.each([
    [{}, 5_000, 20_000],
    [{ PROVIDER_TIMEOUT_MS: '700' }, 700, 700],
    [{ EXCHANGE_TIMEOUT_MS: '900' }, 5_000, 900],
    [{ PROVIDER_TIMEOUT_MS: '700', EXCHANGE_TIMEOUT_MS: '900' }, 700, 900],
    [{ PROVIDER_TIMEOUT_MS: '700', EXCHANGE_TIMEOUT_MS: '' }, 700, 700],
  ])('with %j is %i ms, and %i ms at the token endpoint', (given, provider, exchange) => {
    expect(read(given)).toMatchObject({ PROVIDER_TIMEOUT_MS: provider, EXCHANGE_TIMEOUT_MS: exchange });
  });

  it.each([
    ['EXCHANGE_TIMEOUT_MS', '20001'],
    ['PROVIDER_TIMEOUT_MS', '15001'],
    ['REFRESH_LEASE_SECONDS', '29'],
  ])('refuses a %s of %s, which no function could use', (name, value) => {
    expect(complaint({ ...TABLE, [name]: value })).toBe(`missing or malformed setting: ${name}`);
  });
});

describe('requireSetting', () => {
  it('returns a setting that is set', () => {
    expect(requireSetting(read({ KMS_KEY_ID: 'key' }), 'KMS_KEY_ID')).toBe('key');
  });

  it.each(['KMS_KEY_ID', 'SYSTEM_KEYS_SECRET'] as const)('throws an error that names %s when it is not set', (name) => {
    expect(() => requireSetting(read({ [name]: '' }), name)).toThrow(name);
  });

  it('returns 0', () => {
    expect(requireSetting(read({ REFRESH_MIN_TTL_SECONDS: '0' }), 'REFRESH_MIN_TTL_SECONDS')).toBe(0);
  });
});
