// What some providers' token replies need before the general rules read them: one pure function each. A reply that is not of
// the shape named here comes back as it was.
import type { ReplyQuirk } from '../domain/oauth/provider-record.ts';

export type TokenReply = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is TokenReply =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const idOf = (value: unknown): string | null => {
  const id = isObject(value) ? value.id : undefined;
  return typeof id === 'string' && id !== '' ? id : null;
};

/** The word of RFC 6749 §5.2 in place of the provider's own. */
const deadGrant = (reply: TokenReply): TokenReply => ({ ...reply, error: 'invalid_grant' });

/** A dead refresh token is `unauthorized_client` there, which anywhere else is the client's own fault. */
const atlassianDeadToken = (reply: TokenReply): TokenReply =>
  reply.error === 'unauthorized_client' && reply.error_description === 'refresh_token is invalid'
    ? deadGrant(reply)
    : reply;

/** The truth is in `status`; beside it `error`, when it is there at all, only says `invalid_request`. */
const hubspotDeadToken = (reply: TokenReply): TokenReply =>
  reply.status === 'BAD_REFRESH_TOKEN' ? deadGrant(reply) : reply;

/** The grant may be the only member of a list named `data`, and its scopes are called `permissions`. */
const instagramList = (reply: TokenReply): TokenReply => {
  const grant = Array.isArray(reply.data) && isObject(reply.data[0]) ? reply.data[0] : reply;
  const { permissions, ...rest } = grant;
  return permissions === undefined ? grant : { scope: permissions, ...rest };
};

/** A user's id is unique only within a workspace or an organization, so `account_id` names both. */
const slackAccount = (reply: TokenReply): TokenReply => {
  const place = idOf(reply.team) ?? idOf(reply.enterprise);
  const user = idOf(reply.authed_user);
  return place === null || user === null ? reply : { ...reply, account_id: `${place}:${user}` };
};

/** Faults come as a list that names the resource at fault. */
const stravaDeadToken = (reply: TokenReply): TokenReply => {
  const faults = Array.isArray(reply.errors) ? reply.errors : [];
  const isDead = (fault: unknown) => isObject(fault) && fault.resource === 'RefreshToken' && fault.code === 'invalid';
  return faults.some(isDead) ? deadGrant(reply) : reply;
};

/** Where `expires_in_sec` stands, `expires_in` is in milliseconds. */
const zohoSeconds = (reply: TokenReply): TokenReply =>
  reply.expires_in_sec === undefined ? reply : { ...reply, expires_in: reply.expires_in_sec };

/** Before it came to say `invalid_grant`, it said `invalid_request` with this reason. */
const zoomDeadToken = (reply: TokenReply): TokenReply =>
  reply.error === 'invalid_request' && reply.reason === 'Invalid Token!' ? deadGrant(reply) : reply;

export const replyQuirks: Readonly<Record<ReplyQuirk, (reply: TokenReply) => TokenReply>> = {
  atlassianDeadToken,
  hubspotDeadToken,
  instagramList,
  slackAccount,
  stravaDeadToken,
  zohoSeconds,
  zoomDeadToken,
};
