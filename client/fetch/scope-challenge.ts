// The challenge with which an MCP server asks for more scopes (RFC 6750 §3.1, MCP authorization "Scope Challenge Handling").
import type { ResolvedCredential } from '../generated/api-types.ts';

/** What a server asks for. */
export interface ScopeChallenge {
  /** The header as it came, without the credential where the server repeated it. */
  challenge: string;
  scopes: string[];
}

const ERROR = /\berror\s*=\s*"?insufficient_scope\b/i;
const SCOPE = /\bscope\s*=\s*(?:"(?<quoted>[^"]*)"|(?<token>[^\s,"]+))/i;
/** A text this short is found in a challenge by chance. */
const LEAST_CHARACTERS = 8;

/** Every text of the credential: a header's value, and the part of it after the scheme. */
const secretTexts = ({ headers, query }: ResolvedCredential): string[] =>
  [...Object.values(headers), ...Object.values(query)]
    .flatMap((value) => [value, value.replace(/^\S+\s+/, '')])
    .filter(({ length }) => length >= LEAST_CHARACTERS);

/** Reads it from a 403; null where the answer is no such challenge. */
export const readScopeChallenge = (response: Response, credential: ResolvedCredential): ScopeChallenge | null => {
  const header = response.headers.get('www-authenticate');
  if (response.status !== 403 || header === null || !ERROR.test(header)) return null;
  const challenge = secretTexts(credential).reduce((text, secret) => text.replaceAll(secret, ''), header);
  const { quoted, token } = SCOPE.exec(challenge)?.groups ?? {};
  return { challenge, scopes: (quoted ?? token ?? '').split(' ').filter(Boolean) };
};
