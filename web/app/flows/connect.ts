// Starts a connection in the browser: asks for the provider's address, remembers the flow in the tab, and goes there.
import type { App } from '../logic/app.ts';
import type { Account, NewConnection, Preset } from '../logic/contract.ts';
import { type FormValues, readVariables } from '../logic/key-form.ts';
import type { Target } from '../logic/model.ts';
import { safeUrl } from '../logic/safe-url.ts';

/** A reconnected account keeps its permissions; otherwise those that the back end chose. */
const chooseScopes = (preset: Preset | null, account: Account | null): readonly string[] | undefined => {
  const scopes = preset?.scopes ?? account?.scopes ?? [];
  return scopes.length > 0 ? scopes : undefined;
};

/** The request that starts a connection, in the browser or by code. */
export const makeConnection = (preset: Preset | null, target: Target, values: FormValues): NewConnection => {
  const { provider, account } = target;
  const scopes = chooseScopes(preset, account);
  const variables = { ...preset?.variables, ...readVariables(provider, values) };
  return {
    provider: provider.provider,
    ...(account && { credentialId: account.id }),
    ...(scopes && { scopes }),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
};

/** Goes to the provider. `values`: what was typed for its variables. */
export const connectInBrowser = async (app: App, target: Target, values: FormValues): Promise<void> => {
  const { api, session, pageUrl, leave } = app.ports;
  const { provider, account } = target;
  app.show({ kind: 'provider', ...target, problem: null, isBusy: true });
  const body = { ...makeConnection(app.get().link?.preset ?? null, target, values), returnUrl: pageUrl };
  const result = await api.connect(body);
  const { view } = app.get();
  // The person went back meanwhile.
  if (view.kind !== 'provider' || !view.isBusy) return;
  const address = result.kind === 'ok' ? safeUrl(result.value.authorizationUrl) : null;
  if (result.kind === 'problem' || address === null) {
    const problem = result.kind === 'problem' ? result.problem : { code: 'unsafe_address' };
    return app.show({ kind: 'provider', ...target, problem, isBusy: false });
  }
  session.keepFlow(result.value.state, {
    provider: provider.provider,
    ...(account && { credentialId: account.id }),
  });
  app.show({ kind: 'loading', task: 'leave', displayName: provider.displayName });
  leave(address);
};
