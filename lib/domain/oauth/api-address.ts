// Where a provider's keys and tokens may be sent: the hosts of its API and the origin of its base URL. Placeholders are filled
// from the credential's own variables; one that cannot be filled allows nothing. An ambiguous URL is never allowed.
import { matchesHost, parseHostPattern } from '../values/host-pattern.ts';
import { isLoopbackHost } from '../values/outbound-url.ts';
import { type Keep, keptVariables } from './kept/kept-values.ts';
import { fillSample, fillText, type TemplateVariables } from './url-template.ts';

/** The address of a provider's API. Each of the two, where it is known, restricts where secrets are sent. */
export interface ApiAddress {
  /** Calls append their path to it; null: not known, or a variable is missing. */
  baseUrl: string | null;
  /** Host patterns as of a host_scoped credential. */
  hosts: readonly string[];
}

/** What a record says of its API; both may have placeholders. */
export interface ApiTemplate {
  apiBaseUrl: string | null;
  apiHosts: readonly string[];
  templateVariables: TemplateVariables;
  /** Kept values fill placeholders too. */
  keeps: readonly Keep[];
}

/** Letters, digits, dots, hyphens and a port: what every URL parser reads alike. Other names are written in punycode. */
const PLAIN_AUTHORITY = /^https?:\/\/[a-z\d._:[\]-]+(?:[/?#]|$)/i;

/** A placeholder that stands for a whole domain. */
const WHOLE_DOMAIN = /^\*\.\{\w+\}$/;

/** Whether the text is a host pattern, perhaps with placeholders. */
export const isApiHost = (text: string): boolean =>
  parseHostPattern(fillSample(text.replace(WHOLE_DOMAIN, '*.sample.example.com'))) !== null;

/** Whether the text is a URL that a path can be appended to, perhaps with placeholders. */
export const isApiBaseUrl = (text: string): boolean => {
  const sample = fillSample(text);
  return PLAIN_AUTHORITY.test(sample) && !/[?#\\\s]/.test(sample) && URL.canParse(sample);
};

/** The address for a credential with these variables and kept values; null when the record names neither a base URL nor a host. */
export const fillApiAddress = (
  { apiBaseUrl, apiHosts, templateVariables, keeps }: ApiTemplate,
  values: Readonly<Record<string, string>>,
): ApiAddress | null => {
  if (apiBaseUrl === null && apiHosts.length === 0) return null;
  const known = { ...keptVariables(keeps), ...templateVariables };
  const fill = (text: string) => fillText(known, values, text);
  const baseUrl = apiBaseUrl === null ? null : fill(apiBaseUrl);
  return {
    baseUrl: baseUrl !== null && isApiBaseUrl(baseUrl) ? baseUrl : null,
    hosts: apiHosts.flatMap((host) => fill(host) ?? []),
  };
};

/** Plain http shows a secret to every node on the way, so it needs loopback or a port that the pattern names. */
const allowsScheme = (pattern: string, { protocol, hostname }: URL): boolean => {
  const port = parseHostPattern(pattern)?.port ?? null;
  return protocol === 'https:' || isLoopbackHost(hostname) || (port !== null && port !== 443);
};

const isAtBase = (baseUrl: string, url: string): boolean => {
  const { host, protocol } = new URL(baseUrl);
  return matchesHost(host, url) && new URL(url).protocol === protocol;
};

/** Whether the provider's secrets may be sent to the URL: it is at one of the hosts, or at the origin of the base URL. */
export const isApiUrl = ({ baseUrl, hosts }: ApiAddress, url: string): boolean => {
  if (!PLAIN_AUTHORITY.test(url) || !URL.canParse(url)) return false;
  const parsed = new URL(url);
  const atHost = hosts.some((pattern) => matchesHost(pattern, url) && allowsScheme(pattern, parsed));
  return atHost || (baseUrl !== null && isAtBase(baseUrl, url));
};
