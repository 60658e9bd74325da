// The answer of a registration (RFC 7591 §3.2.1) and its checks. A client without a secret is a public one: an empty secret is never
// stored, and none is ever sent.
import * as z from 'zod';
import type { ClientAuth } from '../oauth/provider-record.ts';
import { Secret } from '../values/secret.ts';
import { findUsableAuth } from './client-auth.ts';
import { notConnectable } from './not-connectable.ts';

/** The last moment that a Date can hold, in seconds: a server that answers milliseconds stays below it. */
const MAX_SECONDS = 8_640_000_000_000;

/** The members that are used. Ids and secrets are visible ASCII (RFC 6749 appendix A.1, A.2). */
const RegistrationAnswer = z.object({
  client_id: z.string().regex(/^[ -~]{1,2048}$/),
  client_secret: z
    .string()
    .regex(/^[ -~]{0,4096}$/)
    .nullish(),
  /** Seconds; 0: never. */
  client_secret_expires_at: z.number().min(0).max(MAX_SECONDS).nullish(),
  token_endpoint_auth_method: z.string().nullish(),
  redirect_uris: z.array(z.string()).nullish(),
});
type RegistrationAnswer = z.infer<typeof RegistrationAnswer>;

/** What was asked for. */
export interface AskedRegistration {
  redirectUri: string;
  clientAuth: ClientAuth;
  /** Epoch milliseconds. */
  now: number;
}

/** A client as the server has registered it. */
export interface NewClient {
  clientId: string;
  clientAuth: ClientAuth;
  /** null: a public client. */
  clientSecret: Secret<string> | null;
  /** When the secret ends, epoch milliseconds; null: never, or there is none. */
  expiresAt: number | null;
}

/** The server may replace what was asked for. Throws `client_auth_unsupported` for what cannot be used. */
const readAuth = (answer: RegistrationAnswer, asked: ClientAuth): ClientAuth => {
  const { client_secret: secret, token_endpoint_auth_method: named } = answer;
  const method = findUsableAuth(named ?? asked);
  if (method === undefined) throw notConnectable('registration', 'client_auth_unsupported');
  return secret ? method : 'none';
};

const readExpiry = ({ client_secret_expires_at: seconds }: RegistrationAnswer): number | null =>
  seconds ? Math.floor(seconds) * 1000 : null;

const isForRedirect = ({ redirect_uris: uris }: RegistrationAnswer, redirectUri: string): boolean =>
  !uris || uris.includes(redirectUri);

/**
 * Checks an answer. Throws `server_not_connectable` of step `registration` (`invalid_registration`, `redirect_uri_refused`,
 * `client_auth_unsupported`).
 */
export const readRegistration = (document: unknown, { redirectUri, clientAuth, now }: AskedRegistration): NewClient => {
  const { data: answer } = RegistrationAnswer.safeParse(document);
  if (!answer) throw notConnectable('registration', 'invalid_registration');
  if (!isForRedirect(answer, redirectUri)) throw notConnectable('registration', 'redirect_uri_refused');
  const auth = readAuth(answer, clientAuth);
  const { client_id: clientId, client_secret: secret } = answer;
  if (auth === 'none' || !secret) return { clientId, clientAuth: 'none', clientSecret: null, expiresAt: null };
  const expiresAt = readExpiry(answer);
  if (expiresAt !== null && expiresAt <= now) throw notConnectable('registration', 'invalid_registration');
  return { clientId, clientAuth: auth, clientSecret: new Secret(secret), expiresAt };
};
