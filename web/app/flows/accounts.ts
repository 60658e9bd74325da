// Renames and disconnects accounts, one at a time.
import type { App } from '../logic/app.ts';
import type { Account } from '../logic/contract.ts';
import type { Editing } from '../logic/model.ts';

/** Opens the form or the question for one account; null closes it. */
export const edit = (app: App, editing: Pick<Editing, 'id' | 'action'> | null): void =>
  app.set({ editing: editing && { ...editing, isBusy: false, problem: null }, notice: null });

const isGone = (code: string): boolean => code === 'credential_not_found';

/** Gives an account another name. */
export const rename = async (app: App, { id }: Account, title: string): Promise<void> => {
  const editing = { id, action: 'rename' } as const;
  app.set({ editing: { ...editing, isBusy: true, problem: null } });
  const result = await app.ports.api.rename(id, title.trim());
  if (result.kind === 'problem') return app.set({ editing: { ...editing, isBusy: false, problem: result.problem } });
  const accounts = app.get().accounts.map((each) => (each.id === id ? result.value : each));
  app.set({ accounts, editing: null, notice: `Renamed to ${result.value.title ?? title}.` });
};

/** Disconnects an account; one that is gone already counts as disconnected. */
export const disconnect = async (app: App, { id }: Account, name: string): Promise<void> => {
  const editing = { id, action: 'disconnect' } as const;
  app.set({ editing: { ...editing, isBusy: true, problem: null } });
  const result = await app.ports.api.disconnect(id);
  if (result.kind === 'problem' && !isGone(result.problem.code))
    return app.set({ editing: { ...editing, isBusy: false, problem: result.problem } });
  const accounts = app.get().accounts.filter((each) => each.id !== id);
  app.set({ accounts, editing: null, notice: `${name} is disconnected.` });
};
