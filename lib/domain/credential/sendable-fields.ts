// Builds the header fields and query parameters of a request from a secret. A secret that cannot be sent as a field gives none,
// rather than a broken or a second field; the answer contains the secret itself anyway.

import { PLACEHOLDER } from '../oauth/url-template.ts';
import { HeaderValue } from '../values/http-field.ts';
import type { SecretDocument } from './credential.ts';

/** Where a provider expects a key or token; undefined: `authorization: Bearer` (RFC 6750 §2.1). */
export type KeyPlacement = ({ header: { name: string; prefix: string } } | { query: string }) & {
  /** Fields that every call needs beside it, such as a version: values by name, of which placeholders are still to be filled. */
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

type Data = Readonly<Record<string, string>>;

/** The text with its placeholders filled; null when a value is missing, or cannot be sent as a field. */
const fillFixedHeader = (text: string, values: Data): string | null => {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  if (names.some((name) => !Object.hasOwn(values, name))) return null;
  return HeaderValue.safeParse(text.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '')).data ?? null;
};

/** The fixed fields, by lower-case name, filled from `{client_id}` and the credential's data; one that lacks a value is left out. */
const fillFixedHeaders = ({ fixedHeaders = {}, clientId }: KeyPlacement, data: Data): Record<string, string> => {
  const values = typeof clientId === 'string' ? { ...data, client_id: clientId } : data;
  return Object.fromEntries(
    Object.entries(fixedHeaders).flatMap(([name, text]) => {
      const filled = fillFixedHeader(text, values);
      return filled === null ? [] : [[name.toLowerCase(), filled]];
    }),
  );
};

/** The secret's own field wins over a fixed one of its name. */
const keyOrToken = (value: string, placement: KeyPlacement | undefined, data: Data): SendableFields => {
  const placed = placeKeyOrToken(value, placement);
  if (placed === NONE || placement === undefined) return placed;
  return { ...placed, headers: { ...fillFixedHeaders(placement, data), ...placed.headers } };
};

/**
 * The fields that carry a secret; both records are empty if it cannot be sent. `placement`: for keys and tokens only. `data`: the
 * credential's variables and kept values, for fixed fields.
 */
export const sendableFields = (
  secret: SecretDocument,
  placement: KeyPlacement | undefined,
  data: Data = {},
): SendableFields => {
  if ('headers' in secret) return { headers: { ...secret.headers }, query: {} };
  if ('password' in secret) return basic(secret.username, secret.password);
  if ('apiKey' in secret) return keyOrToken(secret.apiKey, placement, data);
  const clientId = secret.clientId ?? placement?.clientId ?? null;
  return keyOrToken(secret.accessToken, placement && { ...placement, clientId }, data);
};
