// Finishes a connection after the way back from a provider. Only a flow that was started in this tab is finished, so that a crafted address
// can complete nothing.
import { findAccount } from '../logic/accounts.ts';
import type { App } from '../logic/app.ts';
import type { Provider } from '../logic/contract.ts';
import { nameServer } from '../logic/mcp-server.ts';
import type { Target } from '../logic/model.ts';
import { isTransient, type Problem } from '../logic/problem.ts';
import type { CallbackReturn, OpenFlow } from '../logic/session.ts';
import { finishConnected } from './connected.ts';

const findTarget = (app: App, flow: OpenFlow): Target | null => {
  const { link, accounts } = app.get();
  const provider = link?.providers.find((each: Provider) => each.provider === flow.provider);
  if (!link || !provider) return null;
  const { credentialId, serverUrl } = flow;
  return { provider, account: findAccount(link, accounts, credentialId), serverUrl };
};

/** The code of an error that came back in place of a receipt (RFC 6749 §4.1.2.1). */
const errorCode = (error: string | null): string =>
  error === 'access_denied' ? 'connection_denied' : 'refused_by_provider';

const giveUp = (app: App, target: Target | null, problem: Problem): void => {
  app.ports.session.forgetCallback();
  if (target) app.show({ kind: 'provider', ...target, problem, isBusy: false });
  else app.show({ kind: 'list', problem });
};

/** Completes, or says why not. A fault that may pass keeps the receipt, so that trying again finishes this very connection. */
export const finishCallback = async (app: App, { state, receipt, error }: CallbackReturn): Promise<void> => {
  const { session, api } = app.ports;
  const flow = session.readFlow(state);
  const target = flow && findTarget(app, flow);
  if (!flow || !target) return giveUp(app, null, { code: 'state_invalid' });
  if (receipt === null) return giveUp(app, target, { code: errorCode(error) });
  app.show({ kind: 'loading', task: 'complete', displayName: nameServer(target.provider, flow.serverUrl).displayName });
  session.keepFlow(state, { ...flow, isCompleting: true });
  const result = await api.complete({ state, receipt });
  if (result.kind === 'problem') {
    if (isTransient(result.problem)) return app.show({ kind: 'stopped', problem: result.problem });
    if (result.problem.code === 'link_invalid') return app.show({ kind: 'stopped', problem: result.problem });
    return giveUp(app, target, result.problem);
  }
  session.forgetCallback();
  finishConnected(app, target, { account: result.value });
};
