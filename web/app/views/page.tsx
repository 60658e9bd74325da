// The frame around the views: the operator's name above, what to be careful about below, and one place where a screen reader hears what
// is under way.
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../logic/app.ts';
import { serverName } from '../logic/mcp-server.ts';
import type { Model, View } from '../logic/model.ts';
import { initials } from '../logic/tile.ts';
import { DevicePage } from './device-view.tsx';
import { ConnectedPage, describeTask, LoadingPage, StoppedPage } from './end-views.tsx';
import { FormPage } from './form-view.tsx';
import { LeftoverPage } from './leftover-view.tsx';
import { ListPage } from './list-view.tsx';
import { ProviderPage } from './provider-view.tsx';

interface Props {
  app: App;
  /** The operator's name. */
  name: string;
}

const drawView = (app: App, model: Model, name: string) => {
  const { view } = model;
  switch (view.kind) {
    case 'loading':
      return <LoadingPage view={view} />;
    case 'stopped':
      return <StoppedPage app={app} view={view} />;
    case 'list':
      return <ListPage app={app} model={model} view={view} name={name} />;
    case 'provider':
      return <ProviderPage app={app} view={view} name={name} />;
    case 'form':
      return <FormPage app={app} view={view} name={name} />;
    case 'leftover':
      return <LeftoverPage app={app} view={view} name={name} />;
    case 'device':
      return <DevicePage app={app} view={view} />;
    case 'connected':
      return <ConnectedPage app={app} view={view} name={name} />;
  }
};

/** A view of another identity is a new page for the reader: its heading takes the focus. */
const identify = (view: View): string => {
  if (view.kind === 'stopped') return `stopped ${view.problem.code}`;
  if (view.kind === 'form') return `form ${view.provider.provider} ${view.type}`;
  return 'provider' in view ? `${view.kind} ${view.provider.provider}` : view.kind;
};

const announce = ({ view, notice }: Model): string => {
  if (notice) return notice;
  if (view.kind === 'loading') return describeTask(view);
  if (view.kind === 'provider' && view.isBusy && view.serverUrl) return `Asking ${serverName(view.serverUrl)}…`;
  if (view.kind === 'form' && view.phase === 'checking') return `Asking ${view.provider.displayName}…`;
  if (view.kind === 'form' && view.phase === 'storing') return 'Saving…';
  if (view.kind === 'leftover' && view.isBusy) return 'Removing what it replaces…';
  if (view.kind === 'device' && view.started)
    return `Your code is ${view.started.userCode}. Waiting for you to approve.`;
  return '';
};

/** The whole page. */
export const Page = ({ app, name }: Props) => {
  const [model, setModel] = useState(app.get);
  useEffect(() => {
    app.subscribe(setModel);
    // What happened between the first drawing and this effect.
    setModel(app.get());
  }, [app]);
  return (
    <>
      <header>
        <span class="mark" aria-hidden="true">
          {initials(name).slice(0, 1)}
        </span>
        {name}
      </header>
      <main key={identify(model.view)}>{drawView(app, model, name)}</main>
      <p class="hidden" role="status">
        {announce(model)}
      </p>
      <footer>
        Connect accounts here only if you came from {name} yourself. Do not use a link that someone else sent you.
      </footer>
    </>
  );
};
