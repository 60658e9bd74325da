// From what a person typed into a form to the request that checks and stores it, and which field a refusal is about.
import type { Account, NewCredential, Provider } from './contract.ts';
import type { Problem } from './problem.ts';

/** What was typed, by the name of the input: a field's own name, or `variables.` and the name of a variable. */
export type FormValues = Readonly<Record<string, string>>;

/** The name of a variable's input. */
export const variableInput = (name: string): string => `variables.${name}`;

/** The request. Empty fields are left out: an optional one is not sent empty. */
export const makeCredential = (provider: Provider, type: string, values: FormValues): NewCredential => {
  const read = (name: string): string => (values[name] ?? '').trim();
  const fields = (provider.fields[type] ?? []).filter(({ name }) => read(name) !== '');
  const variables = provider.variables.filter(({ name }) => read(variableInput(name)) !== '');
  const title = read('title');
  return {
    type,
    provider: provider.provider,
    ...Object.fromEntries(fields.map(({ name }) => [name, read(name)])),
    ...(title !== '' && { title }),
    ...(variables.length > 0 && {
      variables: Object.fromEntries(variables.map(({ name }) => [name, read(variableInput(name))])),
    }),
  };
};

/** Whether a request that was sent holds what was typed; it has an id besides. */
export const isSameEntry = ({ id: _, ...sent }: NewCredential, typed: NewCredential): boolean =>
  JSON.stringify(sent) === JSON.stringify(typed);

/** What is known of a credential that is stored, when the answer with its account was lost. */
export const describeStored = ({ id = '', provider, type, title, username }: NewCredential): Account => ({
  ...{ id, provider, type, title: asText(title), username: asText(username) },
  ...{ source: 'user', status: 'active', reason: null, scopes: null, resource: null },
});

const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The variables that were typed, for a connection by OAuth. */
export const readVariables = ({ variables }: Provider, values: FormValues): Record<string, string> =>
  Object.fromEntries(
    variables.flatMap(({ name }) => {
      const value = (values[variableInput(name)] ?? '').trim();
      return value === '' ? [] : [[name, value]];
    }),
  );

/** The refusals of a request by the input that they are about. */
export const fieldErrors = ({ errors = [] }: Problem): Record<string, string> =>
  Object.fromEntries(errors.map(({ pointer, detail }) => [pointer.replace(/^#?\//, '').replaceAll('/', '.'), detail]));

/** What to call an account. */
export const accountName = ({ title, username }: Pick<Account, 'title' | 'username'>): string | null =>
  title ?? username;
