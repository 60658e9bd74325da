// Starts a connection in the browser: asks for the provider's address, remembers the flow in the tab, and goes there.
import type { App } from '../logic/app.ts';
import type { Account, NewConnection, Preset } from '../logic/contract.ts';
import { type FormValues, readVariables, variableInput } from '../logic/key-form.ts';
import { ADDRESS, fixedServerUrl, isMcp, nameServer, readServerUrl } from '../logic/mcp-server.ts';
import type { Target } from '../logic/model.ts';
import type { Problem } from '../logic/problem.ts';
import { safeUrl } from '../logic/safe-url.ts';

/** A reconnected account keeps its permissions; otherwise those that the back end chose. */
const chooseScopes = (preset: Preset | null, account: Account | null): readonly string[] | undefined => {
  const scopes = preset?.scopes ?? account?.scopes ?? [];
  return scopes.length > 0 ? scopes : undefined;
};

/** The request that starts a connection, in the browser or by code. */
export const makeConnection = (preset: Preset | null, target: Target, values: FormValues): NewConnection => {
  const { provider, account, serverUrl } = target;
  const variables = { ...preset?.variables, ...readVariables(provider, values) };
  return {
    ...(serverUrl ? { mcpServerUrl: serverUrl } : { provider: provider.provider }),
    credentialId: account?.id,
    scopes: chooseScopes(preset, account),
    variables: Object.keys(variables).length > 0 ? variables : undefined,
  };
};

/** The address of the server to connect; undefined: what was typed is none, or it is a provider. */
const findServerUrl = (app: App, { provider, account }: Target, typed: string): string | undefined =>
  isMcp(provider) ? (fixedServerUrl(app.get().link, account) ?? readServerUrl(typed)) : undefined;

/**
 * Goes to the provider, or to where a server lets people sign in. `values`: what was typed, for the variables of the provider or for
 * the address of a server that is not fixed.
 */
export const connectInBrowser = async (app: App, { provider, account }: Target, values: FormValues): Promise<void> => {
  const { api, session, pageUrl, leave } = app.ports;
  const typed = values[variableInput(ADDRESS)];
  const serverUrl = findServerUrl(app, { provider, account }, typed ?? '');
  const target = { provider, account, serverUrl: serverUrl ?? typed };
  const refuse = (problem: Problem) => app.show({ kind: 'provider', ...target, problem, isBusy: false });
  if (isMcp(provider) && !serverUrl) return refuse({ code: 'url_not_allowed' });
  app.show({ kind: 'provider', ...target, problem: null, isBusy: true });
  const body = { ...makeConnection(app.get().link?.preset ?? null, target, values), returnUrl: pageUrl };
  const result = await api.connect(body);
  const { view } = app.get();
  // The person went back meanwhile.
  if (view.kind !== 'provider' || !view.isBusy) return;
  if (result.kind === 'problem') return refuse(result.problem);
  const { state, authorizationUrl } = result.value;
  const address = safeUrl(authorizationUrl);
  if (address === null) return refuse({ code: 'unsafe_address' });
  session.keepFlow(state, { provider: provider.provider, credentialId: account?.id, serverUrl });
  app.show({ kind: 'loading', task: 'leave', displayName: nameServer(provider, serverUrl).displayName });
  leave(address);
};
