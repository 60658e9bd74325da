// Stands in for Secrets Manager: two secrets, each a file that is read at every call, so that editing the file rotates the
// secret. Any other name does not exist, so a name never becomes a path.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../lib/domain/values/digest.ts';
import { AwsError, type Operation, type StandIn, serveAwsJson } from './aws-json-server.ts';
import { ACCOUNT_ID, REGION } from './local-aws.ts';

/** The secrets, by their names. */
export const secretNames = ['system-keys', 'oauth-clients'] as const;
type SecretName = (typeof secretNames)[number];

/** Entries that the server adds to a secret; an entry of the file replaces one of the same name. */
export type Additions = Partial<Record<SecretName, object>>;

const isSecretName = (name: unknown): name is SecretName => (secretNames as readonly unknown[]).includes(name);

/** The version id is made from the content: it changes when the text does. */
const versionId = (text: string): string => {
  const hex = sha256(text, 'hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
};

const notFound = () => new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");

const read = async (path: string): Promise<{ text: string; createdAtSeconds: number }> => {
  try {
    const text = await readFile(path, 'utf8');
    return { text, createdAtSeconds: Math.floor((await stat(path)).mtimeMs / 1000) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound();
    throw error;
  }
};

/** The file's JSON object with the additions; any other text unchanged. */
const withAdditions = (text: string, additions: object): string => {
  try {
    const document: unknown = JSON.parse(text);
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    return isObject ? JSON.stringify({ ...additions, ...document }) : text;
  } catch {
    return text;
  }
};

const getSecretValue =
  (folder: string, additions: Additions): Operation =>
  async ({ SecretId: name, VersionId, VersionStage = 'AWSCURRENT' }) => {
    if (!isSecretName(name) || VersionStage !== 'AWSCURRENT') throw notFound();
    const { text: own, createdAtSeconds } = await read(join(folder, `${name}.json`));
    const text = withAdditions(own, additions[name] ?? {});
    const version = versionId(text);
    if (VersionId !== undefined && VersionId !== version) throw notFound();
    return {
      ARN: `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:${name}`,
      Name: name,
      SecretString: text,
      VersionId: version,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: createdAtSeconds,
    };
  };

/** `folder` holds `<name>.json` for each secret. */
export const startSecretsManager = (folder: string, additions: Additions = {}): Promise<StandIn> =>
  serveAwsJson({ 'secretsmanager.GetSecretValue': getSecretValue(folder, additions) });
