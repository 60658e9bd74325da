// Reads the account from a reply's fields: the id is text or a whole number, the name is cleaned for display.
import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { cleanName, hasInvisible } from '../../../domain/values/names.ts';
import { readPath } from './provider-reply.ts';

const MAX_LENGTH = 256;

const parseId = (value: unknown): string | null => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_LENGTH) return null;
  return hasInvisible(text) ? null : text;
};

const parseName = (value: unknown): string | null => (typeof value === 'string' ? cleanName(value) : null);

/** The account at the profile's identity paths; null without a path or a usable id. */
export const readAccount = (
  body: unknown,
  profile: Pick<ProviderProfile, 'identityIdPath' | 'identityNamePath'>,
): Account | null => {
  const { identityIdPath, identityNamePath } = profile;
  const id = identityIdPath === null ? null : parseId(readPath(body, identityIdPath));
  if (id === null) return null;
  return { id, name: identityNamePath === null ? null : parseName(readPath(body, identityNamePath)) };
};
