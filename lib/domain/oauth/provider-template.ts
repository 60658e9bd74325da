// Fills the tenant's placeholders in a provider's endpoints (`https://{shop}.example.com`). Each value must match its pattern, so
// that it selects a tenant and cannot change the host.
import { invalidRequest } from '../values/service-error.ts';
import type { ProviderProfile } from './provider-profile.ts';
import { matchesPattern, PLACEHOLDER, type TemplateVariables } from './url-template.ts';

/** The OAuth adapter fills these. */
const ADAPTER_PLACEHOLDERS = new Set(['client_id']);

const checkedValue = (known: TemplateVariables, name: string, value: string | undefined): string => {
  const { pattern, default: fallback } = (Object.hasOwn(known, name) ? known[name] : undefined) ?? {};
  if (pattern === undefined) throw invalidRequest(`#/variables/${name}`, 'the provider has no such variable');
  if (value === undefined && fallback !== undefined) return fallback;
  if (value === undefined) throw invalidRequest(`#/variables/${name}`, 'the provider needs this variable');
  if (matchesPattern(pattern, value)) return value;
  throw invalidRequest(`#/variables/${name}`, 'does not match the pattern of this variable');
};

/**
 * The value of every variable, the default where it is omitted. Throws `invalid_request` for a missing or unknown variable and for
 * a value that does not match its pattern.
 */
export const checkVariables = (
  known: TemplateVariables,
  variables: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> => {
  const values = new Map(Object.keys(known).map((name) => [name, checkedValue(known, name, variables[name])]));
  for (const name of Object.keys(variables)) if (!values.has(name)) checkedValue(known, name, variables[name]);
  return values;
};

/**
 * The profile with every endpoint, former origin and the issuer filled; itself where it has no variables. Throws `invalid_request` for a missing or unknown variable and for
 * a value that does not match its pattern.
 */
export const fillTemplate = (
  profile: ProviderProfile,
  variables: Readonly<Record<string, string>>,
): ProviderProfile => {
  const values = checkVariables(profile.templateVariables, variables);
  if (values.size === 0) return profile;
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (placeholder, name: string) =>
      ADAPTER_PLACEHOLDERS.has(name) ? placeholder : (values.get(name) ?? placeholder),
    );
  const filled = Object.fromEntries(
    Object.entries(profile).map(([field, value]) => [
      field,
      typeof value === 'string' && (field.endsWith('Endpoint') || field === 'issuer') ? fill(value) : value,
    ]),
  ) as ProviderProfile;
  return { ...filled, formerTokenOrigins: profile.formerTokenOrigins.map(fill) };
};
