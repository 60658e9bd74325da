// One provider: the ways to connect it, and what went wrong with the last attempt.
import { connectInBrowser } from '../flows/connect.ts';
import { connectByCode } from '../flows/device.ts';
import { openForm } from '../flows/key.ts';
import { hasList, showList } from '../flows/open.ts';
import type { App } from '../logic/app.ts';
import type { Provider } from '../logic/contract.ts';
import { fieldErrors } from '../logic/key-form.ts';
import { fixedServerUrl, isMcp, nameServer, withAddress } from '../logic/mcp-server.ts';
import type { ProviderView as View } from '../logic/model.ts';
import { describeWay, listWays, type Way } from '../logic/ways.ts';
import { VariableInput } from './inputs.tsx';
import { BackButton, Heading, ProblemBox, readForm, Spinner, Tile } from './parts.tsx';

/** An account that is reconnected stays of its kind, and a code cannot name it. */
const selectWays = ({ provider, account }: View): Way[] =>
  listWays(provider).filter(({ kind }) => account === null || kind === 'oauth');

const pressed = (event: SubmitEvent): string => (event.submitter as HTMLButtonElement | null)?.value ?? 'oauth';

const explain = ({ provider, displayName }: Provider, ways: readonly Way[], name: string): string => {
  const [where, care] = isMcp({ provider })
    ? ['where the server sends you', 'Connect only a server that you trust.']
    : [`at ${displayName}`, `Your password stays with ${displayName}.`];
  return ways[0]?.kind === 'oauth'
    ? `You sign in ${where} and decide there what ${name} may do. ${care}`
    : `${name} will use what you enter here. It is stored encrypted.`;
};

interface Props {
  app: App;
  view: View;
  name: string;
}

/** The view. */
export const ProviderPage = ({ app, view, name }: Props) => {
  const { account, problem, isBusy, serverUrl } = view;
  const { link } = app.get();
  const fixed = fixedServerUrl(link, account);
  const provider = withAddress(view.provider, fixed, serverUrl);
  const preset = link?.preset ?? null;
  const ways = selectWays(view);
  const errors = problem ? fieldErrors(problem) : {};
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const values = readForm(event.currentTarget as HTMLFormElement);
    if (isBusy) return;
    void (pressed(event) === 'device' ? connectByCode : connectInBrowser)(
      app,
      { provider: view.provider, account },
      values,
    );
  };
  const needsForm = ways.some(({ kind }) => kind !== 'form');
  return (
    <>
      {hasList(app.get()) && <BackButton label="All accounts" onBack={() => showList(app)} />}
      <Tile provider={fixed ?? provider.provider} name={nameServer(view.provider, fixed).displayName} isLarge />
      <Heading>
        {account ? 'Reconnect' : 'Connect'} {provider.displayName}
      </Heading>
      <p class="soft">{explain(provider, ways, name)}</p>
      <ProblemBox problem={problem} />
      {needsForm && (
        <form onSubmit={submit}>
          {provider.variables.map((variable) => (
            <VariableInput
              key={variable.name}
              variable={variable}
              preset={preset?.variables?.[variable.name]}
              error={errors[`variables.${variable.name}`]}
            />
          ))}
          <div class="ways">
            {ways
              .filter(({ kind }) => kind !== 'form')
              .map((way) => (
                <button
                  type="submit"
                  key={way.kind}
                  value={way.kind}
                  class={way.kind === 'oauth' ? 'primary' : 'plain'}
                  aria-disabled={isBusy}
                >
                  {isBusy && way.kind === 'oauth' && <Spinner />}
                  {describeWay(way, provider)}
                </button>
              ))}
          </div>
        </form>
      )}
      <div class={needsForm ? 'ways more' : 'ways'}>
        {ways.map(
          (way) =>
            way.kind === 'form' && (
              <button
                key={way.type}
                type="button"
                class={needsForm ? 'plain' : 'primary'}
                disabled={isBusy}
                onClick={() => openForm(app, { provider, account, type: way.type })}
              >
                {describeWay(way, provider)}
              </button>
            ),
        )}
      </div>
    </>
  );
};
