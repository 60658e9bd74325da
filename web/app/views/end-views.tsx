// The views without a choice: waiting, nothing more to do, and success.
import { open, showList } from '../flows/open.ts';
import type { App } from '../logic/app.ts';
import type { ConnectedView, LoadingView, StoppedView } from '../logic/model.ts';
import { safeUrl } from '../logic/safe-url.ts';
import { findWords } from '../logic/words.ts';
import { Heading, Sign, Spinner } from './parts.tsx';

/** What is waited for, in words. */
export const describeTask = ({ task, displayName }: LoadingView): string => {
  if (task === 'leave') return `Taking you to ${displayName}…`;
  if (task === 'complete') return `Connecting ${displayName}…`;
  return 'Opening…';
};

/** Waiting. */
export const LoadingPage = ({ view }: { view: LoadingView }) => (
  <div class="centre">
    <Spinner />
    <p>{describeTask(view)}</p>
  </div>
);

/** The page cannot go on. */
export const StoppedPage = ({ app, view }: { app: App; view: StoppedView }) => {
  const { title, text, canRetry } = findWords(view.problem.code);
  return (
    <div class="centre">
      <Sign kind="bad" />
      <Heading>{title}</Heading>
      <p class="soft">{text}</p>
      {canRetry && (
        <div class="ways">
          <button type="button" class="primary" onClick={() => void open(app)}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
};

/** An account is connected. */
export const ConnectedPage = ({ app, view, name }: { app: App; view: ConnectedView; name: string }) => {
  const returnUrl = safeUrl(view.returnUrl);
  return (
    <div class="centre">
      <Sign kind="good" />
      <Heading>{view.displayName} is connected</Heading>
      {view.accountName && (
        <p>
          as <strong>{view.accountName}</strong>
        </p>
      )}
      <p class="soft">
        {name} can use this account now.{returnUrl || view.canGoOn ? '' : ' You can close this page.'}
      </p>
      <div class="ways">
        {returnUrl && (
          <a class="button primary" href={returnUrl}>
            Back to {name}
          </a>
        )}
        {view.canGoOn && (
          <button type="button" class={returnUrl ? 'plain' : 'primary'} onClick={() => showList(app)}>
            See all accounts
          </button>
        )}
      </div>
    </div>
  );
};
