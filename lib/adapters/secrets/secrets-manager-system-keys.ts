// The operator's own keys from Secrets Manager: one secret, a JSON object of setting names and values. Read lazily, cached,
// and served from the last good value while the service or the secret's text is broken.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock, Log, SystemKeys } from '../../domain/ports.ts';
import { Secret } from '../../domain/secret.ts';
import { ServiceError } from '../../domain/service-error.ts';
import { cachedValue } from '../resilience/cached-value.ts';

interface SystemKeysSource {
  secretId: string;
  maxAgeSeconds: number;
}

const CONNECT_MILLISECONDS = 500;
/** With two attempts a fetch that hangs ends within three seconds. */
const ATTEMPT_MILLISECONDS = 1_000;
const ATTEMPTS = 2;

const newClient = () =>
  new SecretsManagerClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ATTEMPT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });

/** The text is not repeated in the error: it is the secret. */
const parseKeys = (text: string): ReadonlyMap<string, Secret<string>> => {
  const document: unknown = parseJson(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new TypeError('the secret must be one JSON object');
  }
  const set = Object.entries(document).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  return new Map(set.map(([name, value]) => [name, new Secret(value)]));
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('the secret must be JSON');
  }
};

const reasonOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');

export const secretsManagerSystemKeys = (
  { secretId, maxAgeSeconds }: SystemKeysSource,
  { clock, log }: { clock: Clock; log: Log },
): SystemKeys => {
  let client: SecretsManagerClient | undefined;
  const read = cachedValue({
    async fetch() {
      client ??= newClient();
      const { SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      return parseKeys(text ?? '');
    },
    maxAgeMilliseconds: maxAgeSeconds * 1000,
    clock,
    onFailure: (error) => log.warn('system keys could not be read', { reason: reasonOf(error) }),
  });
  return {
    systemKeys: () =>
      read().catch((error) => {
        throw new ServiceError('secrets_unavailable', { cause: error });
      }),
  };
};
