// The inputs of a form: a field of a key or password, and a variable of the provider's addresses.
import { useId, useState } from 'preact/hooks';
import type { Field, Variable } from '../logic/contract.ts';
import { variableInput } from '../logic/key-form.ts';

interface InputProps {
  field: Field;
  /** What the service says is wrong with it. */
  error: string | undefined;
}

const ErrorText = ({ id, error }: { id: string; error: string | undefined }) =>
  error === undefined ? null : (
    <p class="field-error" id={id}>
      {error}
    </p>
  );

/** Nothing may suggest, keep or correct a secret. */
const SILENT = { autocomplete: 'off', autocapitalize: 'off', autocorrect: 'off', spellcheck: false } as const;

/** A field; a secret one is hidden until the person shows it. */
export const FieldInput = ({ field, error }: InputProps) => {
  const id = useId();
  const [isVisible, setVisible] = useState(false);
  const described = {
    id,
    name: field.name,
    required: field.required,
    'aria-invalid': error !== undefined,
    'aria-describedby': error === undefined ? undefined : `${id}-error`,
    ...SILENT,
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.required ? '' : ' (optional)'}
      </label>
      <div class="input-row">
        <input {...described} type={(field.secret && !isVisible ? 'password' : 'text') as 'text'} />
        {field.secret && (
          <button
            type="button"
            class="quiet"
            aria-pressed={isVisible}
            aria-label={`Show ${field.label}`}
            onClick={() => setVisible(!isVisible)}
          >
            {isVisible ? 'Hide' : 'Show'}
          </button>
        )}
      </div>
      <ErrorText id={`${id}-error`} error={error} />
    </div>
  );
};

interface VariableProps {
  variable: Variable;
  /** What the back end chose. */
  preset: string | undefined;
  error: string | undefined;
}

/** A variable: a choice where the provider has a fixed list. */
export const VariableInput = ({ variable, preset, error }: VariableProps) => {
  const id = useId();
  const { name, label, required, oneOf, example, default: fallback = '' } = variable;
  const described = {
    id,
    name: variableInput(name),
    required,
    'aria-invalid': error !== undefined,
    'aria-describedby': error === undefined ? undefined : `${id}-error`,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required ? '' : ' (optional)'}
      </label>
      {oneOf ? (
        <select {...described} defaultValue={preset ?? fallback}>
          {oneOf.map((value) => (
            <option key={value} value={value}>
              {value}
            </option>
          ))}
        </select>
      ) : (
        <input {...described} {...SILENT} defaultValue={preset ?? fallback} placeholder={example} />
      )}
      <ErrorText id={`${id}-error`} error={error} />
    </div>
  );
};
