// How providers say that a refresh token can never be used again, beside `invalid_grant` and the words of `error-codes.ts`. Only
// words that leave no other reading: a rule that is wrong makes users reconnect.
import type { ProviderRecord } from '../../domain/oauth/provider-record.ts';

type DeadGrantFacts = Pick<ProviderRecord, 'deadGrant'>;

const word = (equals: string) => ({ path: 'error', equals });
const sentence = (equals: string) => ({ path: 'error_description', equals });

/** Fields of records by provider name. */
export const deadGrantFacts: Readonly<Record<string, DeadGrantFacts>> = {
  // `unauthorized_client` with this sentence, which elsewhere means a fault of the client.
  atlassian: { deadGrant: [sentence('refresh_token is invalid')] },
  // `invalid_request` with this sentence: https://github.com/member-gentei/member-gentei/issues/18 and other reports.
  discord: { deadGrant: [sentence('Invalid "refresh_token" in request.')] },
  // https://developers.google.com/identity/protocols/oauth2#expiration: an administrator's policy ends the grant; the second is that
  // of Advanced Protection, https://github.com/twentyhq/twenty/pull/25148.
  google: { deadGrant: [word('admin_policy_enforced'), word('policy_enforced')] },
  // `error`, if present, only says `invalid_request`.
  hubspot: { deadGrant: [{ path: 'status', equals: 'BAD_REFRESH_TOKEN' }] },
  // https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes: the user must take part again.
  microsoft: { deadGrant: [word('interaction_required'), word('consent_required'), word('login_required')] },
  // A fixed body without a word: https://github.com/praw-dev/praw/issues/677 and other reports.
  reddit: { deadGrant: [{ status: 400, path: 'error', equals: 400 }] },
  // https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
  salesforce: { deadGrant: [word('inactive_user'), word('inactive_org')] },
  // https://docs.slack.dev/reference/methods/oauth.v2.access
  slack: { deadGrant: [word('token_revoked'), word('account_inactive')] },
  // https://developers.strava.com/docs/reference/#api-models-Fault: each fault names the resource concerned.
  strava: { deadGrant: [{ status: 400, path: 'errors.0.resource', equals: 'RefreshToken' }] },
  // `invalid_request` with a fixed sentence, as public reports of its forum quote it.
  twitter: { deadGrant: [sentence('Value passed for the token was invalid.')] },
  // `invalid_request` with this reason, in older replies.
  zoom: { deadGrant: [{ path: 'reason', equals: 'Invalid Token!' }] },
};
