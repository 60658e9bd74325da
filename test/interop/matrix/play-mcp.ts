// The cells that connect an MCP server by its URL: registration, metadata document and `resource`. The MCP server is a stand-in whose
// metadata names the authorization server that is played; it is given as the user gives it, by its URL alone.
import { assertCell, type Outcome } from './cells.ts';
import { type Connected, callRuntime, connect, describeReply, expectRuntime, type Stage } from './stage.ts';

const connectServer = async (stage: Stage, user: string): Promise<Connected> => {
  const { issuer, entry } = stage.peer;
  assertCell(issuer !== null, 'no issuer');
  stage.mcpServer.authorizeBy({ issuer, scopes: entry.defaultScopes });
  return connect(stage, user, { mcpServerUrl: stage.mcpServer.url });
};

const resolveServer = (stage: Stage, user: string) =>
  expectRuntime(stage, user, ['POST', '/resolve'], { status: 200, body: { url: stage.mcpServer.url } });

/** The client is one that Keyhold registered, and a second user gets the same. */
export const playRegistration = async (stage: Stage): Promise<Outcome> => {
  const [first, second] = [
    await connectServer(stage, 'registration-alice'),
    await connectServer(stage, 'registration-bob'),
  ];
  const [clientId, again] = [first, second].map(({ authorizationUrl }) =>
    authorizationUrl.searchParams.get('client_id'),
  );
  assertCell(clientId && clientId !== stage.peer.entry.clientId, `the client is ${clientId}`);
  assertCell(clientId === again, 'a second user made another registration');
  await resolveServer(stage, first.user);
  return { kind: 'passes' };
};

/** The client is the metadata document of the deployment. */
export const playDocument = async (stage: Stage): Promise<Outcome> => {
  const { authorizationUrl, user } = await connectServer(stage, 'document-alice');
  const clientId = authorizationUrl.searchParams.get('client_id');
  assertCell(clientId === `${stage.publicUrl}/v1/oauth/client-metadata.json`, `the client is ${clientId}`);
  await resolveServer(stage, user);
  return { kind: 'passes' };
};

/** Every token request of the cell named the resource, and no other. */
const assertResources = (stage: Stage, before: number, grantTypes: readonly string[]): void => {
  const requests = stage.peer.tokenRequests().slice(before);
  const seen = requests.map(({ grant_type: grantType }) => grantType);
  assertCell(
    grantTypes.every((type) => seen.includes(type)),
    `the token endpoint saw ${seen.join(', ')}`,
  );
  const other = requests.find(({ resource }) => resource !== stage.mcpServer.url);
  assertCell(other === undefined, `a request of ${other?.grant_type} named the resource ${other?.resource}`);
};

/** The server issues a token for the resource, and issues one again on refresh; both requests name it. */
export const playResource = async (stage: Stage): Promise<Outcome> => {
  const { url } = stage.mcpServer;
  const before = stage.peer.tokenRequests().length;
  const { authorizationUrl, user } = await connectServer(stage, 'resource-alice');
  assertCell(authorizationUrl.searchParams.get('resource') === url, 'the authorization request names no resource');
  const { tokenRef } = await resolveServer(stage, user);
  const again = await callRuntime(stage, user, ['POST', '/resolve'], { url, refusedTokenRef: tokenRef });
  if (again.json?.reason === 'refused') {
    assertResources(stage, before, ['authorization_code']);
    return { kind: 'passes', note: 'it issues no refresh token' };
  }
  assertCell(again.status === 200, `a refresh answered ${describeReply(again)}`);
  assertResources(stage, before, ['authorization_code', 'refresh_token']);
  return { kind: 'passes' };
};
