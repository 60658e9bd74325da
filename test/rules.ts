// Maps each rule of the service to the tests that show it. B: behaviour; O, R, D, G, I, L, M: an attack or fault to survive.
// test/unit/house/rules.test.ts checks that each file and title exists.

/** A file below test/, and a part of a title in it. */
export type Shown = readonly [file: string, title: string];

/** By the number of the rule. */
export const rules: Readonly<Record<string, { rule: string; shown: readonly Shown[] }>> = {
  B1: {
    rule: 'Nothing configured: a new user sees exactly ollama',
    shown: [['e2e/system-credentials.test.ts', 'are exactly ollama while nothing is configured']],
  },
  B2: {
    rule: 'System credentials follow the user’s own, in the order of the catalogue, all 28 when all are set',
    shown: [
      ['e2e/system-credentials.test.ts', 'are all 28 when every setting is set'],
      ['unit/operations/credential/list-credentials.test.ts', 'in the order of the catalogue'],
    ],
  },
  B3: {
    rule: 'webshare_proxy needs both settings and is user_password',
    shown: [
      [
        'e2e/system-credentials.test.ts',
        'appear in the users’ lists after they are configured, in the order of the catalogue',
      ],
      ['unit/domain/credential/system-credentials.test.ts', 'webshare'],
    ],
  },
  B4: {
    rule: 'System credentials are never stored, and their ids are reserved by id, not by value',
    shown: [
      ['e2e/system-credentials.test.ts', 'are never stored: a user who listed them all has no rows'],
      ['e2e/requests/refusals.test.ts', 'cannot be created or changed by a user: $provider'],
      ['unit/operations/credential/add-credential.test.ts', 'accepts a secret equal to a system key under another id'],
    ],
  },
  B5: {
    rule: 'A rotated key is served within the cache age; an outage of Secrets Manager does not prevent it',
    shown: [
      ['e2e/system-credentials.test.ts', 'serve a rotated key without a restart'],
      ['e2e/faults/outages.test.ts', 'does not affect calls while the last value is within its age limit'],
    ],
  },
  B6: {
    rule: 'providers lists each provider the user can use now, once',
    shown: [['unit/operations/credential/list-credentials.test.ts', 'names each provider once']],
  },
  B7: {
    rule: 'Add refuses an id the user has; the stored one is unchanged; the same id of two users is two credentials',
    shown: [
      [
        'unit/operations/credential/add-credential.test.ts',
        'refuses an id the user already has, and leaves the stored credential unchanged',
      ],
      ['unit/operations/credential/add-credential.test.ts', 'accepts the same id for two users'],
    ],
  },
  B8: {
    rule: 'Two concurrent adds of one id: one 201, one 409; fifty adds: fifty stored, version + 50',
    shown: [
      ['e2e/faults/concurrency.test.ts', 'creates one credential for concurrent creates of one id'],
      ['e2e/faults/concurrency.test.ts', 'stores all of fifty concurrent adds and increases the version by fifty'],
      ['e2e/faults/concurrency.test.ts', 'accepts one of twenty concurrent If-Match writes'],
    ],
  },
  B9: {
    rule: 'Replace: refusals, fields kept, fields cleared',
    shown: [
      ['unit/operations/credential/replace-credential.test.ts', 'keeps id, title and creation time'],
      ['unit/operations/credential/replace-credential.test.ts', 'refuses another provider'],
      ['unit/operations/credential/replace-oauth-credential.test.ts', 'scopes'],
      ['unit/operations/credential/list-credentials.test.ts', 'keeps the place of a replaced credential'],
    ],
  },
  B10: {
    rule: 'Delete: removed at once, a second delete is 404, never restored',
    shown: [
      ['e2e/faults/concurrency.test.ts', 'answers 200 to one of ten concurrent deletes'],
      [
        'contract/table/user-store.test.ts',
        'refuses the row version of a credential that was deleted and created again',
      ],
    ],
  },
  B11: {
    rule: 'edit is all or nothing and never overwrites a version its caller has not seen',
    shown: [
      ['contract/table/user-store.test.ts', 'writes all changes or none'],
      ['unit/operations/credential/edit-credentials.test.ts', 'never overwrites a change the caller has not seen'],
    ],
  },
  B12: {
    rule: 'No view, list, error, log line or metric holds a secret',
    shown: [
      ['e2e/requests/secrets-out-of-sight.test.ts', 'the output of the servers contains no secret'],
      ['e2e/refresh/refresh-secrets.test.ts', 'neither output, metrics nor files of the server contain a secret'],
      ['unit/operations/credential/list-credentials.test.ts', 'contains no secret of any type'],
    ],
  },
  B13: {
    rule: 'Another user’s id, a wrong id and a missing id get the same answer',
    shown: [['e2e/requests/isolation.test.ts', 'answers the same 404 to every id of another user']],
  },
  B14: {
    rule: 'One unreadable item does not hide the others; it can be deleted, and replaced unless it is newer',
    shown: [
      ['contract/table/unreadable-items.test.ts', 'leaves the others readable in each of'],
      ['contract/table/unreadable-items.test.ts', 'of a newer release is shown as unreadable and never written over'],
    ],
  },
  B15: {
    rule: 'An api key past its expiry is shown, and resolve says reconnect_required (expired)',
    shown: [
      ['unit/operations/credential/list-credentials.test.ts', 'shows an expired API key as reconnect_required'],
      ['unit/operations/resolve/resolve-credential.test.ts', 'resolveCredential of a broken credential'],
    ],
  },
  B16: {
    rule: 'Host patterns: ports, subdomains, case, trailing dot, IDN, IPv6',
    shown: [
      ['unit/domain/values/host-pattern.test.ts', 'parseHostPattern'],
      ['unit/domain/values/host-pattern-match.test.ts', 'matchesHost'],
    ],
  },
  B17: {
    rule: 'State token 43 characters, verifier 128, challenge S256; the verifier is in no answer but consume',
    shown: [
      ['unit/operations/connect/create-oauth-state.test.ts', 'returns a token of 32 bytes and a SHA-256 challenge'],
      ['unit/operations/connect/create-oauth-state.test.ts', 'returns nothing else, not the verifier'],
    ],
  },
  B18: {
    rule: 'A state lives 600 s to the second, works once, only for its user and provider, and a refused attempt does not consume it',
    shown: [
      ['e2e/faults/concurrency.test.ts', 'consumes a state once for a hundred concurrent callers'],
      ['contract/table/state-store.test.ts', 'does not consume a state for %s, and leaves it usable'],
      ['unit/operations/connect/create-oauth-state.test.ts', 'expires after ten minutes'],
      ['unit/operations/connect/create-oauth-state.test.ts', 'allows states up to the limit and refuses one more'],
    ],
  },
  B19: {
    rule: 'Any string that is not a valid token gets the same 400 state_invalid',
    shown: [['unit/operations/connect/consume-oauth-state.test.ts', 'does not look up a text that cannot be a token']],
  },
  B37: {
    rule: 'Each change of a credential publishes one event, at least once; nothing else does; a failing subscriber fails no request',
    shown: [
      ['e2e/refresh/events.test.ts', 'report each change of a credential in order'],
      ['e2e/refresh/events.test.ts', 'are not published for managed keys, states, flows, reads and refused writes'],
      ['e2e/refresh/events.test.ts', 'contain no secret and no other field of a row'],
      [
        'e2e/refresh/events.test.ts',
        'fails no request and does not block shutdown; each event is delivered once when the bus is back',
      ],
      ['unit/domain/credential/credential-event.test.ts', 'reports %s as %s'],
      ['unit/operations/operator/publish-events.test.ts', 'resumes at the first failed event'],
      ['infra/events.test.ts', 'invokes it only for rows of credentials'],
    ],
  },

  B20: {
    rule: 'The authorization URL: state, S256, exact redirect URI, scopes as the provider wants, its extra parameters',
    shown: [
      ['unit/operations/connect/start-connection.test.ts', 'startConnection'],
      ['unit/adapters/oauth/authorization-url.test.ts', 'describe('],
    ],
  },
  B21: {
    rule: 'Starting user, completing user and browser must match before the token endpoint is contacted',
    shown: [['unit/operations/connect/complete-connection.test.ts', 'receipt']],
  },
  B22: {
    rule: 'iss is checked when the provider has one',
    shown: [['unit/operations/connect/complete-connection.test.ts', 'iss']],
  },
  B22a: {
    rule: 'The same code again within 60 s gets a new receipt and voids the older; a prefetch takes nothing',
    shown: [
      ['unit/operations/connect/receive-callback.test.ts', 'the same response again'],
      ['e2e/connect/connect-callback.test.ts', 'takes nothing, and the person’s receipt works'],
    ],
  },
  B22b: {
    rule: 'What the record keeps is checked, stored with the grant, and answered; baseUrl is filled from it',
    shown: [
      ['unit/domain/oauth/kept/kept-values.test.ts', 'a value that the base URL begins with'],
      ['e2e/connect/connect-call.test.ts', 'is called at the instance that the token reply names'],
    ],
  },
  G1: {
    rule: 'A grant is sent only with its own client and to its own token origin; a swapped client or endpoint marks nobody',
    shown: [
      ['unit/operations/refresh/grant-binding.test.ts', 'is refreshed with its own client while the entry has it'],
      [
        'unit/operations/refresh/grant-binding.test.ts',
        'is sent nowhere without it: nothing is marked, and the operator learns of it',
      ],
      ['unit/operations/refresh/grant-binding.test.ts', 'is sent nowhere for another %s'],
      ['unit/operations/refresh/marking-stops.test.ts', 'has five of them marked, and the operator is told'],
      ['e2e/refresh/grant-client.test.ts', 'is sent to neither, until the operator says that the provider moved'],
      [
        'e2e/refresh/grant-client.test.ts',
        'loses five of eight at most, and the others work when it accepts them again',
      ],
      ['reliability/simulation/seed-suite.ts', 'violate no invariant under any fault'],
    ],
  },
  G3: {
    rule: 'Hostile kept values store nothing; altered data never opens',
    shown: [
      ['e2e/connect/connect-call.test.ts', 'of a hostile instance %s stores nothing'],
      ['unit/operations/credential/tenant-variables.test.ts', 'does not open once its data was changed in the table'],
    ],
  },
  G7: {
    rule: 'A connect link: one browser, one success, its expiry; nothing of another user',
    shown: [
      ['e2e/link/link-browsers.test.ts', 'is one of many that open it at once'],
      ['e2e/link/link-browsers.test.ts', 'has one answer, whatever the reason'],
      [
        'e2e/link/link-browsers.test.ts',
        'completes by this link alone: not by another of the user, by a worker or by the user',
      ],
      ['e2e/link/link-connect.test.ts', 'stores one credential when two tabs complete at once'],
      ['e2e/link/link-presets.test.ts', 'shows nothing of another user or provider, and changes none of it'],
      ['contract/table/link-store.test.ts', 'lets one of many writes by a link store its credential'],
      ['reliability/simulation/link/link-rules.ts', 'a link serves one browser'],
      [
        'reliability/simulation/link/link-rules.ts',
        'a link without manage stores one credential, and is then spent; none is spent without',
      ],
    ],
  },
  B23: {
    rule: 'The granted scopes are those the provider returns; they cover others by the rules of its record',
    shown: [
      ['unit/operations/connect/save-token.test.ts', 'scopes'],
      ['unit/operations/connect/granted-scopes.test.ts', 'scopes in resolve'],
      ['unit/operations/connect/granted-scopes.test.ts', 'stay missing where a person unticked them'],
      ['e2e/connect/connect-scopes.test.ts', 'resolves for scopes as the provider of the catalogue answers them'],
    ],
  },
  B24: {
    rule: 'Account name and id from the identity endpoint; failing to get them does not fail the connection',
    shown: [['unit/operations/connect/save-token.test.ts', 'account']],
  },
  B25: {
    rule: 'Upgrade asks for the union of scopes, or only the new ones; wrong targets are refused',
    shown: [
      ['unit/domain/oauth/requested-scopes.test.ts', 'requestedScopes'],
      ['unit/operations/connect/start-connection.test.ts', 'not_upgradable'],
    ],
  },
  B26: {
    rule: 'Merge: into the named target or the same known account, never losing scopes or the refresh token',
    shown: [
      [
        'reliability/simulation/connect/merge-rules.ts',
        'a user has one credential per account, however many connect it at once',
      ],
      [
        'reliability/simulation/connect/merge-rules.ts',
        'a connection merges into the named credential or that of its account, as it is now',
      ],
      ['unit/operations/connect/save-token.test.ts', 'merge'],
      ['unit/operations/connect/merge-accounts.test.ts', 'keeps neither token nor name of'],
      ['unit/operations/connect/merge-accounts.test.ts', 'gets the new tokens whatever their scopes when it is dead'],
    ],
  },
  B27: {
    rule: 'A sent token request consumes the state; a connection started before an erasure cannot complete',
    shown: [
      [
        'reliability/simulation/connect/flow-rules.ts',
        'a flow is consumed once, by its user, and nothing else changes it afterwards',
      ],
      ['unit/operations/connect/complete-connection.test.ts', 'erase'],
    ],
  },
  B28: {
    rule: 'Device flow: polling too fast never reaches the provider; of concurrent polls only one stores a credential',
    shown: [
      [
        'reliability/simulation/connect/flow-rules.ts',
        'each poll that reaches the provider was claimed, after the interval',
      ],
      ['unit/operations/connect/device-connection.test.ts', 'slow_down'],
    ],
  },
  B29: {
    rule: 'Disconnect revokes first, with a time limit; deletion happens for any answer of the provider',
    shown: [
      ['unit/operations/connect/disconnect.test.ts', 'revoke'],
      ['unit/operations/connect/disconnect-refreshing.test.ts', 'is refreshed, and the new one is revoked (%s)'],
      [
        'unit/operations/connect/disconnect-refreshing.test.ts',
        'nothing is revoked beside another credential %s; the last one is',
      ],
      [
        'unit/operations/connect/disconnect-refreshing.test.ts',
        'is revoked by the later of two deletions at the same time',
      ],
    ],
  },
  B30: {
    rule: 'Left ≥ minTtl: no call; less: one; no expiry: none; a token of short lifetime is fresh while half of it is left',
    shown: [
      ['e2e/refresh/refresh.test.ts', 'of a fresh token calls no provider'],
      ['e2e/refresh/refresh.test.ts', 'of a token with less than minTtlSeconds left calls the provider once'],
      ['unit/operations/resolve/resolve-refresh.test.ts', 'with remaining lifetime %s makes %s provider calls'],
      [
        'unit/operations/refresh/single-flight.test.ts',
        'accept a token written since they began to wait, however short its lifetime',
      ],
      ['unit/operations/refresh/hand-over-refresh.test.ts', 'is answered at once with it, and calls no provider'],
      ['e2e/refresh/slow-provider.test.ts', '%s: all callers are answered before the provider, and the grant survives'],
    ],
  },
  B31: {
    rule: 'N callers of an expired token: one token request; all get the new token, or after 3 s 503 with Retry-After 1',
    shown: [
      ['e2e/refresh/refresh-storm.test.ts', 'callers, each answered with the token or 503 and Retry-After'],
      [
        'unit/operations/refresh/single-flight.test.ts',
        'wait at most three seconds, then get refresh_unavailable with Retry-After',
      ],
      [
        'unit/operations/refresh/waiting-callers.test.ts',
        'waits at most three seconds, then gets refresh_unavailable with Retry-After',
      ],
    ],
  },
  B32: {
    rule: 'Waiters re-read: replaced, deleted or re-typed meanwhile, they get the current credential',
    shown: [
      ['e2e/refresh/refresh-changes.test.ts', 'a replacement wins, and the caller gets the new token'],
      [
        'e2e/refresh/refresh-changes.test.ts',
        'a deletion and a new credential with the same id win, and its tokens are not revoked',
      ],
      ['unit/operations/refresh/single-flight.test.ts', 'makes resolve choose another credential when there is one'],
    ],
  },
  B33: {
    rule: 'Only a rejected refresh token marks its credential, until it is reconnected; other failures back off in every process',
    shown: [
      [
        'e2e/refresh/refresh-failures.test.ts',
        'marks the credential with the reason, and the rejected token is never sent again',
      ],
      ['e2e/refresh/refresh-failures.test.ts', 'is cleared when the user reconnects'],
      [
        'e2e/refresh/refresh-failures.test.ts',
        'is not called by any process during the back-off, and works at once after it',
      ],
      ['e2e/refresh/refresh-failures.test.ts', 'of %s seconds is respected by every process, up to a minute'],
      ['unit/operations/refresh/refresh-failures.test.ts', 'doubles from one second to fifteen, jittered by half'],
    ],
  },
  B33b: {
    rule: 'What the record says means a dead grant is one; a refusal in other words is bounded by a day; the word is answered to workers',
    shown: [
      ['e2e/refresh/dead-grants.test.ts', 'is reconnect_required, with the word'],
      ['e2e/refresh/dead-grants.test.ts', 'is answered to workers only'],
      ['unit/operations/refresh/refused-for-good.test.ts', 'is refused for good, by'],
    ],
  },
  B34: {
    rule: 'A refresh keeps id, title, account, scopes unless the provider returns new ones, and the refresh token when none is returned',
    shown: [
      ['e2e/refresh/refresh.test.ts', 'changes only version and expiry in the view of the credential'],
      ['e2e/refresh/refresh.test.ts', 'leaves these scopes when the provider %s'],
      [
        'e2e/refresh/refresh.test.ts',
        'sends the rotated refresh token next time, and the same one when none was returned',
      ],
    ],
  },
  B35: {
    rule: 'resolve always chooses the same credential; an unusable own one never falls through to a system credential',
    shown: [['unit/operations/resolve/resolve-choice.test.ts', 'resolveCredential chooses']],
  },
  B33a: {
    rule: 'A reported token: another stored, no call; the same, one refresh for all; not refreshable, reconnect_required (refused)',
    shown: [
      ['e2e/refresh/refused-token.test.ts', 'is one token request for 200 reporters over two processes'],
      ['e2e/refresh/refused-token.test.ts', 'answers the stored token to a late report, without a call'],
      ['e2e/refresh/refused-token.test.ts', 'marks a key that cannot be refreshed, until it is replaced'],
      ['unit/operations/refresh/refused-token.test.ts', 'is 503 with Retry-After until the next step'],
    ],
  },
  B36: {
    rule: 'The sweep renews credentials in use that expire soon, spread in time; one rejected credential does not stop it',
    shown: [
      [
        'e2e/refresh/refresh-sweep.test.ts',
        'renews a credential in use repeatedly without a call, and is stopped by neither an unused nor a rejected one',
      ],
      ['unit/operations/refresh/sweep-renewals.test.ts', 'renews for seven days after the last use, then stops'],
      [
        'unit/operations/refresh/sweep-renewals.test.ts',
        '40 failing grants do not prevent the renewal of 400 healthy ones',
      ],
      ['unit/domain/refresh/schedule.test.ts', 'is spread by half the lead, earlier and never later'],
    ],
  },

  O1: {
    rule: 'A forged, truncated or foreign state: one 400',
    shown: [['e2e/connect/connect-state.test.ts', 'gets one answer, the same to the byte']],
  },
  O2: {
    rule: 'State bound to user, provider, redirect URI, scopes and verifier; each one swapped is refused and does not consume the state',
    shown: [
      ['e2e/connect/connect-mix-up.test.ts', 'goes to the provider of its state'],
      ['unit/operations/connect/complete-connection.test.ts', 'completeConnection'],
    ],
  },
  O3: {
    rule: 'Concurrent completions and callbacks with one state: one token request, one credential',
    shown: [
      [
        'reliability/simulation/connect/flow-rules.ts',
        'an authorization code is sent once for its flow, whatever the answer',
      ],
      ['e2e/connect/connect-state.test.ts', 'is exchanged once under concurrent completions'],
      ['e2e/connect/connect-state.test.ts', 'accepts one code under concurrent callbacks'],
    ],
  },
  O4: {
    rule: 'Expired by one millisecond but still in the table: refused',
    shown: [
      ['contract/table/state-store.test.ts', 'does not consume a state for %s, and leaves it usable'],
      [
        'e2e/connect/connect-callback.test.ts',
        'is refused at the callback and at completion, and was valid until then',
      ],
    ],
  },
  O5: {
    rule: 'Session fixation, both ways: no credential, and the token endpoint is never contacted',
    shown: [
      ['e2e/connect/connect-state.test.ts', 'of one user cannot be completed by another'],
      ['e2e/connect/connect-state.test.ts', 'cannot be completed by the attacker without the receipt'],
    ],
  },
  O6: {
    rule: 'Mix-up: a callback with a wrong iss, a repeated one, or none though advertised sends its code nowhere',
    shown: [
      ['e2e/connect/connect-mix-up.test.ts', 'received with one state cannot be completed with another'],
      ['unit/operations/connect/complete-connection.test.ts', 'iss'],
    ],
  },
  O7: {
    rule: 'S256 on every URL unless the provider record disables it; the verifier is fresh and never logged',
    shown: [
      ['e2e/connect/connect-start.test.ts', 'sends no challenge and no verifier when the record says so'],
      [
        'e2e/connect/connect-secrets.test.ts',
        'neither the output of the server nor any file of its folder contains one',
      ],
    ],
  },
  O8: {
    rule: 'Return and callback URLs match the allow list exactly',
    shown: [
      ['unit/domain/oauth/redirect-url.test.ts', 'the corpus'],
      ['e2e/connect/connect-urls.test.ts', 'with %s is refused'],
      ['unit/operations/connect/create-oauth-state.test.ts', 'is refused with %s, and no state is created'],
    ],
  },
  O9: {
    rule: 'Repeated parameters, code and error together, HTML: never reflected; the page has CSP and loads nothing',
    shown: [
      ['e2e/connect/connect-callback.test.ts', 'gets the page, and the state stays usable'],
      ['e2e/connect/connect-callback.test.ts', 'is HTML that loads nothing'],
    ],
  },
  O10: {
    rule: 'Crash between exchange and save: start again, no partial record; erase between start and complete: refused',
    shown: [
      [
        'reliability/simulation/connect/flow-rules.ts',
        'a connection writes only the grant it got, for the user who started it',
      ],
      ['unit/operations/connect/crash.test.ts', 'leaves all or nothing'],
      ['e2e/connect/connect-state.test.ts', 'cannot be completed after its user was erased'],
      ['e2e/connect/connect-state.test.ts', 'stores nothing when its user is erased while the provider answers'],
    ],
  },
  O11: {
    rule: 'Malformed and hostile token responses',
    shown: [
      ['unit/adapters/oauth/normalize-token-reply.test.ts', 'a token reply'],
      ['contract/oauth/oauth-replies.test.ts', 'a failure'],
    ],
  },
  O12: {
    rule: 'Id tokens are ignored, never partly validated',
    shown: [['unit/adapters/oauth/normalize-token-reply.test.ts', 'id_token']],
  },
  I6: {
    rule: 'Every fetched URL: https, no IP literal, resolved once, public addresses only, no redirect, bounded',
    shown: [
      ['unit/domain/values/outbound-url.test.ts', 'checkOutboundUrl'],
      ['unit/adapters/outbound/public-address.test.ts', 'isPublicAddress'],
      ['unit/adapters/outbound/guarded-fetch.test.ts', 'under the public policy'],
      ['contract/oauth/oauth-fetch.test.ts', 'redirect'],
      ['contract/mcp/discovery-ssrf.test.ts', 'leads to no request, and to a refusal'],
    ],
  },

  I1: {
    rule: 'Every route rejects every wrong caller; generated from the route table',
    shown: [['e2e/requests/authorization.test.ts', 'name each route once and no other']],
  },
  I2: {
    rule: 'Keys are injective for any pair of tuples',
    shown: [
      ['unit/adapters/dynamodb/item-key.test.ts', 'itemKey'],
      ['contract/table/user-store.test.ts', 'separates users whose ids look like'],
    ],
  },
  I3: {
    rule: 'Broken, deep, huge and wrongly typed bodies: never a 5xx',
    shown: [['e2e/faults/malformed.test.ts', 'are refused without a 5xx']],
  },
  I4: {
    rule: 'Fields a client may not set are refused',
    shown: [['e2e/requests/invalid-requests.test.ts', 'a field that the service sets']],
  },
  I5: {
    rule: 'No URL is built from Host or forwarded headers',
    shown: [['e2e/requests/wire-headers.test.ts', 'a Location']],
  },
  B39: {
    rule: 'A check: three results, never invalid for a provider in trouble; nothing of the reply shown, bounded per user',
    shown: [
      ['e2e/requests/check-credentials.test.ts', 'is unknown where the provider is not reached'],
      ['e2e/requests/check-credentials.test.ts', 'limits the checks of one user, and of no other'],
      ['e2e/requests/check-credentials.test.ts', 'shows and logs nothing of a reply or a secret'],
      ['unit/adapters/oauth/check-credential.test.ts', 'is never invalid'],
    ],
  },
  I8: {
    rule: 'Limits: credentials and open states per user, body 64 KB',
    shown: [
      ['e2e/faults/limits.test.ts', 'on credentials refuses one more, but a repeated create finds its own'],
      ['e2e/faults/limits.test.ts', 'on open states applies per user and answers Retry-After'],
      ['e2e/requests/refusals.test.ts', 'over 6 MB is refused by the gateway'],
    ],
  },

  R1: {
    rule: '200 callers of an expired token: one provider call, each gets the token or 503',
    shown: [
      ['e2e/refresh/refresh-storm.test.ts', 'callers, each answered with the token or 503 and Retry-After'],
      ['unit/operations/refresh/single-flight.test.ts', 'make one provider call and all get its token'],
      ['unit/operations/refresh/waiting-callers.test.ts', 'make one provider call and at most four requests each'],
      [
        'unit/operations/refresh/waiting-callers.test.ts',
        'in a process each make one provider call and all get its token',
      ],
    ],
  },
  R2: {
    rule: 'A lease that expires before its holder finishes: the late write succeeds only if secretRev is unchanged',
    shown: [
      [
        'unit/operations/refresh/uncertain-refresh.test.ts',
        'stores its result while secretRev is the one it exchanged, even over another call’s reconnect_required',
      ],
      [
        'contract/table/credential-refresh-store.test.ts',
        'is refused when the secret was replaced, deleted or created again',
      ],
    ],
  },
  R3: {
    rule: 'kill -9 at every step: the credential opens; only tokens of a strict provider not yet stored are lost, and it is reported',
    shown: [['reliability/crash/refresh.test.ts', 'leaves a credential that opens and resolves']],
  },
  R4: {
    rule: 'invalid_grant counts only after a re-read; transient failures mark nothing and no failure is cached',
    shown: [
      ['unit/operations/refresh/refresh-failures.test.ts', 'marks nothing when secretRev has changed meanwhile'],
      ['unit/operations/refresh/refresh-failures.test.ts', 'has no effect after the next refresh that succeeds'],
      ['e2e/refresh/refresh-failures.test.ts', 'leaves a valid token served as stale, and marks nothing'],
    ],
  },
  R5: {
    rule: 'After a successful refresh the write is retried to the deadline, and the caller gets the new token',
    shown: [
      [
        'unit/operations/refresh/refresh-failures.test.ts',
        'decrypts the data key before the provider call, and calls KMS no more after it',
      ],
      [
        'unit/operations/refresh/refresh-failures.test.ts',
        'stores the result when the store recovers within the lease',
      ],
      [
        'unit/operations/refresh/refresh-failures.test.ts',
        'answers the new token in bounded time even when the store never accepts it',
      ],
    ],
  },
  R6: {
    rule: 'expires_in missing: the documented rule; clocks ten minutes off cost extra calls but no token; the sweep has jitter',
    shown: [
      ['unit/operations/refresh/clock-skew.test.ts', 'does not send a token that another holds the lease on'],
      ['unit/operations/refresh/clock-skew.test.ts', 'under its lease for an hour sends nothing when it thaws'],
      ['unit/adapters/dynamodb/table-clock.test.ts', 'stays within its bound of error for any sequence of answers'],
      ['contract/table/table-clock.test.ts', 'minutes off by the first answer'],
      ['e2e/refresh/refresh.test.ts', 'assumes a lifetime of one hour when the provider returns none'],
      [
        'unit/operations/refresh/clock-skew.test.ts',
        'clocks that are %s cost at most twice the calls in a day, and no grant',
      ],
      ['unit/domain/refresh/schedule.test.ts', 'is spread by half the lead, earlier and never later'],
    ],
  },
  R7: {
    rule: 'A change, deletion, re-creation, reconnection or erasure during a refresh wins over it',
    shown: [
      ['e2e/refresh/refresh-changes.test.ts', 'a reconnection wins, and the caller gets the new token'],
      ['e2e/refresh/refresh-changes.test.ts', 'a deletion wins, and the tokens issued too late are revoked'],
      ['e2e/refresh/refresh-changes.test.ts', 'an erasure of the user wins, and no row is written back'],
    ],
  },
  R8: {
    rule: 'Provider down: a valid token is still served, and refreshing works again at once afterwards',
    shown: [
      ['e2e/refresh/provider-outage.test.ts', 'still serves every valid token, as stale'],
      ['e2e/refresh/provider-outage.test.ts', 'ends for each credential with the first call after its back-off'],
    ],
  },

  D1: {
    rule: 'A lost answer of every write: the service recognises its own write',
    shown: [
      ['contract/table/dynamodb-faults.test.ts', 'of an add is recognized as success'],
      ['contract/table/dynamodb-faults.test.ts', 'at any step of an erasure does not stop it'],
      ['reliability/simulation/seed-suite.ts', 'violate no invariant under any fault'],
      ['reliability/histories/histories.test.ts', 'are all linearizable'],
    ],
  },
  D2: {
    rule: 'Throttled, 5xx, hang, DNS gone: bounded time, 503 with Retry-After, no partial write',
    shown: [
      ['e2e/faults/outages.test.ts', 'answers 503 store_unavailable to reads and writes, then works again'],
      ['e2e/faults/outages-under-load.test.ts', 'causes only 503 answers, and no partial write'],
      ['contract/table/dynamodb-faults.test.ts', 'is store_unavailable when its name is unknown'],
    ],
  },
  D3: {
    rule: 'A create with the same id repeated, in parallel or after a lost answer: one credential',
    shown: [
      ['e2e/faults/concurrency.test.ts', 'creates one credential for concurrent creates of one id'],
      ['e2e/faults/outages.test.ts', 'stores an add once when its retry is answered'],
    ],
  },
  D6: {
    rule: 'Unreadable items: only that item fails, nothing is overwritten',
    shown: [['contract/table/unreadable-items.test.ts', 'leaves the others readable in each of']],
  },
  D7: {
    rule: 'Secrets Manager down, throttled, denied, rotated, wrong JSON: last good value, single flight, 503 when cold',
    shown: [
      ['unit/adapters/secrets-manager-system-keys.test.ts', 'secretsManagerSystemKeys'],
      ['unit/adapters/cached-value.test.ts', 'shares one fetch among concurrent readers'],
      ['e2e/faults/outages.test.ts', 'makes a cold start answer 503 secrets_unavailable without crashing'],
      ['e2e/faults/rotation.test.ts', 'is served after it is written, never partly, and the old one never again'],
      ['e2e/faults/rotation.test.ts', 'fails no call, and uses the new secret once it is written'],
    ],
  },
  D8: {
    rule: 'KMS down: fail closed, no write, clear code',
    shown: [
      ['e2e/faults/outages.test.ts', 'fails closed: no secret is written or opened, and views are still served'],
      ['e2e/faults/rotation.test.ts', 'leaves everything sealed before, between and after readable by a new process'],
    ],
  },
  D9: {
    rule: 'A sealed value moved to another user, credential or older version does not open',
    shown: [
      ['unit/adapters/kms/jwe-sealer.test.ts', 'checks the seal context even if the key decrypts it'],
      ['unit/local/aws/kms-stand-in.test.ts', 'context'],
    ],
  },
  D10: {
    rule: 'Nothing runs after the response, no state of a user is kept but a count of calls under a digest; the deadline reaches every fetch',
    shown: [
      ['reliability/simulation/invariants.ts', 'a call leaves nothing running after its answer'],
      ['unit/house/no-globals.test.ts', 'what one call would leave to the next'],
      ['unit/http/http-function.test.ts', 'does not affect the next request'],
      ['unit/http/http-function-log.test.ts', 'aborts the signal of the handler when the answer is given'],
      ['contract/oauth/oauth-fetch.test.ts', 'ends at the deadline of the current call: %s'],
      ['contract/oauth/oauth-deadline.test.ts', 'ends a provider call in progress'],
    ],
  },

  D11: {
    rule: 'A loop of one user, or of callbacks with invented states from one address, is refused before any port is called',
    shown: [
      [
        'unit/adapters/token-buckets.test.ts',
        'allows five seconds’ worth at once, then refuses and says when to come back',
      ],
      ['unit/http/limit-calls.test.ts', 'does no work for a call it refuses'],
      ['unit/http/limit-calls.test.ts', 'counts refused callbacks of a network, and neither those received nor faults'],
      [
        'e2e/faults/call-limits.test.ts',
        'is refused on the user plane, then served again; another user is not refused',
      ],
      ['e2e/faults/call-limits.test.ts', 'are refused above their rate, and the health route answers meanwhile'],
    ],
  },
  D12: {
    rule: 'A plane cannot use up the requests or, where they are reserved, the executions of another; health and the connect page have no rights',
    shown: [
      ['infra/availability.test.ts', 'are set on every route, by plane; the callback’s is far above that of health'],
      ['infra/availability.test.ts', 'can be reserved for every function'],
      ['infra/least-privilege.test.ts', '%s may do nothing but write its log'],
    ],
  },
  D13: {
    rule: 'A credential and its index entry change in one write; a reader by the index misses nothing that a reader by id finds',
    shown: [
      ['reliability/simulation/invariants.ts', 'every row stands in the indexes at the place of its own provider'],
      ['contract/table/user-store.test.ts', 'shows a replaced credential at once, at the same place'],
      ['contract/table/unreadable-items.test.ts', 'is listed, and hides no other: %s'],
    ],
  },
  D14: {
    rule: 'Resolving costs the same however many credentials the user has',
    shown: [
      ['contract/table/read-costs.test.ts', 'is resolved by provider with one request and two units'],
      ['contract/table/read-costs.test.ts', 'is resolved by URL with one request and two units'],
    ],
  },

  B38: {
    rule: 'An AutoGPT document imports with ids, titles, scopes and expiries; what does not parse is skipped with a reason',
    shown: [
      ['e2e/moving/moving.test.ts', 'imports with ids, titles, scopes and expiries, and resolves'],
      ['e2e/moving/moving.test.ts', 'skips what is broken with a reason each, and stores the rest'],
      ['unit/domain/moving/import-document.test.ts', 'spoils no other: all broken ones beside one that can be stored'],
      ['unit/domain/moving/import-document.test.ts', 'understands the provider %s'],
    ],
  },
  D15: {
    rule: 'An import never overwrites; repeated after any end it is complete, and then has no second effect',
    shown: [
      ['unit/operations/moving/import-user.test.ts', 'never overwrites what is stored between its read and its write'],
      [
        'unit/operations/moving/import-user.test.ts',
        'never overwrites a row that cannot be read and that no index has',
      ],
      ['unit/operations/moving/import-user.test.ts', 'is complete after it is repeated, and then has no second effect'],
      ['unit/operations/moving/import-user.test.ts', 'stores nothing after an erasure that ended meanwhile'],
      ['contract/table/user-store.test.ts', 'stores a managed key that must be absent, and never over another'],
      [
        'contract/table/state-store.test.ts',
        'refuses a token that is taken, and leaves its state and the count as they are',
      ],
    ],
  },
  D16: {
    rule: 'Export then import into an empty user is the identity; what cannot be read is told',
    shown: [
      [
        'unit/operations/moving/round-trip.test.ts',
        'are the identity: ids, titles, order, times, marks, data and whole secrets',
      ],
      ['unit/operations/moving/export-user.test.ts', 'is told: a damaged row, a broken seal, a damaged managed key'],
      ['e2e/moving/moving.test.ts', 'is imported as the same user: pages, order and whole secrets'],
    ],
  },

  P1: {
    rule: 'The connect page runs its own script and styles only, and keeps the token of its link and the receipt out of the address',
    shown: [
      ['unit/web/page.test.ts', 'runs its own script and styles by their hashes, and nothing else'],
      ['unit/web/page.test.ts', 'loads nothing from elsewhere'],
      ['browser/page-states.test.ts', 'takes the token out of the address, and forbids nothing that it needs'],
      ['unit/functions/connect-page.test.ts', 'answers the page under a policy that allows nothing from elsewhere'],
    ],
  },
  P2: {
    rule: 'The connect page completes only what its own tab has started, and stores no key that the provider refuses or the person left',
    shown: [
      ['unit/web/open.test.ts', 'completes nothing that was not started in this tab'],
      ['browser/page-states.test.ts', 'completes nothing for a crafted address'],
      ['browser/local-server.test.ts', 'stores a key that works, and none that the provider refuses'],
      ['unit/web/connect.test.ts', 'stores nothing for a person who went back during the check'],
    ],
  },
  P3: {
    rule: 'Every refusal has words on the connect page, and every view can be read and used by everybody',
    shown: [
      ['unit/web/words.test.ts', 'exist for the code %s of the service'],
      ['browser/accessibility.test.ts', 'have no violation in $scheme at $width px'],
      ['browser/accessibility.test.ts', 'can be used with the keyboard alone, and each new view takes the focus'],
    ],
  },
  L1: {
    rule: 'A canary of each kind is found in no output, answer or table byte, raw or encoded',
    shown: [
      ['e2e/requests/secrets-out-of-sight.test.ts', 'no file under KEYHOLD_HOME contains a secret'],
      ['e2e/requests/secrets-out-of-sight.test.ts', 'finds one as %s'],
      [
        'e2e/connect/connect-secrets.test.ts',
        'neither the output of the server nor any file of its folder contains one',
      ],
      ['e2e/refresh/refresh-secrets.test.ts', 'neither output, metrics nor files of the server contain a secret'],
    ],
  },
  L2: {
    rule: 'Errors that carry requests are described before they are logged',
    shown: [
      ['unit/functions/raw-errors.test.ts', 'does not leave %s when it starts'],
      ['unit/functions/raw-errors.test.ts', 'does not leave %s when an invocation fails'],
      [
        'e2e/requests/secrets-out-of-sight.test.ts',
        'of KMS and Secrets Manager are answered and logged without a secret',
      ],
    ],
  },
  L3: {
    rule: 'Secrets are compared as digests, in constant time',
    shown: [['unit/house/compared-secrets.test.ts', 'does not use === in']],
  },

  C1: {
    rule: 'The client sends a credential to the origin it was resolved for and to no other, redirects included; no error repeats one',
    shown: [
      ['e2e/client/fetch.test.ts', 'to another origin goes without the credential, in header and query'],
      ['e2e/client/fetch.test.ts', 'to another origin and back does not get the credential again'],
      [
        'unit/client/fetch.test.ts',
        'of a call by path goes to its own base URL, not to the one that refused the first',
      ],
      ['unit/client/fetch.test.ts', 'that a redirect repeats does not reach another origin'],
      ['unit/client/fetch.test.ts', 'is not in the URL of the response or of its copies'],
      ['unit/client/fetch.test.ts', 'that a redirect repeats as part of a URL goes nowhere'],
      ['unit/client/calls.test.ts', 'quotes nothing of its body'],
      ['unit/client/waiting.test.ts', 'as a token, %j, is an error that does not repeat it'],
      ['unit/client/waiting.test.ts', 'as the key of an API is an error that does not repeat it'],
    ],
  },
  C2: {
    rule: 'The client repeats a call that may have taken effect only where a second effect is impossible, within a bound of time',
    shown: [
      ['unit/client/calls.test.ts', '%s after %j is sent %d times'],
      ['unit/client/calls.test.ts', 'is not repeated when the wait would exceed the limit'],
      ['unit/client/waiting.test.ts', 'has at least a second between two attempts, whatever Retry-After says'],
      ['unit/client/waiting.test.ts', 'counts the attempts too, so that no attempt begins after the limit'],
      ['unit/client/waiting.test.ts', 'is bounded when the function that returns the token never answers'],
    ],
  },
  C3: {
    rule: 'The client has a type and a method for every route, and the packed package passes a strict project',
    shown: [
      ['unit/client/generated.test.ts', 'has a method for every operation that a client calls'],
      ['e2e/client/package.test.ts', 'has types in %s that a strict project can import, every one'],
    ],
  },
  C4: {
    rule: 'An import by the command that was killed goes on without a second effect, in memory that does not grow with the file',
    shown: [
      ['e2e/cli/import.test.ts', 'that was killed twice goes on, without a second effect'],
      ['e2e/cli/import.test.ts', 'reads a file larger than its memory'],
    ],
  },
  C5: {
    rule: 'The command prints no secret unless asked, and no character that a terminal obeys',
    shown: [
      ['e2e/cli/command.test.ts', 'hides the secret with %j'],
      ['unit/cli/output.test.ts', 'replaces what a terminal obeys'],
      ['unit/cli/operator-secrets.test.ts', 'judges each entry as the service does'],
    ],
  },

  M1: {
    rule: 'A grant of an MCP server is used, refreshed and revoked with what is sealed with it, for its resource, and by its own client',
    shown: [
      [
        'unit/operations/mcp/refresh-server-grant.test.ts',
        'goes to the sealed endpoint, for the resource, with the client it was issued to',
      ],
      ['unit/operations/mcp/refresh-server-grant.test.ts', 'is revoked at the sealed endpoint, with its own client'],
      ['e2e/mcp/connect-by-url.test.ts', 'is one exchange for eight callers at once, at a server that detects reuse'],
    ],
  },
  M2: {
    rule: 'The token of an MCP server goes to no URL that its resource does not cover',
    shown: [
      ['unit/operations/mcp/use-server-grant.test.ts', '%s is refused: a server may read another path'],
      ['unit/domain/mcp/resource-escape.test.ts', 'is at or below it, however often a server decodes its path'],
      ['e2e/mcp/connect-by-url.test.ts', 'have tokens of their own, and neither is answered for the other'],
      ['unit/client/fetch-for-mcp.test.ts', 'does not go along where a redirect leads to %s, nor back'],
      ['unit/client/fetch-for-mcp.test.ts', 'does not leave the resource by the path %s'],
    ],
  },
  M3: {
    rule: 'A new issuer and a lost client are told as such, and one server marks no grant of another',
    shown: [
      [
        'unit/operations/mcp/refresh-server-grant.test.ts',
        'stops its own marking and no other’s (%s), and raises no alarm',
      ],
      [
        'e2e/mcp/connect-by-url.test.ts',
        'has its grants marked as such, and is connected anew there with a client of its own',
      ],
    ],
  },
  M4: {
    rule: 'An agent goes on with a refreshed token, and is told what starts a step-up, without a token in any error',
    shown: [
      [
        'e2e/mcp/sdk-agent.test.ts',
        'calls tools as alice, with a token that is refreshed when it expires between two calls',
      ],
      ['e2e/mcp/sdk-agent.test.ts', 'goes on where the server refuses a token before its time'],
      ['e2e/mcp/sdk-agent.test.ts', 'sends each user’s own token only'],
      ['e2e/mcp/sdk-agent.test.ts', 'ends the call with what starts the step-up, after which the same agent calls it'],
      ['unit/client/fetch-for-mcp.test.ts', 'puts no token into the error where its challenge repeats it'],
    ],
  },
  M21: {
    rule: 'A registered client goes with its time unless a connection is completed with it, and never once one is',
    shown: [
      [
        'unit/operations/mcp/unused-client.test.ts',
        'counts as missing from its end on, whether or not the table has removed it, and leaves nothing for good',
      ],
      [
        'unit/operations/mcp/complete-server-connection.test.ts',
        'costs no code where the table fails: the same request works later',
      ],
      [
        'contract/table/issuer-store.test.ts',
        'puts off the end of an unused client, and not of one that is kept meanwhile',
      ],
    ],
  },
  M20: {
    rule: 'A caller’s challenge stands for no answer of the server, and none goes with a link for a chosen server',
    shown: [
      [
        'contract/mcp/discovery.test.ts',
        'asks the server where the caller’s challenge names no place and the well-known ones are empty',
      ],
      ['contract/mcp/discovery.test.ts', 'is no web site that answers %i, whatever challenge a caller has'],
      [
        'unit/domain/link/link-rules.test.ts',
        'takes no challenge where it names %s: that could lead to another authorization server',
      ],
    ],
  },
  N1: {
    rule: 'A grant of a provider named by its issuer alone is refreshed and revoked where it was made, whatever becomes of the issuer',
    shown: [
      [
        'unit/operations/issuer/kept-endpoints.test.ts',
        'is refreshed without a question to the issuer, which does not answer',
      ],
      ['unit/operations/issuer/kept-endpoints.test.ts', 'is revoked without a question to the issuer'],
      [
        'unit/operations/issuer/kept-endpoints.test.ts',
        'is sent to no other origin that the metadata names, even where the kept endpoint refuses the client',
      ],
      ['e2e/connect/connect-issuer.test.ts', 'refreshes and revokes grants while its metadata cannot be read'],
    ],
  },
  N2: {
    rule: 'A client with a key authenticates by a new assertion for its issuer each time, and sends no secret',
    shown: [
      ['contract/oauth/private-key-jwt.test.ts', 'carries an assertion for the token endpoint, and no secret'],
      [
        'e2e/connect/connect-issuer.test.ts',
        'is connected, refreshed and revoked, each time by a new assertion that the server accepts',
      ],
    ],
  },
  N3: {
    rule: 'Reading the metadata of an issuer reaches no forbidden place, and takes nothing from a document that fails a check',
    shown: [
      ['contract/oauth/issuer-discovery.test.ts', 'as the issuer leads to no request'],
      ['contract/oauth/issuer-discovery.test.ts', 'as the %s is refused with the whole document'],
      ['contract/oauth/issuer-discovery.test.ts', 'whose answer is a redirect (%i) leads nowhere'],
    ],
  },
  M5: {
    rule: 'A registered client that is replaced or refused ends no other grant, and the next start registers another',
    shown: [
      [
        'unit/operations/mcp/refresh-server-grant.test.ts',
        'leaves the grants of others alone when it was refused by mistake',
      ],
      [
        'unit/operations/mcp/issuer-client.test.ts',
        'is replaced once in ten minutes, however often the server refuses',
      ],
      ['contract/table/issuer-store.test.ts', 'keeps each client that was replaced, by its id, with all of it'],
    ],
  },
  M6: {
    rule: 'An expired token of an MCP server is exchanged once, whichever processes ask for it, and no grant is lost to reuse',
    shown: [['e2e/mcp/server-storm.test.ts', 'makes one exchange of each expiry, and loses no grant']],
  },
  M7: {
    rule: 'A client counts as gone only where it was registered and is missing or not known; what is lost or refused for all marks few',
    shown: [
      [
        'unit/operations/mcp/refresh-server-grant.test.ts',
        'stops the marking after five grants: the table may have lost its row',
      ],
      [
        'unit/operations/mcp/refresh-server-grant.test.ts',
        'is no client of a metadata document, whose grants wait: the server may have failed to read it',
      ],
      [
        'contract/table/issuer-store.test.ts',
        'reads a client that a newer release wrote as a fault, present or former: it is not missing',
      ],
    ],
  },
  M8: {
    rule: 'MCP servers of one user that hang delay the renewals of no other user, and get no further call in the sweep',
    shown: [
      [
        'unit/operations/refresh/sweep-hanging.test.ts',
        'delay the grants of no other user, although the index names them first',
      ],
      ['unit/operations/refresh/sweep-hanging.test.ts', 'are left alone for the rest of the sweep'],
      [
        'unit/operations/refresh/sweep-hanging.test.ts',
        'gets no call in a later run of the sweep that it was paused in, whoever has grants of it',
      ],
    ],
  },
  M9: {
    rule: 'An operator’s client is used for no MCP server but those that its entry is meant for, whatever issuer a server names',
    shown: [
      ['unit/operations/mcp/issuer-client.test.ts', 'for %s is %s'],
      [
        'unit/operations/mcp/start-server-connection.test.ts',
        'of %s, which names GitLab as its issuer, is by the client %s: the operator’s app is trusted there',
      ],
      ['unit/adapters/operator-provider.test.ts', 'are at the hosts of its API, of %s'],
    ],
  },
  N5: {
    rule: 'The secret, key or code of a client goes only where the operator’s entry or what this deployment sealed itself says',
    shown: [
      ['unit/operations/mcp/foreign-endpoints.test.ts', 'is not sent where the document names %s elsewhere'],
      ['unit/operations/mcp/foreign-endpoints.test.ts', 'sends no assertion of its key there'],
      ['unit/operations/mcp/foreign-endpoints.test.ts', 'sends the operator’s secret nowhere'],
      [
        'contract/table/issuer-store.test.ts',
        'reads metadata that a writer of the table made as missing: without a seal, under one of its own, or of another purpose',
      ],
      [
        'infra/least-privilege.test.ts',
        'let no function that starts connections open the secret of a client or of a user',
      ],
    ],
  },
  N4: {
    rule: 'A flow at a provider named by its issuer completes at the endpoints that its start found',
    shown: [
      [
        'unit/operations/issuer/issuer-provider.test.ts',
        'completes at the endpoints that the start found, although the metadata is not known any more',
      ],
      [
        'unit/adapters/mcp/server-cache.test.ts',
        'asks again until what it read is stored, for the functions that read the table only',
      ],
    ],
  },
};
