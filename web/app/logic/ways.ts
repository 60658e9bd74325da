// How an account of a provider can be connected, and the search for a provider.
import type { Preset, Provider } from './contract.ts';
import { isAddress, isMcp } from './mcp-server.ts';

/** One way to connect; a `form` has the type of the credential that it stores. */
export type Way = { kind: 'oauth' } | { kind: 'device' } | { kind: 'form'; type: string };

/** The ways of a provider, the usual one first. */
export const listWays = ({ authTypes, oauth, fields }: Provider): Way[] => {
  const offered = oauth?.configured === true && authTypes.includes('oauth2');
  const types = authTypes.filter((type) => (fields[type]?.length ?? 0) > 0);
  return [
    ...(offered ? [{ kind: 'oauth' } as const] : []),
    ...(offered && oauth.device ? [{ kind: 'device' } as const] : []),
    ...types.map((type) => ({ kind: 'form' as const, type })),
  ];
};

/** The providers that can be connected here, by their names. */
export const listConnectable = (providers: readonly Provider[]): Provider[] =>
  providers
    .filter((provider) => listWays(provider).length > 0)
    .toSorted((one, other) => one.displayName.localeCompare(other.displayName, 'en'));

const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Those whose name or id contains what was typed; those that begin with it come first. An address is that of an MCP server. */
export const searchProviders = (providers: readonly Provider[], typed: string): Provider[] => {
  if (isAddress(typed.trim())) return providers.filter(isMcp);
  const wanted = fold(typed);
  const matches = providers.filter((each) => fold(each.displayName + each.provider).includes(wanted));
  const begins = (each: Provider): number => (fold(each.displayName).startsWith(wanted) ? 0 : 1);
  return matches.toSorted((one, other) => begins(one) - begins(other));
};

/** The provider that the back end chose; undefined: the person chooses. */
export const findPreset = (providers: readonly Provider[], preset: Preset | null): Provider | undefined =>
  providers.find(({ provider }) => provider === preset?.provider);

/** What a way is called, where a provider has several. */
export const describeWay = (way: Way, provider: Provider): string => {
  const { displayName } = provider;
  if (isMcp(provider)) return 'Continue';
  if (way.kind === 'oauth') return `Sign in with ${displayName}`;
  if (way.kind === 'device') return 'Use a code on another device';
  return FORM_NAMES[way.type] ?? 'Enter the details';
};

const FORM_NAMES: Readonly<Record<string, string>> = {
  api_key: 'Enter an API key',
  user_password: 'Enter user name and password',
};
