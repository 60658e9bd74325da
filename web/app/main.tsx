// Starts the page in the browser: takes the link's token out of the address, and draws the page.
import { render } from 'preact';
import { open, showStart } from './flows/open.ts';
import { makeLinkApi } from './logic/api.ts';
import { makeApp } from './logic/app.ts';
import { openSession, type TabStorage } from './logic/session.ts';
import { Page } from './views/page.tsx';

/** A browser that keeps nothing for the page still shows it; signing in at a provider then fails with words. */
const openStorage = (): TabStorage => {
  try {
    return sessionStorage;
  } catch {
    const entries = new Map<string, string>();
    return {
      getItem: (key) => entries.get(key) ?? null,
      setItem: (key, value) => void entries.set(key, value),
      removeItem: (key) => void entries.delete(key),
    };
  }
};

const session = openSession(openStorage(), location);
// Neither the token nor the receipt stays in the address or the history.
history.replaceState(null, '', location.pathname);

const base = location.origin + location.pathname.replace(/\/connect\/?$/, '');
const app = makeApp({
  api: makeLinkApi(base, session.token ?? '', (url, init) => fetch(url, init)),
  session,
  pageUrl: `${base}/connect`,
  leave: (url) => location.assign(url),
  wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
});

// Back from the provider, the browser may show the page as it was left.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted && app.get().view.kind === 'loading') showStart(app);
});
// Another link opened in this tab changes the fragment only.
addEventListener('hashchange', () => location.reload());

const root = document.getElementById('page');
if (root) render(<Page app={app} name={document.documentElement.dataset.name ?? ''} />, root);
void open(app);
