// A provider on loopback whose token endpoint rotates by its kind. It records its requests, and can be made to answer slowly,
// hold its answer, add fields to its grants, or answer something else. It issues tokens before it answers.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenResponse } from '../../../lib/domain/oauth/token-response.ts';
import { ProviderFault } from '../../../lib/domain/ports/oauth-protocol.ts';
import { newGrant } from '../memory/memory-oauth.ts';
import { type TokenProvider, tokenProvider } from '../memory/token-provider.ts';
import { type RecordedRequest, recordRequest, type ScriptedReply, sendReply } from './provider-stub.ts';

export interface RefreshingProvider {
  url: string;
  tokens: TokenProvider;
  /** The refresh requests to the token endpoint, in order. */
  refreshes: RecordedRequest[];
  /** Tokens sent for revocation. */
  revoked: string[];
  /** The operator's entry for it; any field can be overridden. */
  entry(given?: Record<string, unknown>): Record<string, unknown>;
  /** Sets the answer to every request from now on; null: by its kind. */
  answer(reply: ScriptedReply | null): void;
  /** Fields added to or replaced in its grants; undefined removes one. */
  grants(fields: Record<string, unknown>): void;
  /** Accepts only clients with this secret. */
  takes(clientSecret: string): void;
  /** Delays answers by this many milliseconds. */
  delay(milliseconds: number): void;
  /** Holds its next answer until the returned function is called. */
  hold(): () => void;
  /** Clears requests and scripts, but not its tokens. */
  reset(): void;
  close(): void;
}

const CLIENT_SECRET = 'secret-of-acme';

interface Told {
  reply: ScriptedReply | null;
  fields: Record<string, unknown>;
  clientSecret: string;
  delayMilliseconds: number;
  /** The promise the next answer waits for. */
  held: Promise<void>;
}

const untold = (): Told => ({
  reply: null,
  fields: {},
  clientSecret: CLIENT_SECRET,
  delayMilliseconds: 0,
  held: Promise.resolve(),
});

const refusal = (error: string, status = 400): ScriptedReply => ({ status, body: { error } });

const exchanged = (tokens: TokenProvider, { grant_type, refresh_token = '' }: Record<string, string>): TokenResponse =>
  grant_type === 'refresh_token' ? tokens.exchange(refresh_token) : newGrant(tokens.signIn('strict'));

const granted = (tokens: TokenProvider, form: Record<string, string>, fields: object): ScriptedReply => {
  try {
    const { accessToken, refreshToken, expiresInSeconds } = exchanged(tokens, form);
    const lifetime = { token_type: 'bearer', expires_in: expiresInSeconds ?? 3600 };
    return { body: { access_token: accessToken, refresh_token: refreshToken, ...lifetime, ...fields } };
  } catch (error) {
    if (error instanceof ProviderFault) return refusal('invalid_grant');
    throw error;
  }
};

const makeEntry = (url: string, given: Record<string, unknown>): Record<string, unknown> => ({
  clientId: 'client-of-acme',
  clientSecret: CLIENT_SECRET,
  authorizationEndpoint: `${url}/authorize`,
  tokenEndpoint: `${url}/token`,
  revocationEndpoint: `${url}/revoke`,
  ...given,
});

export const startRefreshingProvider = async (
  options: Parameters<typeof tokenProvider>[0] = {},
): Promise<RefreshingProvider> => {
  const tokens = tokenProvider(options);
  const refreshes: RecordedRequest[] = [];
  const revoked: string[] = [];
  let told = untold();

  const revoke = ({ token = '' }: Record<string, string>): ScriptedReply => {
    revoked.push(token);
    tokens.revoke(token);
    return {};
  };

  const reply = (request: RecordedRequest): ScriptedReply => {
    const { path, form } = request;
    if (path === '/revoke') return revoke(form);
    if (form.grant_type === 'refresh_token') refreshes.push(request);
    if (told.reply) return told.reply;
    return form.client_secret === told.clientSecret
      ? granted(tokens, form, told.fields)
      : refusal('invalid_client', 401);
  };

  const patience = async (): Promise<void> => {
    const { held, delayMilliseconds } = told;
    told.held = Promise.resolve();
    await Promise.all([held, sleep(delayMilliseconds)]);
  };

  const server = createServer((request, response) => {
    response.on('error', () => {});
    void recordRequest(request).then(async (recorded) => {
      const answer = reply(recorded);
      if (recorded.path === '/token') await patience();
      sendReply(response, answer);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return {
    url,
    tokens,
    refreshes,
    revoked,
    entry: (given = {}) => makeEntry(url, given),
    answer: (scripted) => void Object.assign(told, { reply: scripted }),
    grants: (fields) => void Object.assign(told, { fields }),
    takes: (clientSecret) => void Object.assign(told, { clientSecret }),
    delay: (delayMilliseconds) => void Object.assign(told, { delayMilliseconds }),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      told.held = promise;
      return resolve;
    },
    reset: () => {
      told = untold();
      refreshes.length = 0;
      revoked.length = 0;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
