// One secret of Secrets Manager that holds a JSON object: read lazily, cached, and served from the last good value while the
// service or the secret's text is broken.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { type CachedReader, cachedValue } from '../resilience/cached-value.ts';

export interface SecretSource {
  secretId: string;
  maxAgeSeconds: number;
}

export interface Observers {
  clock: Clock;
  log: Log;
}

const CONNECT_MILLISECONDS = 500;
/** With two attempts a fetch that hangs ends within three seconds. */
const ATTEMPT_MILLISECONDS = 1_000;
const ATTEMPTS = 2;

let shared: SecretsManagerClient | undefined;

/** One for all secrets, made with the first read. */
const client = (): SecretsManagerClient => {
  shared ??= new SecretsManagerClient({
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: ATTEMPT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
  return shared;
};

/** The text is not repeated in the error: it is the secret. */
const parseObject = (text: string): Record<string, unknown> => {
  const document: unknown = parseJson(text);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new TypeError('the secret must be one JSON object');
  }
  return document as Record<string, unknown>;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('the secret must be JSON');
  }
};

const reasonOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown');

/** Makes a reader of the secret, turned into what it holds by `parse`. It throws `secrets_unavailable`. */
export const jsonSecret = <T>(
  { secretId, maxAgeSeconds }: SecretSource,
  parse: (document: Record<string, unknown>) => T,
  { clock, log }: Observers,
): CachedReader<T> => {
  const read = cachedValue({
    async fetch() {
      const { SecretString: text } = await client().send(new GetSecretValueCommand({ SecretId: secretId }));
      return parse(parseObject(text ?? ''));
    },
    maxAgeMilliseconds: maxAgeSeconds * 1000,
    clock,
    onFailure: (error) => log.warn('a secret could not be read', { reason: reasonOf(error) }),
  });
  return (options) =>
    read(options).catch((error) => {
      throw new ServiceError('secrets_unavailable', { cause: error });
    });
};
