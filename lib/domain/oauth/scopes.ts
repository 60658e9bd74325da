// OAuth scopes as sets. Lists contain each scope once; their order is for display only.

/** Splits a provider's text at spaces (RFC 6749 §3.3) and at commas, which GitHub and Slack use. */
export const parseScopes = (text: string): string[] => [...new Set(text.split(/[ ,]/))].filter((scope) => scope !== '');

/** The wanted scopes that are not granted, each once, in the given order. */
export const missingScopes = (granted: readonly string[], wanted: readonly string[]): string[] => {
  const grantedSet = new Set(granted);
  return [...new Set(wanted)].filter((scope) => !grantedSet.has(scope));
};

/** Whether every wanted scope is granted. */
export const coversScopes = (granted: readonly string[], wanted: readonly string[]): boolean =>
  missingScopes(granted, wanted).length === 0;
