// Corrects token replies of some providers before the general rules read them, with one pure function for each provider. A
// reply without the shape described here is returned unchanged.
import type { ReplyQuirk } from '../domain/oauth/provider-record.ts';

/** A token endpoint's reply, parsed and not yet checked. */
export type TokenReply = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is TokenReply =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readId = (value: unknown): string | null => {
  const id = isObject(value) ? value.id : undefined;
  return typeof id === 'string' && id !== '' ? id : null;
};

/** Replaces the provider's error code with the one of RFC 6749 §5.2. */
const deadGrant = (reply: TokenReply): TokenReply => ({ ...reply, error: 'invalid_grant' });

/** Atlassian answers a refresh token that has ended with `unauthorized_client`, which elsewhere means a fault of the client. */
const atlassianDeadToken = (reply: TokenReply): TokenReply =>
  reply.error === 'unauthorized_client' && reply.error_description === 'refresh_token is invalid'
    ? deadGrant(reply)
    : reply;

/** HubSpot states the cause in `status`; `error`, if present, only says `invalid_request`. */
const hubspotDeadToken = (reply: TokenReply): TokenReply =>
  reply.status === 'BAD_REFRESH_TOKEN' ? deadGrant(reply) : reply;

/** Instagram may wrap the token in a list named `data`, and calls its scopes `permissions`. */
const instagramList = (reply: TokenReply): TokenReply => {
  const grant = Array.isArray(reply.data) && isObject(reply.data[0]) ? reply.data[0] : reply;
  const { permissions, ...rest } = grant;
  return permissions === undefined ? grant : { scope: permissions, ...rest };
};

/** A Slack user id is unique only within a workspace or organization, so `account_id` joins both. */
const slackAccount = (reply: TokenReply): TokenReply => {
  const place = readId(reply.team) ?? readId(reply.enterprise);
  const user = readId(reply.authed_user);
  return place === null || user === null ? reply : { ...reply, account_id: `${place}:${user}` };
};

/** Strava lists faults, each with the resource concerned. */
const stravaDeadToken = (reply: TokenReply): TokenReply => {
  const faults = Array.isArray(reply.errors) ? reply.errors : [];
  const isDead = (fault: unknown) => isObject(fault) && fault.resource === 'RefreshToken' && fault.code === 'invalid';
  return faults.some(isDead) ? deadGrant(reply) : reply;
};

/** With `expires_in_sec` present, Zoho's `expires_in` is in milliseconds. */
const zohoSeconds = (reply: TokenReply): TokenReply =>
  reply.expires_in_sec === undefined ? reply : { ...reply, expires_in: reply.expires_in_sec };

/** Older Zoom replies say `invalid_request` with this reason instead of `invalid_grant`. */
const zoomDeadToken = (reply: TokenReply): TokenReply =>
  reply.error === 'invalid_request' && reply.reason === 'Invalid Token!' ? deadGrant(reply) : reply;

/** By the name that a record's `replyQuirk` holds. */
export const replyQuirks: Readonly<Record<ReplyQuirk, (reply: TokenReply) => TokenReply>> = {
  atlassianDeadToken,
  hubspotDeadToken,
  instagramList,
  slackAccount,
  stravaDeadToken,
  zohoSeconds,
  zoomDeadToken,
};
