// Settings from context reach every function; a malformed one fails the synthesis with its name, never its value.
import { RootConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { readDeployOptions } from '../../cdk/settings/deploy-options.ts';
import { readSettings } from '../../cdk/settings/settings.ts';
import { readStage } from '../../cdk/settings/stage.ts';
import { readConfig } from '../../lib/config.ts';
import { routes } from '../../lib/http/routes/routes.ts';
import { type Context, makeApp, readEnvironment, synthesize } from './support/synthesize.ts';

const functionNames = [...new Set(routes.map((route) => route.function)), 'refresh-sweep', 'publish-events'];

const GIVEN = {
  PUBLIC_BASE_URL: 'https://keys.example.com',
  OAUTH_STATE_TTL_SECONDS: '300',
  MAX_OPEN_STATES_PER_USER: '7',
  REFRESH_MIN_TTL_SECONDS: '0',
  PROVIDER_TIMEOUT_MS: '2000',
  EXCHANGE_TIMEOUT_MS: '18000',
  REFRESH_LEASE_SECONDS: '20',
  ALLOWED_RETURN_URLS: 'https://app.example.com/done',
  ALLOWED_ORIGINS: 'https://app.example.com',
  ALLOWED_CALLBACK_URLS: 'https://app.example.com/back?x=1,http://localhost:5173/back',
  SECRETS_MAX_AGE_SECONDS: '0',
  SYSTEM_KEYS_MAX_AGE_SECONDS: '60',
  SWEEP_SECONDS: '90',
  MAX_CREDENTIALS_PER_USER: '50',
  MAX_CALLS_PER_USER_PER_SECOND: '0',
  MAX_BAD_CALLBACKS_PER_SECOND: '9',
};

/** Reads settings and options without building the stack. */
const refusal = (context: Context): string => {
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries({ identity: 'cognito', ...context })) node.setContext(name, value);
  try {
    const stage = readStage(node);
    readDeployOptions(stage);
    readSettings(stage);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

const WITHOUT_RIGHTS: ReadonlySet<string> = new Set(['health', 'connect-page', 'client-metadata']);

describe('settings from context', () => {
  const template = synthesize(GIVEN);

  it.each(functionNames.filter((name) => !WITHOUT_RIGHTS.has(name)))(
    'are in the environment of %s under their own names',
    (name) => {
      expect(readEnvironment(template, name)).toMatchObject(GIVEN);
    },
  );

  it('of the connect page are in the environment of its function; of others only the name, where the OAuth client has it', () => {
    const given = { CONNECT_PAGE_NAME: 'Acme & Söhne', CONNECT_PAGE_ACCENT: '#0a7f5a' };
    const branded = synthesize({ ...given, PUBLIC_BASE_URL: 'https://keys.example.com' });
    expect(readEnvironment(branded, 'connect-page')).toEqual(given);
    expect(readEnvironment(branded, 'client-metadata')).toEqual({
      CONNECT_PAGE_NAME: given.CONNECT_PAGE_NAME,
      PUBLIC_BASE_URL: 'https://keys.example.com',
    });
    for (const name of functionNames.filter((each) => each !== 'connect-page' && each !== 'client-metadata')) {
      const registers = name.endsWith('start-api');
      const found = Object.keys(readEnvironment(branded, name)).filter((key) => key in given);
      expect([name, found]).toEqual([name, registers ? ['CONNECT_PAGE_NAME'] : []]);
    }
  });

  it('may be numbers, as in cdk.json', () => {
    expect(readEnvironment(synthesize({ SWEEP_SECONDS: 120 }), 'refresh-sweep').SWEEP_SECONDS).toBe('120');
  });

  it('may name an empty list', () => {
    expect(refusal({ ALLOWED_RETURN_URLS: '', ALLOWED_ORIGINS: '', ALLOWED_CALLBACK_URLS: '' })).toBe('accepted');
  });
});

describe('a malformed value', () => {
  it.each([
    ['PUBLIC_BASE_URL', 'http://keys.example.com'],
    ['PUBLIC_BASE_URL', 'https://user@keys.example.com'],
    ['PUBLIC_BASE_URL', 'https://keys.example.com/#'],
    ['PUBLIC_BASE_URL', 'https://keys.example.com/?a=b'],
    ['OAUTH_STATE_TTL_SECONDS', '0'],
    ['OAUTH_STATE_TTL_SECONDS', '1.5'],
    ['OAUTH_STATE_TTL_SECONDS', '-3'],
    ['MAX_OPEN_STATES_PER_USER', 'many'],
    ['REFRESH_MIN_TTL_SECONDS', '9999999999'],
    ['PROVIDER_TIMEOUT_MS', '60000'],
    ['EXCHANGE_TIMEOUT_MS', '20001'],
    ['REFRESH_LEASE_SECONDS', '29'],
    ['REFRESH_LEASE_SECONDS', '0x10'],
    ['ALLOWED_RETURN_URLS', '*'],
    ['ALLOWED_RETURN_URLS', 'https://app.example.com/done?a=b'],
    ['ALLOWED_RETURN_URLS', 'https://app.example.com/done#'],
    ['ALLOWED_RETURN_URLS', 'https://App.example.com/done'],
    ['ALLOWED_RETURN_URLS', 'https://app.example.com/a/../done'],
    ['ALLOWED_RETURN_URLS', 'https://user@app.example.com/done'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_ORIGINS', 'https://app.example.com/'],
    ['ALLOWED_ORIGINS', 'https://app.example.com,ftp://app.example.com'],
    ['ALLOWED_ORIGINS', 'https://user@app.example.com'],
    ['ALLOWED_CALLBACK_URLS', 'https://app.example.com/back#part'],
    ['ALLOWED_CALLBACK_URLS', 'https://user:word@app.example.com/back'],
    ['ALLOWED_CALLBACK_URLS', '/back'],
    ['ALLOWED_CALLBACK_URLS', 'https://app.example.com/back, https://app.example.com/other'],
    ['ALLOWED_CALLBACK_URLS', 'https://app.example.com/back,'],
    ['SECRETS_MAX_AGE_SECONDS', ''],
    ['SYSTEM_KEYS_MAX_AGE_SECONDS', '1e3'],
    ['SWEEP_SECONDS', '0'],
    ['MAX_CREDENTIALS_PER_USER', 'true'],
    ['memoryMegabytes', '64'],
    ['logRetentionDays', '31'],
    ['MAX_CALLS_PER_USER_PER_SECOND', '100001'],
    ['MAX_BAD_CALLBACKS_PER_SECOND', '-1'],
    ['userThrottleRate', '0'],
    ['callbackThrottleBurst', 'x'],
    ['runtimeApiConcurrency', '1.5'],
    ['selfSignUp', 'yes'],
    ['alarmTopicArn', 'on-call'],
  ])('%s=%s is refused', (name, value) => {
    expect(refusal({ [name]: value })).toMatch(new RegExp(`^context ${name} must be `));
  });

  it.each([
    [{ SWEEP_SECONDS: '751' }],
    [{ REFRESH_MIN_TTL_SECONDS: '1201' }],
    [{ SWEEP_SECONDS: '600', REFRESH_MIN_TTL_SECONDS: '601' }],
  ])('fails the synthesis when tokens could not be renewed in time: %j', (context) => {
    expect(refusal(context)).toMatch(/REFRESH_MIN_TTL_SECONDS .* SWEEP_SECONDS/);
  });

  it('fails the synthesis', () => {
    expect(() => makeApp({ SWEEP_SECONDS: 'soon' })).toThrow('SWEEP_SECONDS');
  });

  it('does not appear in the error', () => {
    expect(refusal({ PUBLIC_BASE_URL: 'http://token-in-here.example.com' })).not.toContain('token-in-here');
  });
});

describe('an unknown name', () => {
  it.each([
    ['SWEEP_SECOND', 'SWEEP_SECONDS'],
    ['jwtIsuer', 'jwtIssuer'],
    ['memorymegabytes', 'memoryMegabytes'],
    ['stag', 'stage'],
  ])('%s fails, and the error names the nearest, %s', (name, nearest) => {
    expect(refusal({ [name]: '1' })).toBe(`context ${name} is unknown; the nearest is ${nearest}`);
  });
});

describe('synthesis and cold start', () => {
  const names = Object.keys(GIVEN).filter((name) => /_SECONDS$|^MAX_/.test(name));
  const values = ['0', '1', '86400', '86401', '100000', '100001'];
  const startsWith = (name: string, value: string): boolean => {
    try {
      readConfig({ TABLE_NAME: 'table', [name]: value });
      return true;
    } catch {
      return false;
    }
  };

  it.each(names)('agree on %s: a value that a function would refuse fails the synthesis', (name) => {
    const deployed = values.filter((value) => refusal({ [name]: value }) === 'accepted');
    expect(deployed.filter((value) => !startsWith(name, value))).toEqual([]);
  });
});
