// What glewlwyd is started with: its settings file, its database, and the parameters of its OpenID plugin.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';

/** Writes the settings and an empty database into a folder of its own; answers the folder. */
export const writeFiles = ({ root, origin, port }) => {
  const folder = mkdtempSync(join(tmpdir(), 'glewlwyd-'));
  const schema = readFileSync(`${root}/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz`);
  const database = new DatabaseSync(`${folder}/glewlwyd.db`);
  database.exec(gunzipSync(schema).toString('utf8'));
  database.close();

  const modules = (name) => `"${root}/usr/lib/glewlwyd/${name}"`;
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
  return folder;
};

/** The parameters of its OpenID plugin. */
export const pluginParameters = ({ issuer, scopes, resource }) => ({
  iss: issuer,
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
  'allowed-scope': scopes,
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
  'resource-scope': Object.fromEntries(scopes.map((scope) => [scope, [resource]])),
  'resource-change-allowed': false,
});
