// The part of the interoperability matrix that needs no package beside the project's own: the cells of oidc-provider.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Peer, startPeer } from '../../interop/matrix/peer-process.ts';
import { playCode, playDevice, playIss, playRevocation, playRotation } from '../../interop/matrix/play-provider.ts';
import { type Stage, writeEntries } from '../../interop/matrix/stage.ts';
import { type Keyhold, startKeyhold } from '../../support/http/local-server.ts';

let keyhold: Keyhold;
let peer: Peer;
let stage: Stage;

beforeAll(async () => {
  keyhold = await startKeyhold({ env: { SECRETS_MAX_AGE_SECONDS: '0' } });
  peer = await startPeer('oidc-provider', { REDIRECT_URIS: `${keyhold.url}/v1/oauth/callback` });
  await writeEntries(keyhold, { [peer.name]: peer.entry });
  stage = { peer, keyhold, publicUrl: keyhold.url };
});

afterAll(async () => {
  await peer?.stop();
  await keyhold?.stop();
});

describe('with oidc-provider, Keyhold', () => {
  it.each([
    ['connects with a code and PKCE', playCode],
    ['survives rotation, and says when a reused refresh token ended the grant', playRotation],
    ['connects by the device flow', playDevice],
    ['requires the issuer in the callback', playIss],
    ['revokes on deletion', playRevocation],
  ])('%s', async (_title, play) => {
    expect(await play(stage)).toEqual({ kind: 'passes' });
  });
});
