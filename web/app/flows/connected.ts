// What follows a success: the account is among the shown ones; a link that is spent by it is remembered as finished.
import type { App } from '../logic/app.ts';
import type { Account } from '../logic/contract.ts';
import { accountName } from '../logic/key-form.ts';
import { nameServer } from '../logic/mcp-server.ts';
import type { Target } from '../logic/model.ts';

/** Replaces an account that is shown, or adds it. */
const mergeAccount = (accounts: readonly Account[], account: Account): Account[] =>
  accounts.some(({ id }) => id === account.id)
    ? accounts.map((each) => (each.id === account.id ? account : each))
    : [...accounts, account];

/** Puts a new or changed account into the list of a link that shows it. */
export const showAccount = (app: App, account: Account): void => {
  const { link, accounts } = app.get();
  if (link?.manage === true) app.set({ accounts: mergeAccount(accounts, account) });
};

/** Shows that it worked. `checkedName`: the name that a check answered, for a key, whose account has none. */
export const finishConnected = (
  app: App,
  { provider }: Target,
  connected: { account: Account; checkedName?: string | null },
): void => {
  const { link } = app.get();
  const { account, checkedName = null } = connected;
  const finished = {
    displayName: nameServer(provider, account.resource).displayName,
    accountName: accountName(account) ?? checkedName,
    returnUrl: link?.returnUrl ?? null,
  };
  const canGoOn = link?.manage === true;
  showAccount(app, account);
  if (!canGoOn) app.ports.session.keepFinished(finished);
  app.show({ kind: 'connected', ...finished, canGoOn });
};
