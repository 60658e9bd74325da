// What a person fills in to store a credential of a provider: the fields of each type, and the variables of the provider's URLs.
import * as z from 'zod';
import type { CredentialType } from '../../credential/credential.ts';
import type { TemplateVariables } from '../url-template.ts';

/** One field of a form for a credential; `name` is the field of the request that stores it. */
export const ProviderField = z
  .object({
    name: z.string().meta({ description: 'The name of the field in the request.' }),
    label: z.string().meta({ description: 'What to show beside the field, in English.' }),
    secret: z.boolean().meta({ description: 'Whether to hide what is typed.' }),
    required: z.boolean().meta({ description: 'Whether a credential without it is refused.' }),
  })
  .meta({ id: 'ProviderField', description: 'A field to fill in for a credential.' });
/** A field to fill in. */
export type ProviderField = z.infer<typeof ProviderField>;

/** One variable of a provider's URLs. */
export const ProviderVariable = z
  .object({
    name: z.string().meta({ description: 'The name in `variables`.' }),
    label: z.string().meta({ description: 'What to show beside the field, in English.' }),
    required: z.boolean().meta({ description: 'Whether it has no default.' }),
    oneOf: z
      .array(z.string())
      .optional()
      .meta({ description: 'The values to choose from; absent: any text that fits.' }),
    example: z.string().optional().meta({ description: 'A value to show as an example; absent: none.' }),
    default: z.string().optional().meta({ description: 'The value where it is omitted; absent: none.' }),
  })
  .meta({ id: 'ProviderVariable', description: 'A variable of the URLs of a provider, such as a tenant.' });
/** A variable of a provider's URLs. */
export type ProviderVariable = z.infer<typeof ProviderVariable>;

const field = (name: string, label: string, secret: boolean): ProviderField => ({
  name,
  label,
  secret,
  required: true,
});

/** Types that a person does not type in have no fields. */
const FIELDS: Readonly<Partial<Record<CredentialType, readonly ProviderField[]>>> = {
  api_key: [field('apiKey', 'API key', true)],
  user_password: [field('username', 'User name', false), field('password', 'Password', true)],
};

/** The fields of a credential of this type, by the type; empty where a person types nothing in. */
export const fieldsByType = (type: CredentialType): Record<string, ProviderField[]> => {
  const fields = FIELDS[type];
  return fields === undefined ? {} : { [type]: [...fields] };
};

/** `accountId` is shown as "Account id". */
const toLabel = (name: string): string => {
  const words = name.replace(/_/g, ' ').replace(/([a-z\d])([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

/** The variables to show, in the order of the record. */
export const viewVariables = (variables: TemplateVariables = {}): ProviderVariable[] =>
  Object.entries(variables).map(([name, { default: fallback, oneOf, example }]) => ({
    name,
    label: toLabel(name),
    required: fallback === undefined,
    ...(oneOf !== undefined && { oneOf: [...oneOf] }),
    ...(example !== undefined && { example }),
    ...(fallback !== undefined && { default: fallback }),
  }));
