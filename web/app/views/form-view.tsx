// The entry of a key or password.
import { openForm, storeAnyway, submitForm } from '../flows/key.ts';
import { hasList, showList } from '../flows/open.ts';
import type { App } from '../logic/app.ts';
import { fieldErrors } from '../logic/key-form.ts';
import type { FormView as View } from '../logic/model.ts';
import { listWays } from '../logic/ways.ts';
import { FieldInput, VariableInput } from './inputs.tsx';
import { BackButton, Heading, ProblemBox, readForm, Spinner, Tile } from './parts.tsx';

const TITLE = { name: 'title', label: 'Name for this account', secret: false, required: false };

const goBack = (app: App, { provider, account }: View): void => {
  if (listWays(provider).length > 1 && account === null)
    app.show({ kind: 'provider', provider, account, problem: null, isBusy: false });
  else showList(app);
};

const canGoBack = (app: App, { provider, account }: View): boolean =>
  hasList(app.get()) || (listWays(provider).length > 1 && account === null);

const submitLabel = ({ phase, provider }: View): string => {
  if (phase === 'checking') return `Asking ${provider.displayName}…`;
  if (phase === 'storing') return 'Saving…';
  return provider.verifiable ? 'Check and save' : 'Save';
};

const Unknown = ({ app, view }: { app: App; view: View }) => (
  <div class="box" role="alert">
    <strong>This could not be checked</strong>
    <p>
      {view.provider.displayName} did not say whether it works. You can save it anyway, or correct it and check again.
    </p>
    <button type="button" class="plain" onClick={() => void storeAnyway(app, view)}>
      Save anyway
    </button>
  </div>
);

/** The view. */
export const FormPage = ({ app, view, name }: { app: App; view: View; name: string }) => {
  const { provider, account, type, phase, problem } = view;
  const preset = app.get().link?.preset?.variables;
  const errors = problem ? fieldErrors(problem) : {};
  const isBusy = phase === 'checking' || phase === 'storing';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!isBusy) void submitForm(app, view, readForm(event.currentTarget as HTMLFormElement));
  };
  /** What was said about the former entry is no longer true of the new one. */
  const changed = (): void => {
    if (phase === 'unknown' || problem) openForm(app, view);
  };
  return (
    <>
      {canGoBack(app, view) && <BackButton label="Back" onBack={() => goBack(app, view)} />}
      <Tile provider={provider.provider} name={provider.displayName} isLarge />
      <Heading>
        {account ? 'Replace' : 'Connect'} {provider.displayName}
      </Heading>
      <p class="soft">
        {name} will use what you enter here. It is stored encrypted
        {provider.verifiable && `, after ${provider.displayName} has confirmed that it works`}.
      </p>
      <form onSubmit={submit} onInput={changed}>
        {provider.variables.map((variable) => (
          <VariableInput
            key={variable.name}
            variable={variable}
            preset={preset?.[variable.name]}
            error={errors[`variables.${variable.name}`]}
          />
        ))}
        {[...(provider.fields[type] ?? []), TITLE].map((field) => (
          <FieldInput key={field.name} field={field} error={errors[field.name]} />
        ))}
        <ProblemBox problem={problem} />
        {phase === 'unknown' && <Unknown app={app} view={view} />}
        <div class="ways">
          <button type="submit" class="primary" aria-disabled={isBusy}>
            {isBusy && <Spinner />}
            {submitLabel(view)}
          </button>
        </div>
      </form>
    </>
  );
};
