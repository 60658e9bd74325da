// What is mutated, part by part: a few source files and the unit tests that must notice. A part takes minutes, so that a
// run can be ended at any time and gone on with.

export interface Part {
  /** The score to reach, in percent. */
  aim: number;
  /** Globs. */
  sources: readonly string[];
  tests: readonly string[];
}

const domain = (...names: string[]) => names.map((name) => `lib/domain/${name}.ts`);
const operations = (...names: string[]) => names.map((name) => `lib/operations/${name}.ts`);
const unit = (folder: string, ...names: string[]) => names.map((name) => `test/unit/${folder}/${name}.test.ts`);

const REFRESHING = ['test/unit/operations/refresh/*.test.ts', ...unit('operations', 'resolve-*')];
const CONNECTING = ['test/unit/operations/connect/*.test.ts'];

const WORDS = '{asked-scopes,scopes,digest,json-object,names,provider-template,sendable-fields,write-refusal}';

export const parts: Readonly<Record<string, Part>> = {
  sealing: {
    aim: 95,
    sources: [...domain('seal-binding', 'token-seal', 'secret'), 'lib/adapters/kms/*.ts'],
    tests: [
      ...unit('domain', 'seal-binding', 'token-seal', 'secret'),
      ...unit('adapters', 'cached-data-keys', 'jwe-sealer', 'kms-data-keys'),
    ],
  },
  state: {
    aim: 95,
    sources: [
      ...domain('oauth-state', 'pkce'),
      ...operations('create-oauth-state', 'consume-oauth-state', 'steps/use-flow', 'steps/open-flow'),
    ],
    tests: [
      ...unit('domain', 'oauth-state', 'pkce'),
      ...unit('operations', '*-oauth-state', 'use-flow'),
      ...CONNECTING,
    ],
  },
  'lease-rules': {
    aim: 95,
    sources: domain('refresh-*', 'refreshed-grant', 'token-freshness'),
    tests: unit('domain', 'refresh*', 'token-freshness'),
  },
  'lease-refresh': {
    aim: 95,
    sources: operations(
      'steps/{refresh-grant,prepare-refresh,settle-refresh,fresh-grant,exchange-grant,hand-on-token}',
    ),
    tests: REFRESHING,
  },
  events: {
    aim: 85,
    sources: [...domain('credential-event'), ...operations('publish-events')],
    tests: [...unit('domain', 'credential-event'), ...unit('operations', 'publish-events')],
  },
  'lease-resolve': {
    aim: 95,
    sources: operations('resolve-credential', 'steps/ready-credential', 'sweep-due-grants'),
    tests: REFRESHING,
  },
  keys: {
    aim: 95,
    sources: [...domain('item-key', 'user-path'), 'lib/adapters/dynamodb/item-keys.ts'],
    tests: [...unit('domain', 'item-key', 'user-path'), ...unit('adapters', 'item-keys')],
  },
  authorization: {
    aim: 95,
    sources: [...domain('choose-credential'), 'lib/http/{caller,read-request,gateway-refusal}.ts'],
    tests: [...unit('domain', 'choose-credential'), ...unit('http', 'caller', 'read-request')],
  },
  redirects: {
    aim: 95,
    sources: domain('redirect-url'),
    tests: unit('domain', 'redirect-url'),
  },
  outbound: {
    aim: 95,
    sources: [...domain('outbound-url'), 'lib/adapters/oauth/{public-address,request-options}.ts'],
    tests: [...unit('domain', 'outbound-url'), ...unit('adapters/oauth', 'public-address', 'request-options')],
  },
  hosts: { aim: 95, sources: domain('host-pattern'), tests: unit('domain', 'host-pattern*') },
  fields: { aim: 95, sources: domain('http-field'), tests: unit('domain', 'http-field') },
  words: {
    aim: 85,
    sources: domain(WORDS),
    tests: unit('domain', WORDS),
  },
  credentials: {
    aim: 85,
    sources: domain('{credential,credential-view,new-credential,public-secret,rows,service-error}'),
    tests: [
      ...unit('domain', '{credential,credential-view,new-credential,rows}'),
      ...unit('operations', '{add,list,get,replace}-*', 'write-precedence'),
      ...unit('http', 'problem'),
    ],
  },
  providers: {
    aim: 85,
    sources: domain('provider-record', 'provider-view', 'system-credentials'),
    tests: [
      ...unit('domain', 'system-credentials', 'provider-record', 'provider-template'),
      'test/unit/providers/*.test.ts',
      ...unit('operations', 'list-*', 'resolve-choice'),
    ],
  },
  http: {
    aim: 85,
    sources: ['lib/http/{callback-answer,describe-fault,http-function,problem,read-body,write-response}.ts'],
    tests: ['test/unit/http/*.test.ts'],
  },
  reads: {
    aim: 85,
    sources: operations(
      '{get-credential,get-managed-credential,list-credentials,list-providers,list-system-credentials}',
      'publish-configuration',
      'steps/{all-ended,open-credential,read-row,system-secret}',
    ),
    tests: ['test/unit/operations/*.test.ts', ...unit('operations/connect', 'list-*', 'publish-*')],
  },
  writes: {
    aim: 85,
    sources: operations(
      '{add-credential,delete-credential,delete-managed-credential,edit-credentials,erase-user}',
      '{put-managed-credential,rename-credential,replace-credential}',
      'steps/{replace-row,seal-credential,write-user}',
    ),
    tests: ['test/unit/operations/*.test.ts', ...CONNECTING],
  },
  connecting: {
    aim: 85,
    sources: [
      ...domain('connection-state'),
      ...operations(
        '{complete-connection,park-code,poll-device-connection,start-connection,start-device-connection}',
        'steps/{find-client,merge-target,revoke-credential,save-grant,upgrade-target}',
      ),
    ],
    tests: CONNECTING,
  },
};
