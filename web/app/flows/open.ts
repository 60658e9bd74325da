// Opens the page: reads the link, finishes a connection that came back from a provider, and shows where to start.
import { findAccount, ownAccounts } from '../logic/accounts.ts';
import type { App } from '../logic/app.ts';
import type { Link } from '../logic/contract.ts';
import type { Target } from '../logic/model.ts';
import type { Problem } from '../logic/problem.ts';
import { findPreset, listConnectable } from '../logic/ways.ts';
import { finishCallback } from './callback.ts';

/** Where the person starts: the only provider, the chosen one, or null for the list. */
const findStart = (link: Link): Target | null => {
  const providers = listConnectable(link.providers);
  const chosen = findPreset(providers, link.preset) ?? (link.manage || providers.length > 1 ? undefined : providers[0]);
  return chosen ? { provider: chosen, account: findAccount(link, ownAccounts(link), link.preset?.credentialId) } : null;
};

/** Whether there is a list to go back to. */
export const hasList = ({ link }: { link: Link | null }): boolean =>
  link !== null && (link.manage || findStart(link) === null);

/** Shows the start. */
export const showStart = (app: App, problem: Problem | null = null): void => {
  const { link } = app.get();
  const start = link && findStart(link);
  if (start) app.show({ kind: 'provider', ...start, problem, isBusy: false });
  else showList(app, problem);
};

/** Shows the list. */
export const showList = (app: App, problem: Problem | null = null): void => app.show({ kind: 'list', problem });

/** A link that is spent stays a success in the tab that spent it; where the answer to that was lost, most likely so. */
const showUnusable = (app: App, problem: Problem): void => {
  const { session } = app.ports;
  const isUsedUp = problem.code === 'link_invalid';
  const finished = isUsedUp ? session.readFinished() : null;
  const isCompleting = session.callback !== null && session.readFlow(session.callback.state)?.isCompleting === true;
  if (finished) app.show({ kind: 'connected', ...finished, canGoOn: false });
  else app.show({ kind: 'stopped', problem: isUsedUp && isCompleting ? { code: 'maybe_connected' } : problem });
};

/** Reads the link and goes on from there. Also the way to try again. */
export const open = async (app: App): Promise<void> => {
  const { session, api } = app.ports;
  if (session.token === null) return app.show({ kind: 'stopped', problem: { code: 'no_link' } });
  app.show({ kind: 'loading', task: 'open', displayName: null });
  const result = await api.readLink();
  if (result.kind === 'problem') return showUnusable(app, result.problem);
  app.set({ link: result.value, accounts: ownAccounts(result.value) });
  if (session.callback) return finishCallback(app, session.callback);
  showStart(app);
};
