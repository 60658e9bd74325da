// Connects by a code that the person types in at the provider (RFC 8628): shows it and asks until it is approved, denied or expired.
// No network is no end: the next poll may succeed. Nor is the clock of the browser, which may differ from that of the service.
import type { App } from '../logic/app.ts';
import type { DeviceStatus } from '../logic/contract.ts';
import type { FormValues } from '../logic/key-form.ts';
import type { DeviceView, Target } from '../logic/model.ts';
import { isTransient, isUndecided, type Problem, type Result } from '../logic/problem.ts';
import { makeConnection } from './connect.ts';
import { finishConnected } from './connected.ts';

/** RFC 8628 §3.5: how much longer to wait after `slow_down`. */
const SLOWER_SECONDS = 5;

const showProblem = (app: App, target: Target, problem: Problem): void =>
  app.show({ kind: 'provider', ...target, problem, isBusy: false });

/** Whether this very attempt is still on the page. */
const isShown = (app: App, state: string): boolean => {
  const { view } = app.get();
  return view.kind === 'device' && view.started?.state === state;
};

const codes: Partial<Record<DeviceStatus['status'], string>> = {
  denied: 'connection_denied',
  expired: 'code_expired',
};

interface Poll {
  view: DeviceView;
  /** Of the poll before. */
  isAnswerLost: boolean;
}

/** Ends the attempt where the poll decided it; true: it is over. */
const decide = (app: App, { view, isAnswerLost }: Poll, polled: Result<DeviceStatus>): boolean => {
  const target = { provider: view.provider, account: view.account };
  if (polled.kind === 'problem') {
    if (isTransient(polled.problem)) return false;
    // The link was most likely used up by a poll whose answer was lost.
    if (polled.problem.code === 'link_invalid' && isAnswerLost)
      app.show({ kind: 'stopped', problem: { code: 'maybe_connected' } });
    else showProblem(app, target, polled.problem);
    return true;
  }
  const { status, credential } = polled.value;
  const code = codes[status];
  if (status === 'approved' && credential) finishConnected(app, target, { account: credential });
  else if (code) showProblem(app, target, { code });
  return (status === 'approved' && credential !== null) || code !== undefined;
};

const nextPause = (seconds: number, polled: Result<DeviceStatus>): number => {
  if (polled.kind === 'problem') return Math.max(seconds, polled.problem.retryAfterSeconds ?? 0);
  return polled.value.status === 'slow_down' ? seconds + SLOWER_SECONDS : seconds;
};

const pollUntilDecided = async (app: App, view: DeviceView & { started: object }): Promise<void> => {
  const { api, wait } = app.ports;
  const { state, interval } = view.started as NonNullable<DeviceView['started']>;
  let isAnswerLost = false;
  for (let seconds = interval; ; ) {
    await wait(seconds * 1000);
    if (!isShown(app, state)) return;
    const polled = await api.pollDevice(state);
    if (!isShown(app, state) || decide(app, { view, isAnswerLost }, polled)) return;
    isAnswerLost = polled.kind === 'problem' && isUndecided(polled.problem);
    seconds = nextPause(seconds, polled);
    app.set({ view: { ...view, isOffline: polled.kind === 'problem' } });
  }
};

/** Gets a code and waits. Leaving the view ends the waiting. */
export const connectByCode = async (app: App, target: Target, values: FormValues = {}): Promise<void> => {
  const { api, now } = app.ports;
  const startedAt = now();
  const waiting = { kind: 'device', ...target, startedAt, endsAt: startedAt, isOffline: false } as const;
  app.show({ ...waiting, started: null });
  const { provider, scopes, variables } = makeConnection(app.get().link?.preset ?? null, target, values);
  const result = await api.startDevice({ provider, scopes, variables });
  if (app.get().view.kind !== 'device') return;
  if (result.kind === 'problem') return showProblem(app, target, result.problem);
  const started = result.value;
  const view = { ...waiting, started, startedAt: now(), endsAt: Date.parse(started.expiresAt) };
  app.show(view);
  await pollUntilDecided(app, view);
};
