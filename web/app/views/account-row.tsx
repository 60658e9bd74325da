// One connected account, with what can be done to it.
import { useEffect, useRef } from 'preact/hooks';
import { disconnect, edit, rename } from '../flows/accounts.ts';
import { openForm } from '../flows/key.ts';
import type { App } from '../logic/app.ts';
import type { Account, Provider } from '../logic/contract.ts';
import { accountName } from '../logic/key-form.ts';
import { serverName } from '../logic/mcp-server.ts';
import type { Editing } from '../logic/model.ts';
import { findReason } from '../logic/words.ts';
import { ProblemBox, readForm, Spinner, Tile } from './parts.tsx';

interface Props {
  app: App;
  account: Account;
  provider: Provider | undefined;
  editing: Editing | null;
}

interface EditProps extends Props {
  editing: Editing;
  label: string;
}

const STATUS = {
  active: ['good', 'Connected'],
  reconnect_required: ['warn', 'Needs reconnecting'],
  unreadable: ['warn', 'Cannot be read'],
} as const;

/** Text or a question takes the focus when it appears. */
const useFocus = <T extends HTMLElement>() => {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
};

const RenameForm = ({ app, account, editing, label }: EditProps) => {
  const input = useFocus<HTMLInputElement>();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const { title = '' } = readForm(event.currentTarget as HTMLFormElement);
    if (title.trim() !== '') void rename(app, account, title);
  };
  return (
    <form class="edit" onSubmit={submit}>
      <label for={`title-${account.id}`}>New name for {label}</label>
      <input id={`title-${account.id}`} ref={input} name="title" required maxLength={200} defaultValue={label} />
      <ProblemBox problem={editing.problem} />
      <div class="row">
        <button type="submit" class="primary small" disabled={editing.isBusy}>
          {editing.isBusy && <Spinner />}
          Save
        </button>
        <button type="button" class="plain small" onClick={() => edit(app, null)}>
          Cancel
        </button>
      </div>
    </form>
  );
};

const DisconnectQuestion = ({ app, account, editing, label }: EditProps) => {
  const question = useFocus<HTMLParagraphElement>();
  return (
    <div class="edit">
      <p ref={question} tabIndex={-1}>
        Disconnect <strong>{label}</strong>? It can no longer be used until you connect it again.
      </p>
      <ProblemBox problem={editing.problem} />
      <div class="row">
        <button
          type="button"
          class="danger small"
          disabled={editing.isBusy}
          onClick={() => void disconnect(app, account, label)}
        >
          {editing.isBusy && <Spinner />}
          Yes, disconnect
        </button>
        <button type="button" class="plain small" disabled={editing.isBusy} onClick={() => edit(app, null)}>
          Keep it
        </button>
      </div>
    </div>
  );
};

const reconnect = (app: App, account: Account, provider: Provider): void => {
  if (account.type === 'oauth2') app.show({ kind: 'provider', provider, account, problem: null, isBusy: false });
  else openForm(app, { provider, account, type: account.type ?? '' });
};

const canReconnect = ({ account, provider }: Props): boolean =>
  account.status !== 'unreadable' &&
  provider !== undefined &&
  (account.type === 'oauth2'
    ? provider.oauth?.configured === true
    : account.type !== null && account.type in provider.fields);

const Actions = (props: Props & { label: string }) => {
  const { app, account, provider, label } = props;
  const isBroken = account.status !== 'active';
  const verb = account.type === 'oauth2' ? 'Reconnect' : 'Replace';
  return (
    <div class="row actions">
      {provider && canReconnect(props) && (
        <button
          type="button"
          class={isBroken ? 'primary small' : 'quiet'}
          aria-label={`${verb} ${label}`}
          onClick={() => reconnect(app, account, provider)}
        >
          {verb}
        </button>
      )}
      {(['rename', 'disconnect'] as const).map((action) => (
        <button
          key={action}
          type="button"
          id={`${action}-${account.id}`}
          class="quiet"
          aria-label={`${action === 'rename' ? 'Rename' : 'Disconnect'} ${label}`}
          onClick={() => edit(app, { id: account.id, action })}
        >
          {action === 'rename' ? 'Rename' : 'Disconnect'}
        </button>
      ))}
    </div>
  );
};

/** After an edit the focus goes back to the button that opened it. */
const useReturnedFocus = (id: string, editing: Editing | null): void => {
  const last = useRef<Editing | null>(null);
  useEffect(() => {
    if (last.current && !editing) document.getElementById(`${last.current.action}-${id}`)?.focus();
    last.current = editing;
  }, [editing, id]);
};

/** The row. */
export const AccountRow = (props: Props) => {
  const { account, provider, editing } = props;
  const { resource } = account;
  const providerName = provider?.displayName ?? account.provider ?? 'Unknown provider';
  const address = resource && serverName(resource);
  const name = address ?? providerName;
  const label = accountName(account) ?? name;
  const [tone, status] = STATUS[account.status];
  useReturnedFocus(account.id, editing);
  return (
    <li class="account">
      <div class="summary">
        <Tile provider={resource ?? account.provider ?? ''} name={name} />
        <div class="names">
          <strong>{label}</strong>
          <span class="soft">
            {[providerName, account.username, address].filter((part) => part && part !== label).join(' · ')}
          </span>
        </div>
        <span class={`badge ${tone}`}>{status}</span>
      </div>
      {account.status !== 'active' && <p class="reason">{findReason(account.reason)}</p>}
      {editing === null && <Actions {...props} label={label} />}
      {editing?.action === 'rename' && <RenameForm {...props} editing={editing} label={label} />}
      {editing?.action === 'disconnect' && <DisconnectQuestion {...props} editing={editing} label={label} />}
    </li>
  );
};
