// The connected accounts, and the providers to connect, with a search.
import { useEffect, useRef } from 'preact/hooks';
import type { App } from '../logic/app.ts';
import type { Account, Provider } from '../logic/contract.ts';
import { isAddress, isMcp } from '../logic/mcp-server.ts';
import type { Model, ListView as View } from '../logic/model.ts';
import { listConnectable, searchProviders } from '../logic/ways.ts';
import { AccountRow } from './account-row.tsx';
import { Heading, ProblemBox, Tile } from './parts.tsx';

/** Fewer are seen at a glance. */
const SEARCH_FROM = 7;

const Accounts = ({ app, model }: { app: App; model: Model }) => {
  const { link, accounts, editing, notice } = model;
  const heading = useRef<HTMLHeadingElement>(null);
  const count = useRef(accounts.length);
  useEffect(() => {
    // The row that had the focus is gone.
    if (accounts.length < count.current) heading.current?.focus();
    count.current = accounts.length;
  }, [accounts.length]);
  const providers: readonly Provider[] = link?.providers ?? [];
  const find = ({ provider }: Account) => providers.find((each) => each.provider === provider);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        Connected accounts
      </h2>
      {notice && <p class="notice">{notice}</p>}
      {accounts.length === 0 && <p class="soft">No account is connected yet.</p>}
      <ul class="accounts">
        {accounts.map((account) => (
          <AccountRow
            key={account.id}
            app={app}
            account={account}
            provider={find(account)}
            editing={editing?.id === account.id ? editing : null}
          />
        ))}
      </ul>
    </section>
  );
};

const Search = ({ app, typed, found }: { app: App; typed: string; found: number }) => (
  <div class="search">
    <label class="hidden" for="search">
      Search providers
    </label>
    <input
      id="search"
      type="search"
      placeholder="Search providers"
      autocomplete="off"
      spellcheck={false}
      value={typed}
      onInput={(event) => app.set({ typed: event.currentTarget.value })}
    />
    <p class="hidden" role="status">
      {typed === '' ? '' : `${found} ${found === 1 ? 'provider' : 'providers'} found`}
    </p>
  </div>
);

const Providers = ({ app, model }: { app: App; model: Model }) => {
  const all = listConnectable(model.link?.providers ?? []);
  const found = searchProviders(all, model.typed);
  const open = (provider: Provider): void => {
    const typed = model.typed.trim();
    const serverUrl = isMcp(provider) && isAddress(typed) ? typed : '';
    app.show({ kind: 'provider', provider, account: null, serverUrl, problem: null, isBusy: false });
  };
  return (
    <>
      {all.length >= SEARCH_FROM && <Search app={app} typed={model.typed} found={found.length} />}
      <ul class="providers">
        {found.map((provider) => (
          <li key={provider.provider}>
            <button type="button" class="provider" onClick={() => open(provider)}>
              <Tile provider={provider.provider} name={provider.displayName} />
              <span>{provider.displayName}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p class="soft empty">
          {all.length === 0 ? 'There is no provider to connect here.' : `No provider matches “${model.typed}”.`}
        </p>
      )}
    </>
  );
};

/** The view. */
export const ListPage = ({ app, model, view, name }: { app: App; model: Model; view: View; name: string }) => {
  const canManage = model.link?.manage === true;
  return (
    <>
      <Heading>{canManage ? 'Your accounts' : 'Connect an account'}</Heading>
      <p class="soft">{name} can use the accounts that you connect here. What you enter is stored encrypted.</p>
      <ProblemBox problem={view.problem} />
      {canManage && <Accounts app={app} model={model} />}
      <section>
        {canManage && <h2>Connect another account</h2>}
        <Providers app={app} model={model} />
      </section>
    </>
  );
};
