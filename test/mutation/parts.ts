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

const WORDS =
  '{oauth/requested-scopes,oauth/scopes,values/digest,values/json-object,values/names,oauth/provider-template,credential/sendable-fields,credential/write-refusal}';

export const parts: Readonly<Record<string, Part>> = {
  sealing: {
    aim: 95,
    sources: [...domain('credential/seal-context', 'oauth/token-seal', 'values/secret'), 'lib/adapters/kms/*.ts'],
    tests: [
      ...unit('domain', 'credential/seal-context', 'oauth/token-seal', 'values/secret'),
      ...unit('adapters', 'cached-data-keys', 'jwe-sealer', 'kms-data-keys'),
    ],
  },
  state: {
    aim: 95,
    sources: [
      ...domain('oauth/oauth-state', 'oauth/pkce'),
      ...operations('create-oauth-state', 'consume-oauth-state', 'steps/use-flow', 'steps/open-flow'),
    ],
    tests: [
      ...unit('domain', 'oauth/oauth-state', 'oauth/pkce'),
      ...unit('operations', '*-oauth-state', 'use-flow'),
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
    sources: operations(
      'steps/{refresh-grant,prepare-refresh,settle-refresh,fresh-grant,exchange-grant,hand-on-token}',
    ),
    tests: REFRESHING,
  },
  events: {
    aim: 85,
    sources: [...domain('credential/credential-event'), ...operations('publish-events')],
    tests: [...unit('domain', 'credential/credential-event'), ...unit('operations', 'publish-events')],
  },
  'lease-resolve': {
    aim: 95,
    sources: operations('resolve-credential', 'steps/ready-credential', 'sweep-due-grants'),
    tests: REFRESHING,
  },
  keys: {
    aim: 95,
    sources: [...domain('values/user-path'), 'lib/adapters/dynamodb/item-key{,s}.ts'],
    tests: [...unit('domain', 'values/user-path'), ...unit('adapters', 'item-key', 'item-keys')],
  },
  authorization: {
    aim: 95,
    sources: [...domain('credential/choose-credential'), 'lib/http/{caller,read-request,gateway-refusal}.ts'],
    tests: [...unit('domain', 'credential/choose-credential'), ...unit('http', 'caller', 'read-request')],
  },
  redirects: {
    aim: 95,
    sources: domain('oauth/redirect-url'),
    tests: unit('domain', 'oauth/redirect-url'),
  },
  outbound: {
    aim: 95,
    sources: [...domain('values/outbound-url'), 'lib/adapters/oauth/{public-address,request-options}.ts'],
    tests: [...unit('domain', 'values/outbound-url'), ...unit('adapters/oauth', 'public-address', 'request-options')],
  },
  hosts: { aim: 95, sources: domain('values/host-pattern'), tests: unit('domain', 'values/host-pattern*') },
  fields: { aim: 95, sources: domain('values/http-field'), tests: unit('domain', 'values/http-field') },
  words: {
    aim: 85,
    sources: domain(WORDS),
    tests: unit('domain', WORDS),
  },
  credentials: {
    aim: 85,
    sources: domain(
      'credential/{credential,credential-view,new-credential,public-secret,rows}',
      'values/service-error',
    ),
    tests: [
      ...unit('domain', 'credential/{credential,credential-view,new-credential,rows}'),
      ...unit('operations', '{add,list,get,replace}-*', 'write-precedence'),
      ...unit('http', 'problem'),
    ],
  },
  providers: {
    aim: 85,
    sources: domain('oauth/provider-record', 'oauth/provider-view', 'credential/system-credentials'),
    tests: [
      ...unit('domain', 'credential/system-credentials', 'oauth/provider-record', 'oauth/provider-template'),
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
      ...domain('oauth/connection-state'),
      ...operations(
        '{complete-connection,park-code,poll-device-connection,start-connection,start-device-connection}',
        'steps/{find-client,merge-target,revoke-credential,save-grant,upgrade-target}',
      ),
    ],
    tests: CONNECTING,
  },
};
