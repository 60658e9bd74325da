// A key is stored, and the one that it replaces is being removed, or could not be.

import { showList } from '../flows/open.ts';
import { removeLeftovers } from '../flows/replace.ts';
import type { App } from '../logic/app.ts';
import type { LeftoverView as View } from '../logic/model.ts';
import { Heading, ProblemBox, Spinner, Tile } from './parts.tsx';

/** The view. */
export const LeftoverPage = ({ app, view, name }: { app: App; view: View; name: string }) => {
  const { provider, problem, isBusy } = view;
  return (
    <>
      <Tile provider={provider.provider} name={provider.displayName} isLarge />
      <Heading>{provider.displayName} is saved</Heading>
      <p class="soft">
        {problem
          ? `What you entered is saved. What it replaces could not be removed, and ${name} may still use that.`
          : 'Removing what it replaces…'}
      </p>
      <ProblemBox problem={problem} />
      <div class="ways">
        <button
          type="button"
          class="primary"
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) void removeLeftovers(app, view);
          }}
        >
          {isBusy && <Spinner />}
          Remove the former one
        </button>
        {problem && (
          <button type="button" class="plain" onClick={() => showList(app)}>
            See all accounts
          </button>
        )}
      </div>
    </>
  );
};
