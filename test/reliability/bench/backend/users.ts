// The users of the bench. One with `size` credentials has API keys of seven providers in turn, one host-scoped credential and one
// OAuth grant among them, each of about 1 KB when stored.
import { PROVIDER } from '../bench-backend.ts';
import { adding, type MakeCall } from './calls.ts';

const PROVIDERS = 7;
const CONCURRENT = 8;
/** Characters of an API key. Sealed, with its data key and its view, it makes a row of about 1 KB. */
const KEY_CHARACTERS = 100;

/** The provider whose credential the figures resolve. */
export const OWN_PROVIDER = 'own-0';
/** The credential that resolve by provider answers. */
export const OWN_KEY = 'key-0';
/** The URL that the host-scoped credential serves. */
export const OWN_URL = 'https://api.bench.example/v1/items';
/** The id of the OAuth grant. */
export const GRANT = 'grant';

/** An API key to store. */
export const newKey = (id: string, provider = OWN_PROVIDER): object => ({
  ...{ type: 'api_key', id, provider, title: `Key ${id}` },
  apiKey: `sk-${id}-`.padEnd(KEY_CHARACTERS, 'x'),
});

/** A grant to store, expired a second ago: the next resolve refreshes it. */
export const expiredGrant = (): object => ({
  ...{ type: 'oauth2', provider: PROVIDER, id: GRANT, accessToken: 'access-0', refreshToken: 'refresh-0' },
  ...{ scopes: ['read'], accessTokenExpiresAt: new Date(Date.now() - 1_000).toISOString() },
});

/** Its access token replaced by an expired one: the refresh token, and what is known of its last refresh, stay. */
export const expiredAgain = (): object => {
  const { refreshToken: _, ...rest } = expiredGrant() as { refreshToken: string };
  return rest;
};

const hostScoped = {
  ...{ type: 'host_scoped', provider: 'http', id: 'host', host: new URL(OWN_URL).host },
  headers: { 'x-token': 'token' },
};

/** Creates the user with an API key, and from three credentials on a host-scoped one and a grant too; returns its id. */
export const makeUser = async (call: MakeCall, size: number): Promise<string> => {
  const userId = `user-of-${size}`;
  const special = size >= 3 ? [hostScoped, expiredGrant()] : [];
  const keys = Array.from({ length: size - special.length }, (_, index) =>
    newKey(`key-${index}`, `own-${index % PROVIDERS}`),
  );
  // In order of creation: the first key is the one that resolve by provider answers.
  const [first = {}, ...others] = [...keys, ...special];
  await call(adding(userId, first));
  const waiting = others.values();
  const store = async () => {
    for (const body of waiting) await call(adding(userId, body));
  };
  await Promise.all(Array.from({ length: CONCURRENT }, store));
  return userId;
};

/** A user with one credential of another kind than an API key. */
export const makeUserWith = async (call: MakeCall, kind: 'host' | 'grant'): Promise<string> => {
  const userId = `user-with-${kind}`;
  await call(adding(userId, kind === 'host' ? hostScoped : expiredGrant()));
  return userId;
};
