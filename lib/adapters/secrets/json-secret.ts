// Reads a secret of Secrets Manager that holds a JSON object. Read on first use and cached; while the service fails or the text
// is invalid, the last good value is used.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Log } from '../../domain/ports/telemetry.ts';
import { ServiceError } from '../../domain/values/service-error.ts';
import { SDK_TIMEOUTS } from '../../platform.ts';
import { type CachedReader, cachedValue } from '../resilience/cached-value.ts';

/** Which secret to read, and how long a value is cached. */
export interface SecretSource {
  secretId: string;
  maxAgeSeconds: number;
}

/** The clock for the cache and the log for failures. */
export interface Observers {
  clock: Clock;
  log: Log;
}

/** At 1 s for each attempt, a fetch that gets no response ends within three seconds. */
const ATTEMPTS = 2;

let shared: SecretsManagerClient | undefined;

/** One client for all secrets, made on first use. */
const getClient = (): SecretsManagerClient => {
  shared ??= new SecretsManagerClient({
    maxAttempts: ATTEMPTS,
    requestHandler: SDK_TIMEOUTS,
  });
  return shared;
};

/** The errors must not repeat the text: it is the secret. */
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

const errorName = (error: unknown) => (error instanceof Error ? error.name : 'unknown');

/** The secret is deleted, or marked for deletion (AWS Secrets Manager API Reference, GetSecretValue, Errors). */
const GONE = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

/** Makes a reader of the secret; `parse` turns the JSON object into its value. The reader throws `secrets_unavailable`. */
export const jsonSecret = <T>(
  { secretId, maxAgeSeconds }: SecretSource,
  parse: (document: Record<string, unknown>) => T,
  { clock, log }: Observers,
): CachedReader<T> => {
  const read = cachedValue({
    async fetch() {
      const { SecretString: text } = await getClient().send(new GetSecretValueCommand({ SecretId: secretId }));
      return parse(parseObject(text ?? ''));
    },
    maxAgeMilliseconds: maxAgeSeconds * 1000,
    clock,
    onFailure: (error) => log.warn('secret could not be read', { reason: errorName(error) }),
  });
  return (options) =>
    read(options).catch((error) => {
      throw new ServiceError('secrets_unavailable', { cause: error, isPermanent: GONE.has(errorName(error)) });
    });
};
