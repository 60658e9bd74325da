// Builds the header fields and query parameters of a request from a secret. A secret that cannot be sent as a field gives none,
// rather than a broken or a second field; the answer contains the secret itself anyway.

import { HeaderValue } from '../values/http-field.ts';
import type { SecretDocument } from './credential.ts';

/** Where a provider expects a key or token; undefined: `authorization: Bearer` (RFC 6750 §2.1). */
export type KeyPlacement = ({ header: { name: string; prefix: string } } | { query: string }) & {
  /** Fields that every call needs beside it, such as a version: values by name, of which `{client_id}` is still to be filled. */
  fixedHeaders?: Readonly<Record<string, string>>;
  /** Fills `{client_id}` where the secret names no client that it was issued to; null: there is none. */
  clientId?: string | null;
};

/** Header values by lower-case name, and query parameters by name. */
export interface SendableFields {
  headers: Record<string, string>;
  query: Record<string, string>;
}

const NONE: SendableFields = { headers: {}, query: {} };

const header = (name: string, value: string): SendableFields => {
  const field = HeaderValue.safeParse(value);
  return field.success ? { headers: { [name]: field.data }, query: {} } : NONE;
};

/** RFC 7617 §2: the user-id has no colon and neither part a control character; both are sent as UTF-8. */
const basic = (username: string, password: string): SendableFields => {
  if (username.includes(':') || /\p{Cc}/u.test(username + password)) return NONE;
  return header('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
};

const placeKeyOrToken = (value: string, placement: KeyPlacement | undefined): SendableFields => {
  if (value.trim() === '') return NONE;
  if (placement && 'query' in placement) return { headers: {}, query: { [placement.query]: value } };
  if (placement) return header(placement.header.name.toLowerCase(), placement.header.prefix + value.trim());
  return header('authorization', `Bearer ${value.trim()}`);
};

/** By lower-case name, with `{client_id}` filled; one that needs a client is left out where there is none. */
const fillFixedHeaders = (
  { fixedHeaders = {}, clientId: present = null }: Partial<KeyPlacement>,
  clientId: string | null = present,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fixedHeaders)
      .filter(([, value]) => clientId !== null || !value.includes('{client_id}'))
      .map(([name, value]) => [name.toLowerCase(), value.replaceAll('{client_id}', () => clientId ?? '')]),
  );

/** The secret's own field wins over a fixed one of its name. `clientId`: the client that the token was issued to. */
const keyOrToken = (
  value: string,
  placement: KeyPlacement | undefined,
  clientId?: string | undefined,
): SendableFields => {
  const placed = placeKeyOrToken(value, placement);
  if (placed === NONE || placement === undefined) return placed;
  return { ...placed, headers: { ...fillFixedHeaders(placement, clientId), ...placed.headers } };
};

/**
 * The fields that carry a secret; both records are empty if it cannot be sent. `placement`: for keys and tokens only.
 */
export const sendableFields = (secret: SecretDocument, placement: KeyPlacement | undefined): SendableFields => {
  if ('headers' in secret) return { headers: { ...secret.headers }, query: {} };
  if ('password' in secret) return basic(secret.username, secret.password);
  if ('apiKey' in secret) return keyOrToken(secret.apiKey, placement);
  return keyOrToken(secret.accessToken, placement, secret.clientId);
};
