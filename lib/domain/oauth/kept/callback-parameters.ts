// The parameters of a callback that a record gives a meaning, beside those of the standards (RFC 6749 §4.1.2, RFC 9207). The callback
// has no access to records, so a connection's state names them.
import type { ConnectionPayload } from '../connection-state.ts';
import type { ProviderProfile } from '../provider-profile.ts';

/** The names for a new connection. */
export const callbackParameters = (
  profile: ProviderProfile,
): Pick<ConnectionPayload, 'callbackParams' | 'callbackErrorParams'> => {
  const tenant = profile.callbackTenant === null ? [] : [profile.callbackTenant.param];
  const scopes = profile.callbackScopeParam === null ? [] : [profile.callbackScopeParam];
  const values = profile.keeps.filter(({ from }) => from === 'callback').map(({ path }) => path);
  return {
    callbackParams: [...new Set([...tenant, ...scopes, ...values])],
    callbackErrorParams: [...profile.callbackErrorParams],
  };
};

type Variables = Record<string, string>;

/** The variables, with the tenant that the callback names in place of the one that the connection was started with. */
export const namedTenant = (
  { callbackTenant }: ProviderProfile,
  variables: Variables,
  params: Readonly<Record<string, string>>,
): Variables => {
  if (callbackTenant === null || !Object.hasOwn(params, callbackTenant.param)) return variables;
  const { param, variable, values = {} } = callbackTenant;
  const named = params[param] ?? '';
  return { ...variables, [variable]: (Object.hasOwn(values, named) ? values[named] : undefined) ?? named };
};
