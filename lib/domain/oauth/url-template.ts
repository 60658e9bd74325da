// Text with `{name}` placeholders, of which a provider's URLs and hosts are made, and the values that may fill them. A value must
// match the pattern of its variable as a whole, so that it selects a tenant and cannot change the host.
import { isBoundedPattern } from '../values/bounded-pattern.ts';

/** A template variable. */
export interface TemplateVariable {
  /** Of a whole value. */
  pattern: string;
  default?: string | undefined;
  /** The longest value. Default: 253. */
  maxLength?: number | undefined;
  /** Every value that is meant, where there are few; the pattern decides. */
  oneOf?: readonly string[] | undefined;
  /** A value to show beside an input. */
  example?: string | undefined;
}

/** Template variables by name. */
export type TemplateVariables = Readonly<Record<string, TemplateVariable>>;

/** Matches each placeholder; its group is the name. */
export const PLACEHOLDER = /\{(\w+)\}/g;

/** The longest host name (RFC 1035 §2.3.4). */
const MAX_LENGTH = 253;

/** Whether the value matches the pattern from its start to its end. */
export const matchesPattern = (pattern: string, value: string, maxLength = MAX_LENGTH): boolean =>
  value.length <= maxLength && new RegExp(`^(?:${pattern})$`).test(value);

/** Whether the text is a pattern, and takes bounded time for every value: the values are a stranger's. */
export const isPattern = (text: string): boolean => {
  try {
    // On its own, too: `a)|(b` is a pattern only between the brackets, and would not match the whole value.
    return [text, `^(?:${text})$`].every((source) => new RegExp(source).source !== '') && isBoundedPattern(text);
  } catch {
    return false;
  }
};

/** A placeholder that the text begins with stands for an origin, so a path or nothing follows. */
const LEADING = /^\{(\w+)\}(?=\/|$)/;

/** The name of the placeholder that the text begins with; null without one. */
export const leadingName = (text: string): string | null => LEADING.exec(text)?.[1] ?? null;

/**
 * Fills every placeholder with a sample, to check the text around them: an origin where the text begins with it, else one letter,
 * which stands for a label or a path segment.
 */
export const fillSample = (text: string): string =>
  text.replace(LEADING, 'https://sample.example.com').replace(PLACEHOLDER, 'x');

const findValue = (known: TemplateVariables, values: Readonly<Record<string, string>>, name: string): string | null => {
  const variable = Object.hasOwn(known, name) ? known[name] : undefined;
  const value = Object.hasOwn(values, name) ? values[name] : variable?.default;
  if (variable === undefined || value === undefined) return null;
  return matchesPattern(variable.pattern, value, variable.maxLength) ? value : null;
};

/** The text with its placeholders filled; null when a value is missing or does not match its pattern. */
export const fillText = (
  known: TemplateVariables,
  values: Readonly<Record<string, string>>,
  text: string,
): string | null => {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  const filled = new Map(names.map((name) => [name, findValue(known, values, name)]));
  if ([...filled.values()].includes(null)) return null;
  return text.replace(PLACEHOLDER, (_, name: string) => filled.get(name) ?? '');
};
