// An operator's secret as text: from a file of the local server, or from Secrets Manager.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandOption, Context } from '../command.ts';
import { UsageError } from '../exit-codes.ts';
import { readText } from '../options.ts';

/** Options that say where the secret is. */
export const secretOptions: Readonly<Record<string, CommandOption>> = {
  file: {
    type: 'string',
    value: '<path>',
    help: 'The file to check. Default: that of the local server, in KEYHOLD_HOME (.keyhold).',
  },
  'secret-id': { type: 'string', value: '<name>', help: 'The secret of AWS Secrets Manager to check, by name or ARN.' },
  profile: { type: 'string', value: '<name>', help: 'The AWS profile to read it with.' },
  region: { type: 'string', value: '<region>', help: 'The AWS region of the secret.' },
};

const readFromAws = async (secretId: string, { values }: Context): Promise<string> => {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const [profile, region] = [readText(values, 'profile'), readText(values, 'region')];
  const client = new SecretsManagerClient({ ...(region && { region }), ...(profile && { profile }) });
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString ?? '';
  } finally {
    client.destroy();
  }
};

const readFromFile = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new UsageError(`${path} cannot be read`);
  }
};

/** The text and what to call its place. Throws `UsageError` for a file that cannot be read. */
export const readSecretText = async (context: Context, name: string): Promise<{ place: string; text: string }> => {
  const { values, env } = context;
  const [file, secretId] = [readText(values, 'file'), readText(values, 'secret-id')];
  if (file !== undefined && secretId !== undefined) throw new UsageError('give --file or --secret-id, not both');
  if (secretId !== undefined) return { place: secretId, text: await readFromAws(secretId, context) };
  const place = file ?? join(env.KEYHOLD_HOME ?? '.keyhold', 'secrets', `${name}.json`);
  return { place, text: await readFromFile(place) };
};
