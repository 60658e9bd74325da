// OAuth scopes as sets: providers join them with spaces or commas and in any order; here a list is distinct, and its
// order is kept for display only.

/** The scopes in a provider's text, split on spaces (RFC 6749 §3.3) and on commas, which GitHub and Slack use. */
export const parseScopes = (text: string): string[] => [...new Set(text.split(/[ ,]/))].filter((scope) => scope !== '');

/** The wanted scopes that were not granted, each once, in the order they were wanted. */
export const missingScopes = (granted: readonly string[], wanted: readonly string[]): string[] => {
  const held = new Set(granted);
  return [...new Set(wanted)].filter((scope) => !held.has(scope));
};

/** Says whether every wanted scope was granted; wanting none is always covered. */
export const coversScopes = (granted: readonly string[], wanted: readonly string[]): boolean =>
  missingScopes(granted, wanted).length === 0;
