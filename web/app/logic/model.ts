// All that the page shows, as one value. A view is one of the kinds below; each has exactly what it needs.
import type { Account, Link, NewCredential, Provider, StartedDevice } from './contract.ts';
import type { Problem } from './problem.ts';

/** What is being connected: a provider, and the account that is reconnected or replaced, if any. `serverUrl`: of an MCP server. */
export interface Target {
  provider: Provider;
  account: Account | null;
  serverUrl?: string;
}

/** A wait that the person cannot shorten: reading the link, going to the provider, finishing after the way back. */
export interface LoadingView {
  kind: 'loading';
  task: 'open' | 'leave' | 'complete';
  displayName: string | null;
}

/** Nothing can be done on this page, or only one thing again. */
export interface StoppedView {
  kind: 'stopped';
  problem: Problem;
}

/** The accounts and the providers. */
export interface ListView {
  kind: 'list';
  problem: Problem | null;
}

/** One provider and the ways to connect it. */
export interface ProviderView extends Target {
  kind: 'provider';
  problem: Problem | null;
  isBusy: boolean;
}

/** The entry of a key or password. `unknown`: the check could not tell, and the person decides. */
export interface FormView extends Target {
  kind: 'form';
  type: string;
  phase: 'editing' | 'checking' | 'storing' | 'unknown';
  problem: Problem | null;
  /** What was checked last. */
  checked: NewCredential | null;
  /** What was sent to be stored, with no answer that decides it: each may be stored. */
  undecided: readonly NewCredential[];
}

/** A key is stored, and what it replaces could not be removed. */
export interface LeftoverView extends Target {
  kind: 'leftover';
  /** The new one. */
  account: Account;
  checkedName: string | null;
  /** The ids of what is to be removed. */
  ids: readonly string[];
  problem: Problem | null;
  isBusy: boolean;
}

/** Connecting by a code. `started` is null until the code is there. */
export interface DeviceView extends Target {
  kind: 'device';
  started: StartedDevice | null;
  /** When the code was got and when it ends, in epoch milliseconds. */
  startedAt: number;
  endsAt: number;
  isOffline: boolean;
}

/** It worked. */
export interface ConnectedView {
  kind: 'connected';
  displayName: string;
  accountName: string | null;
  returnUrl: string | null;
  /** Whether the link can be used for more. */
  canGoOn: boolean;
}

/** What fills the page. */
export type View =
  | LoadingView
  | StoppedView
  | ListView
  | ProviderView
  | FormView
  | LeftoverView
  | DeviceView
  | ConnectedView;

/** What is being done to one of the connected accounts. */
export interface Editing {
  id: string;
  action: 'rename' | 'disconnect';
  isBusy: boolean;
  problem: Problem | null;
}

/** The whole state of the page. */
export interface Model {
  link: Link | null;
  /** The person's own accounts; empty where the link does not show them. */
  accounts: readonly Account[];
  view: View;
  /** What was typed into the search. */
  typed: string;
  editing: Editing | null;
  /** Said to screen readers and shown once: the last thing that was done. */
  notice: string | null;
}

/** Before the link is read. */
export const FIRST_MODEL: Model = {
  link: null,
  accounts: [],
  view: { kind: 'loading', task: 'open', displayName: null },
  typed: '',
  editing: null,
  notice: null,
};
