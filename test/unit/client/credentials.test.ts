// Where the client of a worker gets its AWS credentials.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { credentialProvider } from '../../../client/aws/credentials.ts';

const KEYS = { accessKeyId: 'A', secretAccessKey: 'S' };
const inOneHour = () => new Date(Date.now() + 3_600_000);

afterEach(() => vi.unstubAllEnvs());

describe('the credentials of a worker', () => {
  it('are those given', async () => {
    expect(await credentialProvider(KEYS, undefined, {})()).toEqual(KEYS);
  });

  it('are those of the environment, read for each call as Lambda may change them', async () => {
    const env: Record<string, string> = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S', AWS_SESSION_TOKEN: 'T' };
    const read = credentialProvider(undefined, undefined, env);
    expect(await read()).toEqual({ ...KEYS, sessionToken: 'T' });
    env.AWS_ACCESS_KEY_ID = 'B';
    expect((await read()).accessKeyId).toBe('B');
  });

  it('of a function are kept until five minutes before they expire', async () => {
    const source = vi.fn(async () => ({ ...KEYS, expiration: inOneHour() }));
    const read = credentialProvider(source, undefined, {});
    await read();
    await read();
    expect(source).toHaveBeenCalledTimes(1);
    source.mockResolvedValue({ ...KEYS, expiration: new Date(Date.now() + 299_000) });
    const short = credentialProvider(source, undefined, {});
    await short();
    await short();
    expect(source).toHaveBeenCalledTimes(3);
  });

  it('of a profile come from the AWS files, not from the environment', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhold-profile-'));
    const text = '[work]\naws_access_key_id = FROM_FILE\naws_secret_access_key = S\n';
    writeFileSync(join(folder, 'credentials'), text);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    const env = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' };
    expect(await credentialProvider(undefined, 'work', env)()).toMatchObject({ accessKeyId: 'FROM_FILE' });
  });
});
