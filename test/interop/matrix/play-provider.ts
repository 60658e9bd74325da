// The cells that need the operator's entry only: code, rotation, device, iss and revocation.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../support/http/http-caller.ts';
import { openBrowser } from './browser.ts';
import { assertCell, type Outcome } from './cells.ts';
import {
  type Connected,
  callRuntime,
  connect,
  describeReply,
  exchangeDirectly,
  expectRuntime,
  exportRefreshToken,
  type Stage,
} from './stage.ts';

const ROUNDS = 5;
const CALLERS = 8;
const MOST_POLLS = 20;
const POLL_MILLISECONDS = 1_000;
/** How long a 503 is repeated. */
const MOST_MILLISECONDS = 60_000;

/** The connection of one cell, for a user of its own. */
const connectPeer = (stage: Stage, cell: string): Promise<Connected> =>
  connect(stage, `${cell}-alice`, { provider: stage.peer.name });

/** Resolves as a worker does: a 503 is repeated after its Retry-After. */
const resolve = async (stage: Stage, user: string, body: object = {}): Promise<Reply> => {
  const deadline = Date.now() + MOST_MILLISECONDS;
  for (;;) {
    const reply = await callRuntime(stage, user, ['POST', '/resolve'], { provider: stage.peer.name, ...body });
    if (reply.status !== 503 || Date.now() > deadline) return reply;
    await sleep(Number(reply.headers['retry-after'] ?? 1) * 1_000);
  }
};

/** The authorization code flow with PKCE. */
export const playCode = async (stage: Stage): Promise<Outcome> => {
  const connected = await connectPeer(stage, 'code');
  const { searchParams } = connected.authorizationUrl;
  assertCell(searchParams.get('code_challenge_method') === 'S256', 'no S256 challenge was sent');
  const resolved = await resolve(stage, connected.user);
  assertCell(resolved.status === 200, `resolve answered ${describeReply(resolved)}`);
  assertCell(/^Bearer \S+$/i.test(resolved.json.headers.authorization), 'resolve answers no bearer token');
  return { kind: 'passes' };
};

/** One forced refresh for several callers; answers the one token they all get. */
const refreshOnce = async (stage: Stage, user: string, refusedTokenRef: string): Promise<string> => {
  const call = () => resolve(stage, user, { refusedTokenRef });
  const replies = await Promise.all(Array.from({ length: CALLERS }, call));
  const refused = replies.find(({ status }) => status !== 200);
  assertCell(refused === undefined, `a refresh answered ${refused && describeReply(refused)}`);
  const refs = new Set(replies.map(({ json }) => json.tokenRef));
  assertCell(refs.size === 1 && !refs.has(refusedTokenRef), `${refs.size} tokens for ${CALLERS} callers`);
  return replies[0]?.json.tokenRef;
};

/** Whether the server ends the grant when a used refresh token comes back, and Keyhold says so. */
const playReuse = async (stage: Stage, connected: Connected, tokenRef: string): Promise<Outcome> => {
  const used = await exportRefreshToken(stage, connected);
  const after = await refreshOnce(stage, connected.user, tokenRef);
  const present = await exportRefreshToken(stage, connected);
  if (used === undefined || used === present) return { kind: 'lacks', reason: 'refresh tokens do not rotate' };
  assertCell((await exchangeDirectly(stage, used)) !== 200, 'the server took a refresh token twice');
  const last = await resolve(stage, connected.user, { refusedTokenRef: after });
  if (last.status === 200) return { kind: 'passes', note: 'rotates; the server has no reuse detection' };
  assertCell(last.json?.code === 'reconnect_required', `after a reuse, resolve answered ${describeReply(last)}`);
  return { kind: 'passes' };
};

/** Rotation under parallel callers, then reuse detection. */
export const playRotation = async (stage: Stage): Promise<Outcome> => {
  const connected = await connectPeer(stage, 'rotation');
  let { tokenRef } = (await resolve(stage, connected.user)).json;
  for (let round = 0; round < ROUNDS; round += 1) tokenRef = await refreshOnce(stage, connected.user, tokenRef);
  return playReuse(stage, connected, tokenRef);
};

/** The device flow. */
export const playDevice = async (stage: Stage): Promise<Outcome> => {
  const user = 'device-alice';
  const body = { provider: stage.peer.name };
  const started = await expectRuntime(stage, user, ['POST', '/device-connections'], { status: 201, body });
  const { state, verificationUri, verificationUriComplete } = started;
  await openBrowser().visit(verificationUriComplete ?? verificationUri, `${stage.publicUrl}/`);
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const polled = { status: 200, body: { state } };
    const { status } = await expectRuntime(stage, user, ['POST', '/device-connections/poll'], polled);
    if (status === 'approved') return { kind: 'passes' };
    assertCell(status === 'pending' || status === 'slow_down', `the flow ended as ${status}`);
    await sleep(Math.max(started.interval * 1_000, POLL_MILLISECONDS));
  }
  return { kind: 'fails', reason: 'the flow stayed pending' };
};

/** The issuer in the callback. */
export const playIss = async (stage: Stage): Promise<Outcome> => {
  const { callback } = await connectPeer(stage, 'iss');
  const named = callback.searchParams.get('iss');
  assertCell(named === stage.peer.issuer, `the callback names ${named}`);
  assertCell(stage.peer.entry.authorizationResponseIssParameterSupported === true, 'the entry does not require it');
  return { kind: 'passes' };
};

/** Revocation on deletion. */
export const playRevocation = async (stage: Stage): Promise<Outcome> => {
  const connected = await connectPeer(stage, 'revocation');
  const refreshToken = await exportRefreshToken(stage, connected);
  const path = `/credentials/${connected.id}`;
  const answer = await expectRuntime(stage, connected.user, ['DELETE', path], { status: 200 });
  assertCell(answer.revoked === true, `deleting answered revoked: ${answer.revoked}`);
  if (refreshToken === undefined) return { kind: 'passes', note: 'access token only' };
  if ((await exchangeDirectly(stage, refreshToken)) !== 200) return { kind: 'passes' };
  return { kind: 'lacks', reason: 'it answers 200 and keeps the refresh token' };
};
