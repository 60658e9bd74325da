// What the page of a link shows: the providers it allows, what it presets, and with `manage` the credentials of its user.
import type { CredentialView } from '../credential/credential-view.ts';
import type { ProviderView } from '../oauth/view/provider-view.ts';
import { toWireTime } from '../values/names.ts';
import type { HeldLink, LinkPayload } from './connect-link.ts';
import { isShown } from './link-rules.ts';

/** What could be shown; `credentials`: all that the user can use, null without `manage`. */
export interface Showable {
  providers: readonly ProviderView[];
  credentials: readonly CredentialView[] | null;
}

const viewPreset = ({ provider, mcpServerUrl, credentialId, scopes, variables }: LinkPayload) => {
  const preset = { provider, mcpServerUrl, credentialId, scopes, variables };
  return Object.values(preset).every((value) => value === null) ? null : preset;
};

/** The link as its page sees it. The operator's credentials are left out: no link renames or disconnects them. */
export const viewLink = ({ allows, row }: HeldLink, { providers, credentials }: Showable) => ({
  manage: allows.manage,
  providers: providers.filter(({ provider }) => allows.provider === null || provider === allows.provider),
  preset: viewPreset(allows),
  credentials: credentials?.filter((view) => view.source === 'user' && isShown(allows, view)) ?? null,
  returnUrl: allows.returnUrl,
  expiresAt: toWireTime(row.expiresAt),
});
