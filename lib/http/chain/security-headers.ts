// Headers that every answer of the handler chain has (OWASP, "HTTP Headers Cheat Sheet"). Most answers are JSON, which no browser
// renders; a page brings its own content security policy.
import type { Result } from './write-response.ts';

const SECURITY_HEADERS = {
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** The answer with the security headers. */
export const withSecurityHeaders = (answer: Result): Result => ({
  ...answer,
  headers: { ...answer.headers, ...SECURITY_HEADERS },
});
