// The operator's secret for a system credential, from the settings as they are now; null when it is not configured.
import type { SecretDocument } from '../../domain/credential/credential.ts';
import type { SystemCredential } from '../../domain/credential/system-credentials.ts';
import type { Deps } from '../../domain/ports/deps.ts';

export type SystemSecret = Extract<SecretDocument, { apiKey: string } | { username: string }>;

/** Throws `secrets_unavailable`. */
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
