// The state of the page and the ports to the outside. Flows change the state only through `set` and `show`; the views are drawn from it.
import type { LinkApi } from './api.ts';
import { FIRST_MODEL, type Model, type View } from './model.ts';
import type { LinkSession } from './session.ts';

/** What the flows need from the browser. */
export interface Ports {
  api: LinkApi;
  session: LinkSession;
  /** Where providers send the browser back to: this page, without query and fragment. */
  pageUrl: string;
  /** Goes to another page. */
  leave(url: string): void;
  /** Milliseconds. */
  wait(milliseconds: number): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  /** A new random id. */
  newId(): string;
}

/** The running page. */
export interface App {
  ports: Ports;
  get(): Model;
  set(change: Partial<Model>): void;
  /** Shows another view; what was said or edited before is over. */
  show(view: View): void;
  /** Calls back after each change. */
  subscribe(changed: (model: Model) => void): void;
}

/** Makes the page in its first state. */
export const makeApp = (ports: Ports): App => {
  let model = FIRST_MODEL;
  const listeners = new Set<(model: Model) => void>();
  const set = (change: Partial<Model>): void => {
    model = { ...model, ...change };
    for (const listener of listeners) listener(model);
  };
  return {
    ports,
    get: () => model,
    set,
    show: (view) => set({ view, editing: null, notice: null }),
    subscribe: (changed) => void listeners.add(changed),
  };
};
