// The parts of mutation testing: each a few source files and the unit tests that must detect their mutants. A part takes
// minutes, so that a run can be stopped and resumed.

/** One part. */
export interface Part {
  /** The score to reach, in percent. */
  aim: number;
  /** Globs. */
  sources: readonly string[];
  tests: readonly string[];
}

const domain = (...names: string[]) => names.map((name) => `lib/domain/${name}.ts`);
const operations = (...names: string[]) => names.map((name) => `lib/operations/${name}.ts`);
const steps = (...names: string[]) => names.map((name) => `lib/steps/${name}.ts`);
const unit = (folder: string, ...names: string[]) => names.map((name) => `test/unit/${folder}/${name}.test.ts`);

const REFRESHING = ['test/unit/operations/{refresh,resolve,issuer,mcp}/*.test.ts'];
const CONNECTING = ['test/unit/operations/connect/*.test.ts'];

const WORDS =
  '{oauth/verification,oauth/requested-scopes,oauth/scopes,oauth/rules/scope-rules,oauth/rules/reply-rule,oauth/url-template,oauth/api-address,oauth/kept/kept-values,values/bounded-pattern,values/digest,values/json-object,values/sendable-text,values/setting-error,values/names,oauth/provider-template,oauth/grant-binding,credential/sendable-fields}';

/** By name, in the order of a run. */
export const parts: Readonly<Record<string, Part>> = {
  sealing: {
    aim: 95,
    sources: [...domain('credential/seal-context', 'oauth/token-seal', 'values/secret'), 'lib/adapters/kms/*.ts'],
    tests: [
      ...unit('domain', 'credential/seal-context', 'oauth/token-seal', 'values/secret'),
      ...unit('adapters/kms', 'cached-data-keys', 'compact-jwe', 'jwe-sealer', 'kms-data-keys'),
    ],
  },
  state: {
    aim: 95,
    sources: [
      ...domain('oauth/oauth-state', 'oauth/pkce', 'oauth/state-refusal', 'values/expiry'),
      ...operations('connect/{create,consume}-oauth-state'),
      ...domain('link/*'),
      ...operations('link/*'),
      ...steps('connect/{create,load}-state'),
    ],
    tests: [
      ...unit('domain', 'oauth/oauth-state', 'oauth/pkce', 'oauth/state-refusal', 'link/*'),
      ...unit('operations', 'link/*', 'moving/*'),
      ...CONNECTING,
    ],
  },
  'lease-rules': {
    aim: 95,
    sources: domain('refresh/*'),
    tests: unit('domain', 'refresh/*'),
  },
  'lease-refresh': {
    aim: 95,
    sources: steps(
      'refresh/{refresh-token,refresh-client,lease,exchange,store-result,handle-fault,reconcile-lost-refresh}',
    ),
    tests: REFRESHING,
  },
  events: {
    aim: 85,
    sources: [...domain('credential/credential-event'), ...operations('operator/publish-events')],
    tests: [...unit('domain', 'credential/credential-event'), ...unit('operations', 'operator/publish-events')],
  },
  'lease-resolve': {
    aim: 95,
    sources: [
      ...operations('refresh/*'),
      ...steps(
        'refresh/{ensure-fresh-token,replace-refused-token,refresh-or-wait,hand-over-refresh,get-pause,try-refresh,note-use,sweep-grant,for-each-concurrently}',
      ),
    ],
    tests: [...REFRESHING, ...unit('operations', 'credential/tenant-variables')],
  },
  keys: {
    aim: 95,
    sources: [...domain('values/user-path'), 'lib/adapters/dynamodb/{item-key{,s},index/index-keys}.ts'],
    tests: [...unit('domain', 'values/user-path'), ...unit('adapters/dynamodb', 'item-key', 'item-keys', 'index-keys')],
  },
  authorization: {
    aim: 95,
    sources: [...domain('credential/choose-credential'), 'lib/http/chain/{caller,read-request,gateway-refusal}.ts'],
    tests: [...unit('domain', 'credential/choose-*'), ...unit('http', 'caller', 'read-request')],
  },
  redirects: {
    aim: 95,
    sources: domain('oauth/redirect-url'),
    tests: unit('domain', 'oauth/redirect-url'),
  },
  outbound: {
    aim: 95,
    sources: [...domain('values/outbound-url'), 'lib/adapters/outbound/{public-address,request-options}.ts'],
    tests: [
      ...unit('domain', 'values/outbound-url'),
      ...unit('adapters/outbound', 'public-address', 'request-options'),
    ],
  },
  discovery: {
    aim: 95,
    sources: domain('mcp/**/*'),
    tests: [...unit('domain', 'mcp/**/*'), ...unit('operations', 'mcp/*')],
  },
  hosts: { aim: 95, sources: domain('values/host-pattern'), tests: unit('domain', 'values/host-pattern*') },
  fields: { aim: 95, sources: domain('values/http-field'), tests: unit('domain', 'values/http-field') },
  words: {
    aim: 85,
    sources: domain(WORDS),
    tests: [
      ...unit('domain', WORDS, 'oauth/provider-record'),
      ...unit('http', 'read-request'),
      'test/unit/providers/*.test.ts',
      ...REFRESHING,
      ...CONNECTING,
    ],
  },
  credentials: {
    aim: 85,
    sources: domain(
      'credential/{credential,credential-view,list-page,new-credential,public-secret,rows,token-ref}',
      'values/{page-cursor,service-error}',
    ),
    tests: [
      ...unit('domain', 'credential/{credential,credential-view,new-credential,rows,token-ref}'),
      ...unit('operations', 'credential/{add,list,get,replace}-*', 'credential/write-precedence', 'operator/list-*'),
      // What only a connection, a server or an import gives a new credential.
      ...unit('operations', 'mcp/*', 'moving/{import,export}-user', 'resolve/*'),
      ...CONNECTING,
      ...unit('http', 'problem', 'openapi'),
    ],
  },
  providers: {
    aim: 85,
    sources: domain(
      'oauth/client/*',
      'oauth/provider-{profile,record}',
      'oauth/view/{provider-fields,provider-view,public-provider}',
      'credential/system-credentials',
    ),
    tests: [
      ...unit('domain', 'credential/system-credentials', 'oauth/client/*', 'oauth/provider-{profile,record,template}'),
      'test/unit/providers/*.test.ts',
      ...unit('operations', '{credential,operator}/list-*', 'resolve/resolve-choice', 'issuer/*', 'mcp/*'),
      ...unit('http', 'openapi'),
    ],
  },
  http: {
    aim: 85,
    sources: [
      'lib/http/{callback-answer,problem,problem-types}.ts',
      'lib/http/chain/{describe-fault,http-function,read-body,write-response}.ts',
    ],
    tests: ['test/unit/http/*.test.ts'],
  },
  reads: {
    aim: 85,
    sources: [
      ...operations('credential/{check-credential,get-credential,list-credentials}', 'user/get-managed-credential'),
      ...operations('operator/{list-providers,list-system-credentials,publish-configuration}'),
      ...steps(
        'credential/{all-settled,choose-row,open-credential,read-all-summaries,read-row,system-secret,verify-secret}',
      ),
    ],
    tests: ['test/unit/operations/{check,credential,issuer,link,mcp,operator,resolve,user}/*.test.ts'],
  },
  writes: {
    aim: 85,
    sources: [
      ...operations('credential/{add,delete,edit,rename,replace}-*', 'user/{delete,put}-managed-credential'),
      ...operations('user/erase-user', 'moving/*'),
      ...domain('moving/*'),
      ...steps(
        'moving/*',
        'credential/{check-variables,grant-client,reject-system-credential,replace-row,seal-credential,write-refusal,write-user}',
      ),
    ],
    tests: [
      'test/unit/operations/{credential,user,moving,issuer}/*.test.ts',
      ...unit('domain', 'moving/*'),
      ...CONNECTING,
    ],
  },
  connecting: {
    aim: 85,
    sources: [
      ...domain('oauth/connection-state', 'oauth/kept/callback-parameters'),
      ...operations('connect/{complete-connection,receive-callback,poll-device-connection}', 'connect/start-*'),
      ...steps(
        'connect/{begin-flow,flow-endpoints,merge-target,revoke-orphan,save-token,upgrade-target}',
        'credential/{complete-provider,find-client}',
        'disconnect/{disconnect,revoke-credential,shared-account}',
        'mcp/*',
      ),
    ],
    tests: [...CONNECTING, ...unit('operations', 'mcp/*', 'issuer/*')],
  },
};
