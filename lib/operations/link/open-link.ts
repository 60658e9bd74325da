// Finds the link of a request and gives it to its browser: the first one that uses a link holds it, by a conditional write, and for
// every other one it is as if there were no link. Every refusal is the same answer (domain/link/link-refusal.ts).
import { type HeldLink, hashBrowser, LinkPayload, type LinkRow } from '../../domain/link/connect-link.ts';
import { linkInvalid } from '../../domain/link/link-refusal.ts';
import { hashToken, STATE_TOKEN } from '../../domain/oauth/oauth-state.ts';
import { openUnderToken } from '../../domain/oauth/token-seal.ts';
import type { Deps } from '../../domain/ports/deps.ts';
import { isEqualDigest } from '../../domain/values/digest.ts';
import { isExpired } from '../../domain/values/expiry.ts';

/** The token of a link, and the secret in the cookie of the browser that sent it. */
export interface LinkKeys {
  token: string | null;
  browser: string;
}

/** A link that this browser holds or may claim. */
export interface FoundLink extends HeldLink {
  /** No browser holds it yet. */
  isFree: boolean;
}

type LinkDeps = Pick<Deps, 'links' | 'clock' | 'random'>;

const readRow = async ({ links }: Pick<Deps, 'links'>, token: string | null): Promise<LinkRow> => {
  if (token === null || !STATE_TOKEN.test(token)) throw linkInvalid('malformed');
  const row = await links.readLink(hashToken(token));
  if (row === null) throw linkInvalid('unknown');
  return row;
};

const assertUsable = (row: LinkRow, browserHash: string, now: number): void => {
  if (row.browserHash !== null && !isEqualDigest(row.browserHash, browserHash)) throw linkInvalid('other_browser');
  if (row.spentBy !== null) throw linkInvalid('spent');
  if (isExpired(row.expiresAt, now)) throw linkInvalid('expired');
};

const openPayload = (row: LinkRow, token: string): LinkPayload => {
  const key = { secrets: [token], use: 'link' } as const;
  const parsed = LinkPayload.safeParse(openUnderToken(key, { ...row, provider: null }, row.sealed));
  if (!parsed.success) throw linkInvalid('unreadable');
  return parsed.data;
};

/** The link, which another browser does not hold. Throws `link_invalid`; a text that cannot be a token is not looked up. */
export const findLink = async (deps: LinkDeps, { token, browser }: LinkKeys): Promise<FoundLink> => {
  const row = await readRow(deps, token);
  const { tokenHash, erasures } = row;
  const browserHash = hashBrowser(String(token), browser);
  assertUsable(row, browserHash, deps.clock.now());
  const allows = openPayload(row, String(token));
  const spending = allows.manage ? null : { tokenHash, browserHash, operationId: deps.random.uuid() };
  return {
    row: { ...row, browserHash },
    allows,
    use: { tokenHash, erasures, spending, isForOne: allows.credentialId !== null },
    isFree: row.browserHash === null,
  };
};

/** Gives a free link to the browser it was found for. Throws `link_invalid` when another one was first. */
export const claimLink = async (deps: LinkDeps, { row, use: { tokenHash } }: FoundLink): Promise<void> => {
  const claim = { tokenHash, browserHash: String(row.browserHash), now: deps.clock.now() };
  if (!(await deps.links.claimLink(claim))) throw linkInvalid('other_browser');
};
