// glewlwyd: an OpenID provider in C, as Debian packages it, on a database of its own in a temporary folder. A small server in front of it
// serves the sign-in page, where everyone is logged in as ada and consents, and passes everything else on.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pluginParameters, writeFiles } from './glewlwyd-config.mjs';
import { CLIENT, describe, freePort, listen, redirect, redirectUris, resource } from './serve.mjs';

/** Where scripts/interop/install-glewlwyd.ts unpacks the packages. */
const ROOT = new URL('./node_modules/.glewlwyd', import.meta.url).pathname;
const SCOPES = ['openid', 'notes'];
const ADA = { username: 'ada', password: 'interop-password' };
const ADMIN = { username: 'admin', password: 'password' };

const { server, origin } = await listen();
const port = await freePort();
const backend = `http://127.0.0.1:${port}`;
const ISSUER = `${origin}/api/oidc`;

const folder = writeFiles({ root: ROOT, origin, port });

const child = spawn(`${ROOT}/usr/bin/glewlwyd`, ['--config-file', `${folder}/glewlwyd.conf`], {
  env: { LD_LIBRARY_PATH: `${ROOT}/usr/lib/x86_64-linux-gnu` },
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.on('exit', () => child.kill('SIGKILL'));
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(1));
child.once('exit', (code) => {
  console.error(`glewlwyd ended with ${code}`);
  process.exit(1);
});

const call = async (method, path, body, cookie) => {
  const headers = { 'content-type': 'application/json', ...(cookie && { cookie }) };
  const answer = await fetch(`${backend}/api${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status} ${await answer.text()}`);
  return answer;
};

/** Answers the cookie of a session of the person. */
const signIn = async (person) => {
  const cookies = (await call('POST', '/auth/', person)).headers.getSetCookie();
  return { cookies, header: cookies.map((text) => text.split(';')[0]).join('; ') };
};

const waitUntilReady = async () => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (
      await fetch(`${backend}/config`).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  throw new Error('glewlwyd did not start');
};

const configure = async () => {
  const { header } = await signIn(ADMIN);
  await call('POST', '/scope/', { name: 'notes', display_name: 'notes', password_required: false }, header);
  await call(
    'POST',
    '/user/?source=database',
    { ...ADA, name: 'Ada', email: 'ada@example.com', enabled: true, scope: [...SCOPES, 'g_profile'] },
    header,
  );
  await call(
    'POST',
    '/client/?source=database',
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      name: 'Keyhold',
      confidential: true,
      enabled: true,
      redirect_uri: redirectUris,
      authorization_type: ['code', 'refresh_token', 'device_authorization'],
      token_endpoint_auth_method: ['client_secret_basic'],
      scope: [],
    },
    header,
  );
  const parameters = pluginParameters({ issuer: ISSUER, scopes: SCOPES, resource });
  const plugin = { module: 'oidc', name: 'oidc', display_name: 'OpenID', enabled: true, parameters };
  await call('POST', '/mod/plugin/', plugin, header);
};

/** Everyone is ada, and grants what the client asks for. */
const answerSignIn = async (url, response) => {
  const { cookies, header } = await signIn(ADA);
  const client = url.searchParams.get('client_id');
  const scope = url.searchParams.get('scope') ?? SCOPES.join(' ');
  if (client) await call('PUT', `/auth/grant/${client}/`, { scope }, header);
  const back = url.searchParams.get('callback_url');
  const isDone = back === null || url.searchParams.get('prompt')?.startsWith('device');
  if (isDone) return response.end('signed in');
  redirect(response, `${back}${back.includes('?') ? '&' : '?'}g_continue`, cookies);
};

const passOn = (incoming, response) => {
  const { method, url, headers } = incoming;
  const outgoing = sendRequest(`${backend}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  incoming.pipe(outgoing);
};

server.on('request', (request, response) => {
  const url = new URL(request.url, origin);
  if (url.pathname !== '/login.html') return passOn(request, response);
  answerSignIn(url, response).catch((error) => {
    response.writeHead(500);
    response.end(String(error));
  });
});

await waitUntilReady();
await configure();
const metadata = await (await fetch(`${ISSUER}/.well-known/openid-configuration`)).json();
if (process.env.SHOW_METADATA) console.error(JSON.stringify(metadata, null, 1));
const [, version = ''] = /(\d+\.\d+\.\d+)/.exec(readFileSync(`${ROOT}/version`, 'utf8')) ?? [];

describe({
  version,
  issuer: metadata.issuer,
  entry: {
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    clientAuth: 'client_secret_basic',
    issuer: metadata.issuer,
    // It names its issuer in the callback, which its metadata does not say.
    authorizationResponseIssParameterSupported: true,
    authorizationEndpoint: metadata.authorization_endpoint,
    tokenEndpoint: metadata.token_endpoint,
    revocationEndpoint: metadata.revocation_endpoint,
    deviceAuthorizationEndpoint: metadata.device_authorization_endpoint,
    // A refused refresh is a 400 without a body.
    deadGrant: [{ status: 400 }],
    defaultScopes: ['notes'],
  },
  lacks: { document: 'not in its metadata' },
  notes: { resource: "with the operator's client: it reads no grant_types, so a registered one may not refresh" },
  needsEntry: ['resource'],
});
