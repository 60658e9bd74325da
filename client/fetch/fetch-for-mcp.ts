// Calls an MCP server as a user, for the transport of an MCP SDK. The SDK does no OAuth: each request is sent with the token that works
// now, which goes to the resource it is for and nowhere else.
import { readRequest } from './api-request.ts';
import { type CredentialChoice, callAsUser, type FetchArguments, type FetchDeps } from './fetch-as-user.ts';
import { InsufficientScopesError } from './insufficient-scopes-error.ts';
import { readScopeChallenge } from './scope-challenge.ts';
import { refuseUserName } from './target-url.ts';

/** Which credential of the user to call the server with, where there are several. */
export type McpCredentialChoice = Pick<CredentialChoice, 'credentialId' | 'scopes'>;

/** A server, and the user to call it as. */
export interface McpServer {
  userId: string;
  serverUrl: string | URL;
  choice: McpCredentialChoice;
}

/** The server's URL. Throws `TypeError` for one that cannot be called. */
const readServerUrl = (text: string | URL): URL => {
  const url = URL.parse(String(text));
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new TypeError('serverUrl must be an http URL');
  refuseUserName(url);
  url.hash = '';
  return url;
};

/**
 * A function like `fetch`. It throws `TypeError` for a URL of another origin, `InsufficientScopesError` where the server wants more scopes, and
 * `KeyholdError` where no credential works.
 */
export const fetchForMcp = (deps: FetchDeps, { userId, serverUrl, choice }: McpServer): typeof globalThis.fetch => {
  const server = readServerUrl(serverUrl);
  const send = async ({ input, init }: FetchArguments): Promise<Response> => {
    const url = URL.parse(readRequest(input, init ?? {}).url);
    if (url?.origin !== server.origin) throw new TypeError('the URL is of another server than serverUrl');
    // The query of the server's own URL is part of its name; that of another URL may hold anything.
    const named = url.href === server.href ? { resolveUrl: server.href } : {};
    const sent = await callAsUser(deps, userId, { input, init: { ...init, ...choice }, ...named });
    const asked = sent.hadCredential ? readScopeChallenge(sent.response, sent.credential) : null;
    if (asked === null) return sent.response;
    await sent.response.body?.cancel();
    const { challenge, scopes } = asked;
    const credentialId = sent.credential.credential.id;
    throw new InsufficientScopesError({ mcpServerUrl: server.href, credentialId, challenge }, scopes);
  };
  return (input, init) => send({ input, init });
};
