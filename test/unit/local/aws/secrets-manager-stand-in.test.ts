// The stand-in for Secrets Manager, called with the SDK's client.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSecretsManager } from '../../../../local/aws/secrets-manager-stand-in.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const start = async () => {
  const folder = join(await temporaryFolder(), 'secrets');
  await mkdir(folder);
  const { endpoint, close } = await startSecretsManager(folder);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => {
    client.destroy();
    close();
  });
  return {
    edit: (text: string, name = 'system-keys') => writeFile(join(folder, `${name}.json`), text),
    get: (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId })),
    endpoint,
  };
};

describe('the Secrets Manager stand-in', () => {
  it('returns the text of the file unchanged', async () => {
    const { edit, get } = await start();
    await edit('{"a": "é"} not JSON');
    const { SecretString, Name, CreatedDate } = await get('system-keys');
    expect([SecretString, Name]).toEqual(['{"a": "é"} not JSON', 'system-keys']);
    expect(CreatedDate).toBeInstanceOf(Date);
  });

  it('returns an edited file at the next call, under another version', async () => {
    const { edit, get } = await start();
    const versions: (string | undefined)[] = [];
    for (const text of ['1', '2', '1']) {
      await edit(text);
      const { SecretString, VersionId } = await get('system-keys');
      expect(SecretString).toBe(text);
      versions.push(VersionId);
    }
    expect(versions[0]).not.toBe(versions[1]);
    expect(versions[0]).toBe(versions[2]);
  });

  it.each(['system-keys', 'oauth-clients'])('does not find %s when its file is missing', async (name) => {
    const { get } = await start();
    await expect(get(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each(['other', '../other', './system-keys', 'system-keys.json', '__proto__'])(
    'does not find %s, whatever files there are',
    async (name) => {
      const { edit, get } = await start();
      for (const file of ['system-keys', 'system-keys.json', 'other', '../other', '__proto__']) await edit('{}', file);
      await expect(get(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    },
  );

  it('refuses a host name other than this machine (DNS rebinding)', async () => {
    const { endpoint } = await start();
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue', origin: 'http://evil.example' };
    const response = await fetch(endpoint, { method: 'POST', headers, body: '{"SecretId":"system-keys"}' });
    expect(await response.json()).toMatchObject({ __type: 'AccessDeniedException' });
  });

  it.each(['', 'x', '[]', '1'])('refuses the body %j', async (body) => {
    const { endpoint } = await start();
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
    expect((await fetch(endpoint, { method: 'POST', headers, body })).status).toBe(400);
  });
});
