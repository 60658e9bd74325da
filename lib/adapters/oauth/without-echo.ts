// Keeps secrets of a request out of the provider's own error word, which is answered to workers, logged and kept with the lease: a
// reply can repeat what was sent, whole or in part.
import { ProviderFault } from '../../domain/ports/oauth-protocol.ts';

/** So many characters of a secret do not stand in an error word by chance. */
const LEAST_ECHO = 8;

const hasPart = (word: string, secret: string): boolean => {
  if (secret.length < LEAST_ECHO) return secret !== '' && word.includes(secret);
  const parts = Array.from({ length: Math.max(0, word.length - LEAST_ECHO + 1) }, (_, at) =>
    word.slice(at, at + LEAST_ECHO),
  );
  return parts.some((part) => secret.includes(part));
};

/** The fault without its error word, where eight characters of it, or a whole shorter secret, are of a secret that was sent. */
export const withoutEcho = (fault: ProviderFault, secrets: readonly string[]): ProviderFault => {
  const { kind, providerError: word } = fault;
  if (word === null || !secrets.some((secret) => hasPart(word, secret))) return fault;
  return new ProviderFault(kind, { ...fault, providerError: null });
};
