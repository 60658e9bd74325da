// Planted faults as changes of the source text, each with the test of the ordinary suites that must fail: mistakes that neither
// the simulator nor the histories can detect.

/** Replaces one occurrence of `from` in a file. */
export interface Patch {
  file: string;
  from: string;
  to: string;
}

/** A planted fault. */
export interface PatchedFault {
  patches: readonly Patch[];
  /** The file, below test/, and the title of the test that must fail. */
  caughtBy: readonly [file: string, title: string];
}

const COMPLETION = 'unit/operations/connect/complete-connection.test.ts';

/** By description. */
export const patchedFaults: Readonly<Record<string, PatchedFault>> = {
  'an unescaped key': {
    patches: [{ file: 'lib/adapters/dynamodb/item-key.ts', from: 'part.replace(ESCAPED, escapeUnit)', to: 'part' }],
    // A key that can be decoded is injective; random pairs of tuples collide too rarely to show it.
    caughtBy: ['unit/adapters/dynamodb/item-key.test.ts', 'decodes every key to its tuple'],
  },

  'a redirect followed with credentials': {
    patches: [
      {
        file: 'lib/adapters/outbound/guarded-fetch.ts',
        from: 'return receive(await send(url, address, request));',
        to: `const message = await send(url, address, request);
          const { location } = message.headers;
          return location ? attempt(new URL(location, url), request) : receive(message);`,
      },
    ],
    caughtBy: ['contract/oauth/oauth-fetch.test.ts', 'follows no 307'],
  },

  'an error object logged': {
    patches: [{ file: 'lib/http/chain/http-function.ts', from: 'fault: describeFault(error)', to: 'fault: [error]' }],
    caughtBy: [
      'unit/http/http-function-log.test.ts',
      'describes a fault by kind and stack frames, never by its message',
    ],
  },

  'secrets compared by ===': {
    patches: [
      {
        file: 'lib/operations/connect/complete-connection.ts',
        from: "!isEqualDigest(hashToken(receipt), row.receiptHash ?? '')",
        to: 'hashToken(receipt) !== row.receiptHash',
      },
    ],
    caughtBy: [
      'unit/house/compared-secrets.test.ts',
      'does not use === in lib/operations/connect/complete-connection.ts',
    ],
  },

  'a completion without the receipt': {
    patches: [
      {
        file: 'lib/operations/connect/complete-connection.ts',
        from: "if (!isEqualDigest(hashToken(receipt), row.receiptHash ?? '')) throw stateInvalid('wrong_receipt');",
        to: '',
      },
      // The pending code is sealed with the receipt too.
      { file: 'lib/operations/connect/complete-connection.ts', from: '[state, receipt]', to: '[state]' },
      { file: 'lib/operations/connect/receive-callback.ts', from: '[token, receipt]', to: '[token]' },
    ],
    caughtBy: [COMPLETION, "refuses another browser's receipt, and the state stays usable"],
  },

  'a completion without the user check': {
    patches: [
      {
        file: 'lib/steps/connect/load-state.ts',
        from: "if (row.userId !== userId) throw stateInvalid('foreign_user');",
        to: '',
      },
    ],
    caughtBy: [COMPLETION, 'refuses another user, and the user who started it can still complete'],
  },

  'a failed refresh cached': {
    patches: [
      {
        file: 'lib/steps/refresh/exchange.ts',
        from: 'return await send(deps, client, secret.refreshToken);',
        to: `const [kept, { refreshToken }] = [((globalThis as any).kept ??= new Map()), secret];
          if (!kept.has(refreshToken)) kept.set(refreshToken, send(deps, client, refreshToken));
          return await kept.get(refreshToken);`,
      },
    ],
    caughtBy: [
      'unit/operations/refresh/refresh-failures.test.ts',
      'has no effect after the next refresh that succeeds',
    ],
  },

  'dead grants marked without end': {
    patches: [
      {
        file: 'lib/steps/refresh/handle-fault.ts',
        from: "return decision !== 'keep';",
        to: 'return decision !== null;',
      },
    ],
    caughtBy: ['unit/operations/refresh/marking-stops.test.ts', 'has five of them marked, and the operator is told'],
  },

  'a grant sent on from any origin': {
    patches: [
      {
        file: 'lib/domain/oauth/grant-binding.ts',
        from: 'readOrigin(former) === tokenOrigin',
        to: 'readOrigin(former) !== null',
      },
    ],
    caughtBy: ['unit/operations/issuer/grant-client.test.ts', 'is none when the former origin is of another port'],
  },

  'two credentials of an account deleted at once, and neither revoked': {
    patches: [{ file: 'lib/operations/credential/delete-credential.ts', from: ', atVersion: ended.atVersion', to: '' }],
    // Two deletions that read at the same moment show in one seed of thousands.
    caughtBy: [
      'unit/operations/connect/disconnect-refreshing.test.ts',
      'is revoked by the later of two deletions at the same time',
    ],
  },

  'a row stored without its index keys': {
    patches: [{ file: 'lib/adapters/dynamodb/write-statements.ts', from: '...indexKeys(change.credential), ', to: '' }],
    caughtBy: ['contract/table/unreadable-items.test.ts', 'gets its own place again when it is replaced'],
  },

  'an import that overwrites an existing id': {
    patches: [
      {
        file: 'lib/steps/moving/write-batch.ts',
        from: 'for (const index of removed.indexes) {',
        to: `for (const index of removed.indexes) {
          const change = left.get(index);
          const row = change?.kind === 'put' ? await users.readCredential(userId, change.credential.id) : null;
          if (change?.kind === 'put' && row) {
            left.set(index, { ...change, when: row.rowVersion });
            continue;
          }`,
      },
    ],
    caughtBy: [
      'unit/operations/moving/import-user.test.ts',
      'never overwrites what is stored between its read and its write',
    ],
  },

  'an import that overwrites a managed key': {
    patches: [
      {
        file: 'lib/steps/moving/seal-entry.ts',
        from: "managed: { ...unsealed, ...sealed }, when: 'absent' }",
        to: 'managed: { ...unsealed, ...sealed } }',
      },
    ],
    caughtBy: [
      'unit/operations/moving/import-user.test.ts',
      'never overwrites what is stored between its read and its write',
    ],
  },

  'the first credential resolved whatever its scopes': {
    patches: [
      {
        file: 'lib/domain/credential/choose-credential.ts',
        from: 'isCandidate(row, wanted) && coversWanted(row, wanted) && isActive(row, now)',
        to: 'isCandidate(row, wanted) && isActive(row, now)',
      },
    ],
    caughtBy: ['unit/operations/resolve/resolve-reads.test.ts', 'a later one, as the first does not cover the scopes'],
  },

  'a lease on a newer token taken for the one before': {
    patches: [
      {
        file: 'lib/domain/refresh/lease.ts',
        from: '[tokenRev, nextRev].includes(refreshTokenRev(credential))',
        to: '[tokenRev, nextRev, refreshTokenRev(credential)].includes(refreshTokenRev(credential))',
      },
    ],
    // The rare race of three callers shows in one seed of five thousand.
    caughtBy: [
      'unit/operations/refresh/single-flight.test.ts',
      'do not replace a lease on a newer secret after a late read',
    ],
  },

  'a result stored under another secretRev than its lease names': {
    patches: [
      {
        file: 'lib/steps/refresh/store-result.ts',
        from: 'secretRev: lease.nextRev,',
        to: 'secretRev: deps.random.uuid(),',
      },
    ],
    caughtBy: [
      'unit/operations/refresh/waiting-callers.test.ts',
      'stores the new token under the secretRev that its lease names',
    ],
  },

  'a refresh without its resource': {
    patches: [
      {
        file: 'lib/adapters/oauth/request-token.ts',
        from: '...scopeParameter(client, scopes),\n      ...resourceParameter(client),',
        to: '...scopeParameter(client, scopes),',
      },
    ],
    caughtBy: [
      'contract/oauth/oauth-requests.test.ts',
      'is named byte for byte to all who issue: http://localhost:3000',
    ],
  },

  'an assertion for another audience': {
    patches: [
      {
        file: 'lib/adapters/oauth/provider-configuration.ts',
        from: 'const issuer = client.profile.issuer ?? fillClientId(client.profile.tokenEndpoint, client);',
        to: 'const issuer = url;',
      },
    ],
    caughtBy: [
      'contract/oauth/private-key-jwt.test.ts',
      'names the issuer where the record has one, also with another endpoint for refreshes',
    ],
  },

  'a refresh that waits for the issuer': {
    patches: [
      {
        file: 'lib/steps/credential/complete-provider.ts',
        from: 'recallProvider(known, grant) ?? completeProvider(known);',
        to: 'completeProvider(known);',
      },
    ],
    caughtBy: [
      'unit/operations/issuer/kept-endpoints.test.ts',
      'is refreshed without a question to the issuer, which does not answer',
    ],
  },

  'a registration on the path of a refresh': {
    patches: [
      {
        file: 'lib/steps/refresh/exchange.ts',
        from: "from '../mcp/find-grant-server-client.ts';",
        to: "from '../mcp/find-grant-server-client.ts';\nexport type { IssuerClient } from '../mcp/find-issuer-client.ts';",
      },
    ],
    caughtBy: [
      'unit/house/no-registration.test.ts',
      'reaches no registration by its imports: lib/steps/refresh/exchange.ts',
    ],
  },

  'the client of another registration used for a grant': {
    patches: [
      {
        file: 'lib/steps/mcp/find-grant-server-client.ts',
        from: 'if (present?.clientId === clientId) return present;',
        to: 'if (present) return present;',
      },
    ],
    caughtBy: [
      'unit/operations/mcp/refresh-server-grant.test.ts',
      'is told where another one is stored in its place, and nothing is sent',
    ],
  },

  'a client that is replaced and forgotten': {
    patches: [
      {
        file: 'lib/adapters/dynamodb/issuer/dynamodb-issuer-store.ts',
        from: 'replaces === null || replaces.clientId === clientId ?',
        to: 'replaces === null || replaces.clientId !== clientId ?',
      },
    ],
    caughtBy: ['contract/table/issuer-store.test.ts', 'keeps each client that was replaced, by its id, with all of it'],
  },

  'the former client of a grant not looked for': {
    patches: [
      {
        file: 'lib/steps/mcp/find-grant-server-client.ts',
        from: 'return issuers.readFormerClient({ issuer, redirectUri, clientId });',
        to: 'return null;',
      },
    ],
    caughtBy: [
      'unit/operations/mcp/refresh-server-grant.test.ts',
      'leaves the grants of others alone when it was refused by mistake',
    ],
  },

  'a refused client that every start uses': {
    patches: [
      {
        file: 'lib/domain/mcp/registered-client.ts',
        from: 'isEnding(life, now) || isLost(life, now);',
        to: 'isEnding(life, now) || (isLost(life, now) && isEnding(life, now));',
      },
    ],
    caughtBy: ['unit/operations/mcp/issuer-client.test.ts', 'is replaced by one new registration, and kept'],
  },

  'the operator’s client for every server that names the issuer': {
    patches: [
      {
        file: 'lib/steps/mcp/operator-client.ts',
        from: 'return address !== null && isApiUrl(address, resource);',
        to: 'return address !== null || resource !== null;',
      },
    ],
    caughtBy: [
      'unit/operations/mcp/issuer-client.test.ts',
      'goes to no server whose provider’s API is not known, not even by default',
    ],
  },

  'a client of a newer release taken for a missing one': {
    patches: [
      {
        file: 'lib/adapters/dynamodb/issuer/issuer-items.ts',
        from: 'data.redirectUri !== key.redirectUri) throw unreadable();',
        to: 'data.redirectUri !== key.redirectUri) return null;',
      },
    ],
    caughtBy: [
      'contract/table/issuer-store.test.ts',
      'reads a client that a newer release wrote as a fault, present or former: it is not missing',
    ],
  },

  'a metadata document that counts as forgotten': {
    patches: [
      {
        file: 'lib/steps/mcp/judge-refusal.ts',
        from: "client === 'registered' && isClientRefused(fault);",
        to: "client !== 'operator' && isClientRefused(fault);",
      },
    ],
    caughtBy: [
      'unit/operations/mcp/refresh-server-grant.test.ts',
      'is no client of a metadata document, whose grants wait: the server may have failed to read it',
    ],
  },

  'every worker of the sweep for the servers of one user': {
    patches: [
      {
        file: 'lib/steps/refresh/sweep-grant.ts',
        from: '>= MOST_SERVER_CALLS) return null;',
        to: '> 1_000) return null;',
      },
    ],
    caughtBy: [
      'unit/operations/refresh/sweep-hanging.test.ts',
      'delay the grants of no other user, although the index names them first',
    ],
  },

  'the secret of a registered client for any endpoint': {
    patches: [
      {
        file: 'lib/steps/mcp/find-grant-server-client.ts',
        from: "if (!areEndpointsAt(bound, stored.origins)) return { kind: 'other_origin' };",
        to: '',
      },
    ],
    caughtBy: ['unit/operations/mcp/foreign-endpoints.test.ts', 'sends no secret of a registered client elsewhere'],
  },

  'the operator’s key for any endpoint': {
    patches: [
      {
        file: 'lib/steps/mcp/find-grant-server-client.ts',
        from: 'bound.foundHere || (await isAtIssuer(deps, bound))',
        to: 'true',
      },
    ],
    caughtBy: ['unit/operations/mcp/foreign-endpoints.test.ts', 'sends no assertion of its key there'],
  },

  'a state that says where the operator’s secret goes': {
    patches: [
      {
        file: 'lib/steps/connect/flow-endpoints.ts',
        from: 'GrantServer.parse({ ...server, foundHere });',
        to: 'GrantServer.parse(server);',
      },
    ],
    caughtBy: ['unit/operations/mcp/foreign-endpoints.test.ts', 'sends the operator’s secret nowhere'],
  },

  'endpoints of an issuer that are imported': {
    patches: [
      {
        file: 'lib/domain/moving/moved-credential.ts',
        from: 'OAuth2Secret.omit({ issuerEndpoints: true })',
        to: 'OAuth2Secret',
      },
    ],
    caughtBy: [
      'unit/operations/mcp/foreign-endpoints.test.ts',
      'is refreshed and revoked at the endpoints of the metadata, whatever endpoints its document keeps',
    ],
  },

  'a cache write that failed and counts as stored': {
    patches: [
      {
        file: 'lib/adapters/mcp/server-cache.ts',
        from: 'stored: written === true',
        to: 'stored: written !== undefined',
      },
    ],
    caughtBy: [
      'unit/adapters/mcp/server-cache.test.ts',
      'asks again until what it read is stored, for the functions that read the table only',
    ],
  },
};
