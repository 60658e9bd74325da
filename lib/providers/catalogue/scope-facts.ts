// How the scopes of providers relate, where their answers differ from what was requested. Each fact from the vendor's documentation.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

type ScopeFacts = Pick<
  ProviderRecord,
  'scopeAliases' | 'scopeImplies' | 'scopesNotReported' | 'scopesIgnoreCase' | 'callbackScopeParam'
>;

const GOOGLE = 'https://www.googleapis.com/auth';

/** Fields of records by provider name. */
export const scopeFacts: Readonly<Record<string, ScopeFacts>> = {
  // https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps, "Normalized scopes": what a granted scope
  // contains is left out of the answer.
  github: {
    scopeImplies: {
      repo: ['repo:status', 'repo_deployment', 'public_repo', 'repo:invite', 'security_events'],
      'admin:repo_hook': ['write:repo_hook'],
      'write:repo_hook': ['read:repo_hook'],
      'admin:org': ['write:org', 'manage_runners:org'],
      'write:org': ['read:org'],
      'admin:public_key': ['write:public_key'],
      'write:public_key': ['read:public_key'],
      'admin:gpg_key': ['write:gpg_key'],
      'write:gpg_key': ['read:gpg_key'],
      'admin:ssh_signing_key': ['write:ssh_signing_key'],
      'write:ssh_signing_key': ['read:ssh_signing_key'],
      user: ['read:user', 'user:email', 'user:follow'],
      project: ['read:project'],
      'write:discussion': ['read:discussion'],
      'write:packages': ['read:packages'],
      'admin:enterprise': ['manage_runners:enterprise', 'manage_billing:enterprise', 'read:enterprise'],
      audit_log: ['read:audit_log'],
      codespace: ['codespace:secrets'],
      copilot: ['manage_billing:copilot'],
    },
  },
  // https://docs.gitlab.com/integration/oauth_provider/#view-all-authorized-applications
  gitlab: { scopeImplies: { api: ['read_api', 'read_user'] } },
  // https://developers.google.com/identity/protocols/oauth2/scopes: the two are granted under their long names. A person may untick
  // any scope but openid, which is no permission, so the answer is believed.
  google: {
    scopeAliases: { email: `${GOOGLE}/userinfo.email`, profile: `${GOOGLE}/userinfo.profile` },
    scopeImplies: {
      [`${GOOGLE}/calendar`]: [`${GOOGLE}/calendar.readonly`, `${GOOGLE}/calendar.events`],
      [`${GOOGLE}/calendar.events`]: [`${GOOGLE}/calendar.events.readonly`],
      [`${GOOGLE}/contacts`]: [`${GOOGLE}/contacts.readonly`],
      [`${GOOGLE}/documents`]: [`${GOOGLE}/documents.readonly`],
      [`${GOOGLE}/drive`]: [`${GOOGLE}/drive.readonly`, `${GOOGLE}/drive.file`],
      [`${GOOGLE}/drive.readonly`]: [`${GOOGLE}/drive.metadata.readonly`],
      [`${GOOGLE}/gmail.modify`]: [`${GOOGLE}/gmail.readonly`],
      [`${GOOGLE}/spreadsheets`]: [`${GOOGLE}/spreadsheets.readonly`],
      [`${GOOGLE}/tasks`]: [`${GOOGLE}/tasks.readonly`],
    },
    scopesNotReported: ['openid'],
  },
  // https://learn.microsoft.com/en-us/entra/identity-platform/scopes-oidc: offline_access is not in the answer; scopes of Microsoft
  // Graph are answered without its address, in the case of their definition; `.default` names whatever was consented to.
  microsoft: {
    scopeAliases: { 'https://graph.microsoft.com/{scope}': '{scope}' },
    scopesNotReported: ['offline_access', 'openid', 'profile', 'email', '.default', '{resource}/.default'],
    scopesIgnoreCase: true,
  },
  // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_tokens_scopes.htm: two names of one scope.
  salesforce: { scopeAliases: { offline_access: 'refresh_token' } },
  // https://shopify.dev/docs/api/usage/access-scopes and its library's AuthScopes: of a pair only the writing one is granted.
  shopify: {
    scopeImplies: {
      'write_{resource}': ['read_{resource}'],
      'unauthenticated_write_{resource}': ['unauthenticated_read_{resource}'],
    },
  },
  // https://developers.strava.com/docs/authentication/: the callback names what was granted, the token reply nothing.
  strava: {
    scopeImplies: { read_all: ['read'], 'activity:read_all': ['activity:read'] },
    callbackScopeParam: 'scope',
  },
};
