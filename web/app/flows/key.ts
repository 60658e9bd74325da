// Stores a key or password: checks it first, stores it when it is valid, stores nothing when it is not, and leaves it to the person when
// the check cannot tell. An entry whose answer was lost is sent again with the same id, so it is stored once.
import type { App } from '../logic/app.ts';
import type { Account, NewCredential } from '../logic/contract.ts';
import { describeStored, type FormValues, isSameEntry, makeCredential } from '../logic/key-form.ts';
import type { FormView, Target } from '../logic/model.ts';
import { isUndecided, type Problem, type Result } from '../logic/problem.ts';
import { finishStored } from './replace.ts';

type Entry = Target & { type: string; undecided?: readonly NewCredential[] };

interface Checked {
  credential: NewCredential;
  checkedName: string | null;
}

const showForm = (app: App, { provider, account, type, undecided = [] }: Entry, change: Partial<FormView>): void =>
  app.show({
    ...{ kind: 'form', provider, account, type, undecided, phase: 'editing', problem: null, checked: null },
    ...change,
  });

/** Opens an empty form. */
export const openForm = (app: App, entry: Entry): void => showForm(app, entry, {});

/** A link that is used up after a lost answer was most likely used up by that very request. */
const showProblem = (app: App, entry: Entry, problem: Problem): void => {
  const isUsedUp = problem.code === 'link_invalid' && Boolean(entry.undecided?.length);
  if (isUsedUp) app.show({ kind: 'stopped', problem: { code: 'maybe_connected' } });
  else showForm(app, entry, { problem });
};

const showUndecided = (app: App, entry: Entry, credential: NewCredential, { retryAfterSeconds }: Problem): void => {
  const others = (entry.undecided ?? []).filter((each) => each !== credential);
  const problem = { code: 'maybe_stored', ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  showForm(app, { ...entry, undecided: [...others, credential] }, { problem });
};

/** The stored account. Only an earlier request of this form can have used the id. */
const readStored = (result: Result<Account>, credential: NewCredential): Account | null => {
  if (result.kind === 'ok') return result.value;
  return result.problem.code === 'credential_exists' ? describeStored(credential) : null;
};

const store = async (app: App, entry: Entry, { credential, checkedName }: Checked): Promise<void> => {
  showForm(app, entry, { phase: 'storing', checked: credential });
  const result = await app.ports.api.store(credential);
  const account = readStored(result, credential);
  if (account !== null) {
    const others = (entry.undecided ?? []).filter((each) => each !== credential);
    return finishStored(app, entry, { account, checkedName, others: others.map(({ id }) => String(id)) });
  }
  if (result.kind === 'ok') return;
  if (isUndecided(result.problem)) showUndecided(app, entry, credential, result.problem);
  else showProblem(app, entry, result.problem);
};

/** Whether the form that was submitted is still on the page: a person who went back wants nothing stored. */
const isShown = (app: App, credential: NewCredential): boolean => {
  const { view } = app.get();
  return view.kind === 'form' && view.checked === credential;
};

/**
 * Checks and stores what was typed. Where no check of this provider exists, it is stored at once; so is an entry that was sent before
 * without an answer.
 */
export const submitForm = async (app: App, entry: Entry, values: FormValues): Promise<void> => {
  const typed = makeCredential(entry.provider, entry.type, values);
  const sent = entry.undecided?.find((each) => isSameEntry(each, typed));
  if (sent) return store(app, entry, { credential: sent, checkedName: null });
  const credential = { ...typed, id: app.ports.newId() };
  if (!entry.provider.verifiable) return store(app, entry, { credential, checkedName: null });
  showForm(app, entry, { phase: 'checking', checked: credential });
  const result = await app.ports.api.check(credential);
  if (!isShown(app, credential)) return;
  if (result.kind === 'problem') return showProblem(app, entry, result.problem);
  const { result: outcome, account } = result.value;
  if (outcome === 'invalid') return showForm(app, entry, { problem: { code: 'key_refused' } });
  if (outcome === 'unknown') return showForm(app, entry, { phase: 'unknown', checked: credential });
  return store(app, entry, { credential, checkedName: account?.name ?? null });
};

/** Stores what a check could not tell about. */
export const storeAnyway = async (app: App, view: FormView): Promise<void> => {
  if (view.checked) await store(app, view, { credential: view.checked, checkedName: null });
};
