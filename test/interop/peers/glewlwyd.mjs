// glewlwyd: an OpenID provider in C, as Debian packages it, on a database of its own in a temporary folder. A small server in front of it
// serves the sign-in page, where everyone is logged in as ada and consents, and passes everything else on.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request as sendRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { CLIENT, describe, freePort, listen, redirect, redirectUris, resource } from './serve.mjs';

/** Where scripts/peers/install-glewlwyd.ts unpacks the packages. */
const ROOT = new URL('./node_modules/.glewlwyd', import.meta.url).pathname;
const SCOPES = ['openid', 'notes'];
const ADA = { username: 'ada', password: 'interop-password' };
const ADMIN = { username: 'admin', password: 'password' };

const { server, origin } = await listen();
const port = await freePort();
const backend = `http://127.0.0.1:${port}`;
const ISSUER = `${origin}/api/oidc`;

const folder = mkdtempSync(join(tmpdir(), 'glewlwyd-'));
const schema = readFileSync(`${ROOT}/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz`);
const database = new DatabaseSync(`${folder}/glewlwyd.db`);
database.exec(gunzipSync(schema).toString('utf8'));
database.close();

const modules = (name) => `"${ROOT}/usr/lib/glewlwyd/${name}"`;
writeFileSync(
  `${folder}/glewlwyd.conf`,
  `port=${port}
bind_address="127.0.0.1"
external_url="${origin}"
login_url="login.html"
api_prefix="api"
log_mode="console"
log_level="ERROR"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path=${modules('user')}
client_module_path=${modules('client')}
user_auth_scheme_module_path=${modules('scheme')}
plugin_module_path=${modules('plugin')}
hash_algorithm="SHA512"
database = { type = "sqlite3" path = "${folder}/glewlwyd.db" };
`,
);

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

const PLUGIN = {
  iss: ISSUER,
  'jwt-type': 'sha',
  'jwt-key-size': '256',
  key: 'interop-secret-interop-secret-0123456789',
  'access-token-duration': 600,
  'refresh-token-duration': 86_400,
  'code-duration': 60,
  'refresh-token-rolling': true,
  'refresh-token-one-use': 'always',
  'client-refresh-token-one-use-parameter': 'refresh-token-one-use',
  'auth-type-code-enabled': true,
  'auth-type-code-revoke-replayed': true,
  'auth-type-refresh-enabled': true,
  'auth-type-device-enabled': true,
  'allow-non-oidc': true,
  'allowed-scope': SCOPES,
  'subject-type': 'public',
  'pkce-allowed': true,
  'introspection-revocation-allowed': true,
  'introspection-revocation-allow-target-client': true,
  'register-client-allowed': true,
  'register-client-auth-scope': [],
  'register-client-credentials-scope': [],
  'device-authorization-expiration': 600,
  'device-authorization-interval': 1,
  'oauth-as-iss-id': true,
  'resource-allowed': true,
  'resource-scope': Object.fromEntries(SCOPES.map((scope) => [scope, [resource]])),
  'resource-change-allowed': false,
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
  const plugin = { module: 'oidc', name: 'oidc', display_name: 'OpenID', enabled: true, parameters: PLUGIN };
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
