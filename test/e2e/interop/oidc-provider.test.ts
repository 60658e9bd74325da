// The part of the interoperability matrix that needs no package beside the project's own: the cells of oidc-provider, as an operator's
// provider and as the authorization server of an MCP server that is connected by its URL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type McpStandIn, startMcpServer } from '../../interop/matrix/mcp-stand-in.ts';
import { type Peer, startPeer } from '../../interop/matrix/peer-process.ts';
import { playDocument, playRegistration, playResource } from '../../interop/matrix/play-mcp.ts';
import { playCode, playDevice, playIss, playRevocation, playRotation } from '../../interop/matrix/play-provider.ts';
import { type Stage, writeEntries } from '../../interop/matrix/stage.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

/** Nothing is there: the server reads the metadata document at `published`. */
const PUBLIC_URL = 'https://keyhold.example';
const CALLBACK = '/v1/oauth/callback';

let local: Keyhold;
let published: Keyhold;
let mcpServer: McpStandIn;
let peer: Peer;

beforeAll(async () => {
  const env = { SECRETS_MAX_AGE_SECONDS: '0' };
  local = await startKeyhold({ env });
  published = await startKeyhold({ env: { ...env, PUBLIC_BASE_URL: PUBLIC_URL } });
  mcpServer = await startMcpServer();
  peer = await startPeer('oidc-provider', {
    REDIRECT_URIS: local.url + CALLBACK,
    DOCUMENT_ORIGINS: `${PUBLIC_URL},${published.url}`,
    RESOURCE: mcpServer.url,
  });
});

afterAll(async () => {
  await peer?.stop();
  mcpServer?.stop();
  await local?.stop();
  await published?.stop();
});

const localStage = (): Stage => ({ peer, mcpServer, keyhold: local, publicUrl: local.url });

describe('with oidc-provider, Keyhold', () => {
  it.each([
    ['connects with a code and PKCE', playCode],
    ['survives rotation, and says when a reused refresh token ended the grant', playRotation],
    ['connects by the device flow', playDevice],
    ['requires the issuer in the callback', playIss],
    ['revokes on deletion', playRevocation],
  ])('%s', async (_title, play) => {
    await writeEntries(local, { [peer.name]: peer.entry });
    expect(await play(localStage())).toEqual({ kind: 'passes' });
  });
});

describe('with an MCP server behind oidc-provider, Keyhold', () => {
  it.each([
    ['registers once and connects by the URL', playRegistration],
    ['names the resource in every request', playResource],
  ])('%s', async (_title, play) => {
    await writeEntries(local, {});
    expect(await play(localStage())).toEqual({ kind: 'passes' });
  });

  it('connects with its metadata document', async () => {
    const stage = { peer, mcpServer, keyhold: published, publicUrl: PUBLIC_URL };
    expect(await playDocument(stage)).toEqual({ kind: 'passes' });
  });
});
