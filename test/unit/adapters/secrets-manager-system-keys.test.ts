// The keys of system credentials: how they are read, cached and logged, and what is answered while the secret cannot be read.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { secretsManagerSystemKeys } from '../../../lib/adapters/secrets/secrets-manager-system-keys.ts';
import type { Log } from '../../../lib/domain/ports/telemetry.ts';
import { MINUTE } from '../../support/builders.ts';
import { settableClock } from '../../support/memory/memory-deps.ts';

const secrets = mockClient(SecretsManagerClient);
afterAll(() => secrets.restore());
afterAll(() => secrets.restore());

beforeEach(() => {
  secrets.reset();
});

const say = (text: string | undefined) => secrets.on(GetSecretValueCommand).resolves({ SecretString: text });
const fail = (name: string) =>
  secrets.on(GetSecretValueCommand).rejects(Object.assign(new Error('canary'), { name, $metadata: {} }));
const fetches = () => secrets.commandCalls(GetSecretValueCommand).length;

const reader = (maxAgeSeconds = 300) => {
  const clock = settableClock();
  const log = { info: vi.fn<Log['info']>(), warn: vi.fn<Log['warn']>(), error: vi.fn<Log['error']>() };
  const { systemKeys } = secretsManagerSystemKeys({ secretId: 'system-keys', maxAgeSeconds }, { clock, log });
  const read = async () => Object.fromEntries([...(await systemKeys())].map(([name, key]) => [name, key.expose()]));
  return { clock, log, read, systemKeys };
};

const notText = ['', 'canary', '{"canary":', '"canary"', '["canary"]', '5', 'null', 'true'];

describe('secretsManagerSystemKeys', () => {
  it('reads a JSON object of setting names and values', async () => {
    say('{"openai_api_key":"k1","groq_api_key":"k2"}');
    expect(await reader().read()).toEqual({ openai_api_key: 'k1', groq_api_key: 'k2' });
    expect(secrets.commandCalls(GetSecretValueCommand)[0]?.args[0].input).toEqual({ SecretId: 'system-keys' });
  });

  it.each([
    ['{}', {}],
    ['{"a":"","b":"k"}', { b: 'k' }],
    ['{"a":null,"b":5,"c":["k"],"d":{"e":"k"},"f":true,"g":"k"}', { g: 'k' }],
  ])('keeps only settings with a non-empty text: %s', async (text, expected) => {
    say(text);
    expect(await reader().read()).toEqual(expected);
  });

  it('wraps values so that they cannot be printed', async () => {
    say('{"openai_api_key":"canary"}');
    const keys = await reader().systemKeys();
    expect(JSON.stringify([...keys])).not.toContain('canary');
  });

  it('makes no call before the first read, and one within the maximum age', async () => {
    say('{}');
    const { clock, read } = reader();
    expect(fetches()).toBe(0);
    await read();
    clock.advance(300_000 - 1);
    await read();
    expect(fetches()).toBe(1);
  });

  it('shares one call among concurrent readers', async () => {
    say('{}');
    const { read } = reader();
    await Promise.all([read(), read(), read()]);
    expect(fetches()).toBe(1);
  });

  it('returns a rotated key after the maximum age', async () => {
    say('{"openai_api_key":"old"}');
    const { clock, read } = reader();
    await read();
    say('{"openai_api_key":"new"}');
    clock.advance(300_000);
    expect(await read()).toEqual({ openai_api_key: 'new' });
  });

  it('makes a call for every read when the maximum age is 0', async () => {
    say('{}');
    const { read } = reader(0);
    await read();
    await read();
    expect(fetches()).toBe(2);
  });
});

describe('secretsManagerSystemKeys while the secret cannot be read', () => {
  it.each([
    'AccessDeniedException',
    'ThrottlingException',
    'ResourceNotFoundException',
    'DecryptionFailure',
    'TimeoutError',
  ])('throws secrets_unavailable at a cold start: %s', async (name) => {
    fail(name);
    await expect(reader().read()).rejects.toMatchObject({ code: 'secrets_unavailable' });
  });

  it.each([...notText, undefined])('throws secrets_unavailable when the secret is no JSON object: %j', async (text) => {
    say(text);
    await expect(reader().read()).rejects.toMatchObject({ code: 'secrets_unavailable' });
  });

  it.each(['AccessDeniedException', 'ThrottlingException', 'TimeoutError'])(
    'returns the last good value: %s',
    async (name) => {
      say('{"openai_api_key":"good"}');
      const { clock, read } = reader();
      await read();
      fail(name);
      clock.advance(60 * MINUTE - 1);
      expect(await read()).toEqual({ openai_api_key: 'good' });
    },
  );

  it.each(notText)('returns the last good value while the text is invalid: %j', async (text) => {
    say('{"openai_api_key":"good"}');
    const { clock, read } = reader();
    await read();
    say(text);
    clock.advance(300_000);
    expect(await read()).toEqual({ openai_api_key: 'good' });
  });

  it('returns the last good value for at most an hour', async () => {
    say('{"openai_api_key":"good"}');
    const { clock, read } = reader();
    await read();
    fail('ThrottlingException');
    clock.advance(60 * MINUTE);
    await expect(read()).rejects.toMatchObject({ code: 'secrets_unavailable' });
  });

  it('returns the new value as soon as the secret can be read', async () => {
    fail('ThrottlingException');
    const { read } = reader();
    await read().catch(() => {});
    say('{"openai_api_key":"k"}');
    expect(await read()).toEqual({ openai_api_key: 'k' });
  });

  it.each([...notText, undefined])('logs a warning without the text: %j', async (text) => {
    say(text);
    const { log, read } = reader();
    const error = await read().catch((thrown) => thrown);
    expect(log.warn).toHaveBeenCalledTimes(1);
    const said = [error.message, error.detail, error.members, error.cause?.message, log.warn.mock.calls];
    expect(JSON.stringify(said)).not.toContain('canary');
  });

  it('logs a warning with the name of the error and nothing else of it', async () => {
    fail('AccessDeniedException');
    const { log, read } = reader();
    await read().catch(() => {});
    expect(log.warn).toHaveBeenCalledExactlyOnceWith(expect.any(String), { reason: 'AccessDeniedException' });
  });
});
