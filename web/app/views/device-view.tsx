// Connecting by a code: the code, where to enter it, and how long it is valid.
import { useEffect, useState } from 'preact/hooks';
import type { App } from '../logic/app.ts';
import type { StartedDevice } from '../logic/contract.ts';
import type { DeviceView as View } from '../logic/model.ts';
import { safeUrl } from '../logic/safe-url.ts';
import { Heading, Spinner, Tile } from './parts.tsx';

/** The time of the page's clock, each second. */
const useNow = (now: () => number): number => {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  return time;
};

const CopyButton = ({ text }: { text: string }) => {
  const [label, setLabel] = useState('Copy the code');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setLabel('Copied');
    } catch {
      setLabel('Select the code to copy it');
    }
  };
  return (
    <button type="button" class="plain" onClick={() => void copy()}>
      <span role="status">{label}</span>
    </button>
  );
};

const formatTime = (milliseconds: number): string => {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

const Steps = ({ app, view, started }: { app: App; view: View; started: StartedDevice }) => {
  // Of the browser's clock: what it says is shown, and ends nothing.
  const left = view.endsAt - useNow(app.ports.now);
  const address = safeUrl(started.verificationUriComplete) ?? safeUrl(started.verificationUri);
  return (
    <>
      <ol class="steps">
        <li>
          <p>Copy this code, or keep it in view:</p>
          <div class="row">
            <p class="code">{started.userCode}</p>
            <CopyButton text={started.userCode} />
          </div>
        </li>
        <li>
          <p>Open this page on any device and enter the code there:</p>
          {address === null ? (
            <p>{started.verificationUri}</p>
          ) : (
            <p>
              <a href={address} target="_blank" rel="noopener noreferrer">
                {started.verificationUri}
                <span class="hidden"> (opens a new tab)</span>
              </a>
            </p>
          )}
        </li>
      </ol>
      <div class="waiting">
        <p>
          <Spinner />
          {view.isOffline
            ? 'No connection. Trying again…'
            : `Waiting for you to approve at ${view.provider.displayName}…`}
        </p>
        {left > 0 && (
          <>
            <progress max={view.endsAt - view.startedAt} value={left} aria-label="Time left for the code" />
            <p class="soft">The code is valid for {formatTime(left)} minutes.</p>
          </>
        )}
      </div>
    </>
  );
};

/** The view. */
export const DevicePage = ({ app, view }: { app: App; view: View }) => (
  <>
    <Tile provider={view.provider.provider} name={view.provider.displayName} isLarge />
    <Heading>Connect {view.provider.displayName} with a code</Heading>
    {view.started === null ? (
      <p class="waiting">
        <Spinner />
        Getting a code…
      </p>
    ) : (
      <Steps app={app} view={view} started={view.started} />
    )}
    <div class="ways">
      <button
        type="button"
        class="plain"
        onClick={() =>
          app.show({ kind: 'provider', provider: view.provider, account: view.account, problem: null, isBusy: false })
        }
      >
        Cancel
      </button>
    </div>
  </>
);
