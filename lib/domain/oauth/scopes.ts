// OAuth scopes as text. Lists contain each scope once; their order is for display only. `scope-rules.ts` compares them.

const SCOPE = /^[!-~]{1,512}$/;

/** Splits a provider's text at spaces (RFC 6749 §3.3) and at commas, which GitHub and Slack use. What is no scope token is dropped. */
export const parseScopes = (text: string): string[] =>
  [...new Set(text.split(/[ ,]/))].filter((scope) => SCOPE.test(scope));
