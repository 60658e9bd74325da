// The names that Nango and Keyhold give the same things: providers, and the settings of a connection that calls need.

type Names = Readonly<Record<string, string>>;

/** What a credential keeps of the settings of a connection. */
export interface NangoSettings {
  /** Values in the URLs of the provider, such as a tenant. */
  variables: Names | undefined;
  /** Values that came with the grant, such as the URL of an instance. */
  data: Names | undefined;
}

/** By the beginning of Nango's template: the longest one counts. */
const PROVIDERS: Names = {
  gmail: 'google',
  google: 'google',
  youtube: 'google',
  microsoft: 'microsoft',
  outlook: 'microsoft',
  'one-drive': 'microsoft',
  onedrive: 'microsoft',
  sharepoint: 'microsoft',
  excel: 'microsoft',
  jira: 'atlassian',
  confluence: 'atlassian',
  'twitter-v2': 'twitter',
  'zoho-': 'zoho',
};

/** Keyhold's provider for a template of Nango; its own name where there is no other. */
export const findNangoProvider = (template: string): string => {
  const found = Object.keys(PROVIDERS)
    .filter((beginning) => template.startsWith(beginning))
    .toSorted((a, b) => b.length - a.length)[0];
  return found === undefined ? template : (PROVIDERS[found] ?? template);
};

/** By provider: the name here, and the name in `connection_config` there. */
const VARIABLES: Readonly<Record<string, Names>> = {
  auth0: { tenant: 'subdomain' },
  okta: { subdomain: 'subdomain' },
  shopify: { shop: 'subdomain' },
  zendesk: { subdomain: 'subdomain' },
};
const DATA: Readonly<Record<string, Names>> = {
  atlassian: { cloudId: 'cloudId' },
  mailchimp: { dc: 'dc' },
  quickbooks: { realmId: 'realmId' },
  salesforce: { instanceUrl: 'instance_url' },
  xero: { tenantId: 'tenant_id' },
};

const pick = (names: Names | undefined, config: Readonly<Record<string, unknown>>): Names | undefined => {
  const values = Object.entries(names ?? {}).flatMap(([name, there]): [string, string][] => {
    const value = config[there];
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  return values.length > 0 ? Object.fromEntries(values) : undefined;
};

/** The variables and kept values in the settings of a connection. */
export const readNangoSettings = (provider: string, config: Readonly<Record<string, unknown>>): NangoSettings => ({
  variables: pick(VARIABLES[provider], config),
  data: pick(DATA[provider], config),
});
