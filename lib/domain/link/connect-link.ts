// A connect link: with it one browser connects accounts for the user it was made for, without a login. It is stored under the hash
// of its token; what it allows is sealed under the token (token-seal.ts), so the table alone opens nothing.
import * as z from 'zod';
import { sha256 } from '../values/digest.ts';

const milliseconds = z.int().nonnegative();

/** A link as it is stored. Times are epoch milliseconds. */
export const LinkRow = z.object({
  tokenHash: z.string(),
  userId: z.string(),
  kind: z.literal('link'),
  /** What the link allows, sealed under its token. */
  sealed: z.string(),
  /** How many erasures the user had been through when the link was made: it allows nothing after another one. */
  erasures: z.int().nonnegative(),
  /** The window in which the link counts against the limit of links: its length in seconds, and its number. */
  windowSeconds: z.int().positive(),
  window: z.int().nonnegative(),
  /** The hash of the browser that holds the link (`hashBrowser`); null until the first one uses it. */
  browserHash: z.string().nullable(),
  /** The id of the operation that stored a credential and so used the link up. */
  spentBy: z.string().nullable(),
  createdAt: milliseconds,
  expiresAt: milliseconds,
});
export type LinkRow = z.infer<typeof LinkRow>;

/** What is sealed of a link: null where the link does not restrict it. */
export const LinkPayload = z.object({
  provider: z.string().nullable(),
  /** With `provider` `mcp`: the one MCP server. */
  mcpServerUrl: z.string().nullable(),
  /** The credential to reconnect or to give more scopes, and no other. */
  credentialId: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  variables: z.record(z.string(), z.string()).nullable(),
  /** Where the page sends the browser in the end; checked when the link was made. */
  returnUrl: z.string().nullable(),
  /** Whether the link shows, renames and disconnects what is stored, and stays after a success. */
  manage: z.boolean(),
});
export type LinkPayload = z.infer<typeof LinkPayload>;

/** What a link is counted under: the user, as of their latest erasure, in one window. */
export type LinkPlace = Pick<LinkRow, 'userId' | 'erasures' | 'windowSeconds' | 'window'>;

/** Spends a link with the write it leads to: of two writes by one link one is done, and none without spending it. */
export interface LinkSpending {
  tokenHash: string;
  /** The browser that must hold the link. */
  browserHash: string;
  /** Identifies the operation: a link already spent under this id was spent by an earlier attempt of the same operation. */
  operationId: string;
}

/** A link in the hands of its browser, as an operation uses it. */
export interface LinkUse {
  tokenHash: string;
  /** A write by the link is refused once the user was erased. */
  erasures: number;
  /** What stores a credential spends the link in the same transaction; null: the link stays. */
  spending: LinkSpending | null;
  /** The link was made for one credential: nothing is stored beside it. */
  isForOne: boolean;
}

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** How long a link may be valid, in seconds. */
export const LINK_SECONDS = { min: 60, default: 1_800, max: 7 * DAY_SECONDS } as const;

/** Short links leave their window soon; a link of a week must not make the short ones of a week count. */
const WINDOWS = [HOUR_SECONDS, DAY_SECONDS, LINK_SECONDS.max] as const;

/** The window of a link that is made at `now` (epoch milliseconds) and valid for `seconds`: at least as long as the link. */
export const linkWindow = (now: number, seconds: number): Pick<LinkRow, 'windowSeconds' | 'window'> => {
  const windowSeconds = WINDOWS.find((length) => length >= seconds) ?? LINK_SECONDS.max;
  return { windowSeconds, window: Math.floor(now / (windowSeconds * 1000)) };
};

/** Names a browser to one link: the hash of its cookie and of the token, so that no two links of a browser look alike. */
export const hashBrowser = (token: string, browser: string): string =>
  sha256(JSON.stringify([token, browser]), 'base64url');

/** A link that the calling browser holds, with what it allows. */
export interface HeldLink {
  row: LinkRow;
  allows: LinkPayload;
  use: LinkUse;
}
