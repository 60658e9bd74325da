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

/** With `expires_in_sec` present, Zoho's `expires_in` is in milliseconds. */
const zohoSeconds = (reply: TokenReply): TokenReply =>
  reply.expires_in_sec === undefined ? reply : { ...reply, expires_in: reply.expires_in_sec };

/** By the name that a record's `replyQuirk` holds. */
export const replyQuirks: Readonly<Record<ReplyQuirk, (reply: TokenReply) => TokenReply>> = {
  instagramList,
  slackAccount,
  zohoSeconds,
};
