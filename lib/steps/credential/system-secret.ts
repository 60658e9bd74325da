// Reads the operator's secret for a system credential from the current settings.
import type { SecretDocument } from '../../domain/credential/credential.ts';
import type { SystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';

/** The secret of a system credential: an API key, or user name and password. */
export type SystemSecret = Extract<SecretDocument, { apiKey: string } | { username: string }>;

/** The secret; null when the operator has not configured it. Throws `secrets_unavailable`. */
export const systemSecret = async (
  deps: Pick<Deps, 'systemKeys'>,
  credential: SystemCredential,
): Promise<SystemSecret | null> => {
  if (credential.fixedSecret !== undefined) return { apiKey: credential.fixedSecret };
  const keys = await deps.systemKeys.systemKeys();
  const values = credential.settings.map((name) => keys.get(name)?.expose());
  const [first, second] = values;
  if (first === undefined) return null;
  if (credential.type === 'api_key') return { apiKey: first };
  return second === undefined ? null : { username: first, password: second };
};
