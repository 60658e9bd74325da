// The settings of the local server, and the environment that the functions get.
import { describe, expect, it } from 'vitest';
import { makeEnvironment } from '../../../local/lambda/function-environment.ts';
import { readSettings } from '../../../local/settings.ts';
import { StartRefused } from '../../../local/start-refused.ts';

const endpoints = {
  dynamodb: 'http://127.0.0.1:1',
  kms: 'http://127.0.0.1:2',
  secretsManager: 'http://127.0.0.1:3',
  eventBridge: 'http://127.0.0.1:4',
};
const refreshInvokeUrl = 'http://127.0.0.1:5/2015-03-31/functions/refresh/invocations';
const parts = { url: 'http://127.0.0.1:3000', endpoints, keyArn: 'arn:key', refreshInvokeUrl };

const buildEnvironment = (given: Record<string, string>) => makeEnvironment(given, readSettings(given), parts);

describe('readSettings', () => {
  it('has a default for every setting', () => {
    const { port, home, sweepSeconds, endpoints: given } = readSettings({});
    expect([port, sweepSeconds]).toEqual([3000, 5]);
    expect(home.endsWith('/.keyhold')).toBe(true);
    expect(given).toEqual({ dynamodb: undefined, kms: undefined, secretsManager: undefined, eventBridge: undefined });
  });

  const refused: [string, string][] = [
    ['PORT', 'x'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000 '],
    ['SWEEP_SECONDS', '1.5'],
    ['SECRETS_MAX_AGE_SECONDS', 'soon'],
    ['AWS_ENDPOINT_URL_DYNAMODB', 'localhost:8000'],
    ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'true'],
  ];
  it.each(refused)('refuses %s=%s and names it', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(StartRefused);
    expect(() => readSettings({ [name]: value })).toThrow(name);
  });

  it('refuses to run inside AWS Lambda', () => {
    expect(() => readSettings({ AWS_LAMBDA_FUNCTION_NAME: 'x' })).toThrow(StartRefused);
  });

  const sweeps: [Record<string, string>, number][] = [
    [{ SECRETS_MAX_AGE_SECONDS: '7' }, 7],
    [{ SYSTEM_KEYS_MAX_AGE_SECONDS: '8' }, 8],
    [{ SECRETS_MAX_AGE_SECONDS: '0' }, 1],
    [{ SECRETS_MAX_AGE_SECONDS: '7', SWEEP_SECONDS: '2' }, 2],
  ];
  it.each(sweeps)('given %j, sweeps every %d seconds', (given, seconds) => {
    expect(readSettings(given).sweepSeconds).toBe(seconds);
  });
});

describe('makeEnvironment', () => {
  it('removes every AWS variable of the developer', () => {
    const given = { AWS_PROFILE: 'prod', AWS_SESSION_TOKEN: 't', AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-west-1' };
    const environment = buildEnvironment({ ...given, PATH: '/bin' });
    expect(environment).toMatchObject({ PATH: '/bin', AWS_ACCESS_KEY_ID: 'local', AWS_REGION: 'us-east-1' });
    expect(environment).not.toHaveProperty('AWS_PROFILE');
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
  });

  it('passes the return URLs on as given, and makes none of the origins that may call', () => {
    const given = { ALLOWED_RETURN_URLS: 'https://app.example/done', ALLOWED_ORIGINS: 'https://b.example' };
    expect(buildEnvironment(given).ALLOWED_RETURN_URLS).toBe('https://app.example/done');
    expect(buildEnvironment({ ALLOWED_ORIGINS: 'https://b.example' })).not.toHaveProperty('ALLOWED_RETURN_URLS');
  });

  it('has the endpoints of what the server started', () => {
    expect(buildEnvironment({})).toMatchObject({
      PUBLIC_BASE_URL: 'http://127.0.0.1:3000',
      KMS_KEY_ID: 'arn:key',
      AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
      AWS_ENDPOINT_URL_KMS: endpoints.kms,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
      AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventBridge,
      EVENT_BUS_NAME: 'keyhold',
    });
  });
});
