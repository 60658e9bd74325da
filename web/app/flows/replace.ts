// A key cannot be changed in place here: the new one is stored, then what it replaces is removed. Success is said only when that is gone,
// because until then the former one may still be used.
import type { App } from '../logic/app.ts';
import type { Account } from '../logic/contract.ts';
import type { LeftoverView, Target } from '../logic/model.ts';
import type { Problem } from '../logic/problem.ts';
import { finishConnected, showAccount } from './connected.ts';

interface Stored {
  account: Account;
  checkedName: string | null;
  /** Ids of other entries of the same form, which may be stored. */
  others: readonly string[];
}

/** Removes one. Answers the problem; null: it is gone. */
const removeOne = async (app: App, id: string): Promise<Problem | null> => {
  const result = await app.ports.api.disconnect(id);
  if (result.kind === 'problem' && result.problem.code !== 'credential_not_found') return result.problem;
  app.set({ accounts: app.get().accounts.filter((each) => each.id !== id) });
  return null;
};

/** Removes what a new key replaces, and says that it is connected once all of it is gone. Also the way to try again. */
export const removeLeftovers = async (app: App, view: LeftoverView): Promise<void> => {
  app.show({ ...view, isBusy: true, problem: null });
  const left: string[] = [];
  let last: Problem | null = null;
  for (const id of view.ids) {
    const problem = await removeOne(app, id);
    if (problem) left.push(id);
    last = problem ?? last;
  }
  if (app.get().view.kind !== 'leftover') return;
  if (last) return app.show({ ...view, ids: left, problem: last, isBusy: false });
  finishConnected(app, view, view);
};

/** A link without `manage` stores one credential and removes none. */
const listLeftovers = (app: App, account: Account | null, others: readonly string[]): string[] =>
  app.get().link?.manage === false ? [] : [...(account ? [account.id] : []), ...others];

/** Goes on after a key was stored. */
export const finishStored = async (app: App, { provider, account }: Target, stored: Stored): Promise<void> => {
  const ids = listLeftovers(app, account, stored.others);
  if (ids.length === 0) return finishConnected(app, { provider, account }, stored);
  showAccount(app, stored.account);
  const { account: added, checkedName } = stored;
  await removeLeftovers(app, {
    ...{ kind: 'leftover', provider, account: added, checkedName, ids },
    ...{ problem: null, isBusy: true },
  });
};
