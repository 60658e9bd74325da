// Stores a key or password: checks it first, stores it when it is valid, stores nothing when it is not, and leaves it to the person when
// the check cannot tell.
import type { App } from '../logic/app.ts';
import type { Account, NewCredential } from '../logic/contract.ts';
import { type FormValues, makeCredential } from '../logic/key-form.ts';
import type { FormView, Target } from '../logic/model.ts';
import { finishConnected } from './connected.ts';

type Entry = Target & { type: string };

const showForm = (app: App, { provider, account, type }: Entry, change: Partial<FormView>): void =>
  app.show({ kind: 'form', provider, account, type, phase: 'editing', problem: null, checked: null, ...change });

/** Opens an empty form. */
export const openForm = (app: App, entry: Entry): void => showForm(app, entry, {});

/** A key cannot be changed in place here: the new one is stored, then the one that it replaces is deleted. */
const deleteReplaced = async (app: App, account: Account | null): Promise<void> => {
  if (account === null) return;
  const { kind } = await app.ports.api.disconnect(account.id);
  if (kind === 'ok') app.set({ accounts: app.get().accounts.filter(({ id }) => id !== account.id) });
};

const store = async (app: App, entry: Entry, { credential, checkedName }: Checked): Promise<void> => {
  showForm(app, entry, { phase: 'storing', checked: credential });
  const result = await app.ports.api.store(credential);
  if (result.kind === 'problem') return showForm(app, entry, { problem: result.problem });
  await deleteReplaced(app, entry.account);
  finishConnected(app, entry, { account: result.value, checkedName });
};

interface Checked {
  credential: NewCredential;
  checkedName: string | null;
}

/** Whether the form that was submitted is still on the page: a person who went back wants nothing stored. */
const isShown = (app: App, credential: NewCredential): boolean => {
  const { view } = app.get();
  return view.kind === 'form' && view.checked === credential;
};

/** Checks and stores what was typed. Where no check of this provider exists, it is stored at once. */
export const submitForm = async (app: App, entry: Entry, values: FormValues): Promise<void> => {
  const credential = makeCredential(entry.provider, entry.type, values);
  if (!entry.provider.verifiable) return store(app, entry, { credential, checkedName: null });
  showForm(app, entry, { phase: 'checking', checked: credential });
  const result = await app.ports.api.check(credential);
  if (!isShown(app, credential)) return;
  if (result.kind === 'problem') return showForm(app, entry, { problem: result.problem });
  const { result: outcome, account } = result.value;
  if (outcome === 'invalid') return showForm(app, entry, { problem: { code: 'key_refused' } });
  if (outcome === 'unknown') return showForm(app, entry, { phase: 'unknown', checked: credential });
  return store(app, entry, { credential, checkedName: account?.name ?? null });
};

/** Stores what a check could not tell about. */
export const storeAnyway = async (app: App, view: FormView): Promise<void> => {
  if (view.checked) await store(app, view, { credential: view.checked, checkedName: null });
};
