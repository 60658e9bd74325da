// Who a token is for, from a reply's fields: an id that is text or a whole number, and a name made fit to be shown.

import type { ProviderProfile } from '../../../domain/oauth/provider-profile.ts';
import type { Account } from '../../../domain/oauth/token-response.ts';
import { readPath } from './provider-reply.ts';

const MAX_LENGTH = 256;
/** Control characters, and those that turn or hide the text around them. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const idOf = (value: unknown): string | null => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || text === '' || text.length > MAX_LENGTH) return null;
  return text.search(UNSEEN) === -1 ? text : null;
};

const nameOf = (value: unknown): string | null => {
  if (typeof value !== 'string') return null;
  // Cut by whole characters; a name of 256 characters needs no more than so many of its text.
  const name = [...value.slice(0, 4 * MAX_LENGTH).replaceAll(UNSEEN, '')].slice(0, MAX_LENGTH).join('').trim();
  return name === '' ? null : name;
};

/** The account at the record's identity paths; null without a path or a usable id. */
export const readAccount = (
  body: unknown,
  profile: Pick<ProviderProfile, 'identityIdPath' | 'identityNamePath'>,
): Account | null => {
  const { identityIdPath, identityNamePath } = profile;
  const id = identityIdPath === null ? null : idOf(readPath(body, identityIdPath));
  if (id === null) return null;
  return { id, name: identityNamePath === null ? null : nameOf(readPath(body, identityNamePath)) };
};
