// The operator, who in some runs replaces the OAuth client and moves the token endpoint while grants are refreshed. An instance may
// have cached an earlier entry. It draws from random numbers of its own, so that a run without it stays as it is.
import type { KnownProvider, ProviderDirectory } from '../../../../lib/domain/ports/provider-directory.ts';
import { Secret } from '../../../../lib/domain/values/secret.ts';
import { knownProvider } from '../../../support/memory/memory-oauth.ts';
import type { ProviderKind } from '../../../support/memory/token-provider.ts';
import { ACME } from '../workload/request.ts';
import type { RevocationKind } from '../workload/scenario.ts';
import type { FunctionInstance } from './function-instances.ts';
import { createPrng, type Prng } from './prng.ts';

/** What the operator's entry says. */
export interface OperatorEntry {
  clientId: string;
  olderIds: readonly string[];
  origin: string;
  formerOrigins: readonly string[];
}

/** How the provider of a run treats refresh tokens, and how it revokes. */
export interface ProviderKinds {
  kind: ProviderKind;
  revocation: RevocationKind;
}

export interface Operator {
  /** Perhaps changes the entry; returns whether it did. */
  mayChange(): boolean;
  /** What an instance knows of the providers. */
  directory(instance: FunctionInstance, kinds: ProviderKinds): ProviderDirectory;
}

const SHARE_OF_RUNS = 0.25;
const CHANGE_CHANCE = 0.25;
const REREAD_CHANCE = 0.4;
const OTHER_STREAM = 0x0e5a_0000;

const CLIENTS = ['client-1', 'client-2', 'client-3'];
const ORIGINS = ['https://acme.example', 'https://moved.example'];
const FIRST: OperatorEntry = { clientId: 'client-1', olderIds: [], origin: 'https://acme.example', formerOrigins: [] };

const drawEntry = (prng: Prng): OperatorEntry => {
  const [clientId, origin] = [prng.pick(CLIENTS), prng.pick(ORIGINS)];
  return {
    clientId,
    olderIds: CLIENTS.filter((other) => other !== clientId && prng.chance(0.5)),
    origin,
    formerOrigins: ORIGINS.filter((other) => other !== origin && prng.chance(0.5)),
  };
};

const toKeys = (clientId: string) => ({ clientId, clientSecret: new Secret(`secret of ${clientId}`) });

/** A provider counts as rotating unless its record says that it keeps refresh tokens. */
const toKnown = (
  { clientId, olderIds, origin, formerOrigins }: OperatorEntry,
  { kind, revocation }: ProviderKinds,
): KnownProvider => ({
  ...knownProvider({
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    revocationEndpoint: `${origin}/revoke`,
    deviceAuthorizationEndpoint: `${origin}/device`,
    formerTokenOrigins: [...formerOrigins],
    rotatesRefreshTokens: kind === 'static' ? false : undefined,
    revocationStyle: revocation === 'access_token' ? 'rfc7009_access_token' : 'rfc7009',
    revocationEndsAccount: revocation === 'ends_account',
  }),
  client: { ...toKeys(clientId), olderClients: olderIds.map(toKeys) },
});

export const createOperator = (seed: number, isActive: boolean): Operator => {
  const prng = createPrng(OTHER_STREAM + seed);
  const changes = isActive && prng.chance(SHARE_OF_RUNS);
  const cached = new WeakMap<FunctionInstance, OperatorEntry>();
  /** Made once for each entry: a run has one kind of provider. */
  const described = new Map<OperatorEntry, KnownProvider>();
  let present = FIRST;

  const describe = (entry: OperatorEntry, kinds: ProviderKinds): KnownProvider => {
    const known = described.get(entry) ?? toKnown(entry, kinds);
    described.set(entry, known);
    return known;
  };

  const read = (instance: FunctionInstance, isPastCache: boolean): OperatorEntry => {
    const known = cached.get(instance);
    if (known && !isPastCache && !(changes && prng.chance(REREAD_CHANCE))) return known;
    cached.set(instance, present);
    return present;
  };

  return {
    mayChange: () => {
      if (!changes || !prng.chance(CHANGE_CHANCE)) return false;
      present = drawEntry(prng);
      return true;
    },
    directory: (instance, kinds) => {
      const find = async (provider: string, isPastCache: boolean) =>
        provider === ACME ? describe(read(instance, isPastCache), kinds) : undefined;
      return {
        find: (provider) => find(provider, false),
        findPastCache: (provider) => find(provider, true),
        listConfigured: async () => [describe(read(instance, false), kinds)],
      };
    },
  };
};
