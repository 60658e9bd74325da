// Reads the account from a reply's fields: the id is text or a whole number, the name is cleaned for display.
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { readPath } from './provider-reply.ts';

const MAX_LENGTH = 256;
/** Control characters, and those that reorder or hide the text around them. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const parseId = (value: unknown): string | null => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_LENGTH) return null;
  return text.search(INVISIBLE) === -1 ? text : null;
};

const cleanName = (value: unknown): string | null => {
  if (typeof value !== 'string') return null;
  // Cut between code points. The first slice bounds the work: a code point has at most two units, plus invisible ones.
  const name = [...value.slice(0, 4 * MAX_LENGTH).replaceAll(INVISIBLE, '')].slice(0, MAX_LENGTH).join('').trim();
  return name === '' ? null : name;
};

/** The account at the profile's identity paths; null without a path or a usable id. */
export const readAccount = (
  body: unknown,
  profile: Pick<ProviderProfile, 'identityIdPath' | 'identityNamePath'>,
): Account | null => {
  const { identityIdPath, identityNamePath } = profile;
  const id = identityIdPath === null ? null : parseId(readPath(body, identityIdPath));
  if (id === null) return null;
  return { id, name: identityNamePath === null ? null : cleanName(readPath(body, identityNamePath)) };
};
