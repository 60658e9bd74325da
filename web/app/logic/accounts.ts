// The connected accounts that a link shows, and the one that it was made for.
import type { Account, Link } from './contract.ts';

/** The person's own accounts. */
export const ownAccounts = ({ credentials }: Link): Account[] =>
  (credentials ?? []).filter(({ source }) => source === 'user');

/** A link without `manage` shows no account, not even the one to reconnect: all that is known of it is its id. */
const unseenAccount = ({ preset }: Link, id: string): Account => ({
  ...{ id, provider: preset?.provider ?? null, type: 'oauth2', title: null, source: 'user' },
  ...{ status: 'reconnect_required', reason: null, username: null, scopes: null },
  resource: preset?.mcpServerUrl ?? null,
});

/** The account with this id; null without an id. */
export const findAccount = (link: Link, shown: readonly Account[], id: string | null | undefined): Account | null => {
  if (!id) return null;
  return (
    shown.find((account) => account.id === id) ?? (link.preset?.credentialId === id ? unseenAccount(link, id) : null)
  );
};
